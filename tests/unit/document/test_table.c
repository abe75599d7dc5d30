#include "hub/document/table.h"

#include "hub/base/text.h"

#include "hub/base/json.h"
#include "tests/unit/dialect/output.h"

/* A header that is not understood costs a whole list; a row that is taken for another column's is another letter. */

static const TableColumn columns[] = {
        { "no", "编号|受理号" }, { "kind", "类型" }, { "area", "区域" }, { "text", "内容|问题" }, { 0 }
};
static const TableForm form = { .columns = columns, .key = "no", .least = 3 };
static const TableForm plain = { .key = "id", .least = 1 };

static Table *opened(const TableForm *of, const TextTable *own, const char *text, Error *err)
{
        const Record record = { .bytes = text, .size = strlen(text) };

        return table_open(of, own, &record, err);
}

/* Each row as its JSON, in the order of its columns; a bad one in brackets. */
static void table_assert(const TableForm *of, const char *text, const char *want)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        Error err = { 0 }, bad = { 0 };
        CLEANUP(table_drop) Table *table = opened(of, NULL, text, &err);

        ck_assert_msg(table != NULL, "%s: %s", text, err.text);
        while (table_next(table, &err)) {
                CLEANUP(mem_drop) char *row = json_dumps(table_row(table), JSON_COMPACT);

                buffer_format(&out, table_check(table, &bad) ? "%s" : "(%s)", row);
        }
        ck_assert_msg(out.size && strcmp(out.bytes, want) == 0, "%s: %s", text, out.bytes);
}

static void refused_assert(const char *text, const char *reason)
{
        Error err = { 0 };
        CLEANUP(table_drop) Table *table = opened(&form, NULL, text, &err);

        ck_assert_ptr_null(table);
        ck_assert_int_eq(err.kind, ERR_INPUT);
        ck_assert_str_eq(err.reason, reason);
}

#define ROW "{\"no\":\"1\",\"kind\":\"k\",\"area\":\"a\",\"text\":\"t\"}"

START_TEST(columns_are_named_by_what_their_headers_hold)
{
        table_assert(&form, "受 理 编 号,污染类型,行政区域,问题内容\n1,k,a,t\n", ROW);
        table_assert(&form, "编号\t类型\t区域\t内容\n1\tk\ta\tt\n", ROW);
        table_assert(&form, "编号;类型;区域;内容\r1;k;a;t\r", ROW);
        table_assert(&form, "sep=|\n编号|类型|区域|内容\n1|k|a|t\n", ROW);
        table_assert(&form, "编号,类型,区域,备注,类型\n1,,　a　,b,c\n", "{\"no\":\"1\",\"area\":\"a\",\"备注\":\"b\"}");
        table_assert(&plain, "id,name\n7,x\n", "{\"id\":\"7\",\"name\":\"x\"}");
}
END_TEST

START_TEST(the_instances_own_headers_go_first)
{
        char *keys[] = { (char[]){ "件号" }, (char[]){ "类型" } }, *values[] = { (char[]){ "no" }, (char[]){ "text" } };
        const TextTable own = { .keys = keys, .values = values, .size = 2 };
        Error err = { 0 };
        CLEANUP(table_drop) Table *table = opened(&form, &own, "件号,类型,区域\n1,2,3\n", &err);

        ck_assert_msg(table && table_next(table, &err), "%s", err.text);
        ck_assert_str_eq(json_text(table_row(table), "no"), "1");
        ck_assert_str_eq(json_text(table_row(table), "text"), "2");
}
END_TEST

START_TEST(a_header_may_have_two_lines)
{
        table_assert(&form, "编号,类型,地点,\n,,区域,内容\n1,k,a,t\n", ROW);
        table_assert(&form, "编号,情况,,\n,类型,区域,内容\n1,k,a,t\n", ROW);
        table_assert(&form, "情况,,,\n编号,类型,区域,内容\n1,k,a,t\n", ROW);
        table_assert(&form, "编号,类\n型,区域,内容\n1,k,a,t\n", ROW);
        table_assert(&form, "编\n号,类型,区域,内容\n1,k,a,t\n", ROW);
        table_assert(&form, "编号,类型,区域,内\n容\n1,k,a,t\n", ROW);
        table_assert(&form, "\"编\n号\",类型,区域,内容\n1,k,a,t\n", ROW);
        /* A row that is blank where its number should be is none. */
        table_assert(&form, "编号,类型,区域,内容\n,k,,\n", "{\"kind\":\"k\"}");
}
END_TEST

START_TEST(titles_and_further_tables)
{
        static const char text[] =
                "清单 2023\n\n编号,类型,区域,内容\n1,k,a,t\n第二批,,,\n内容,编号,类型,区域\nu,2,l,b\n";
        Error err = { 0 };
        CLEANUP(table_drop) Table *table = opened(&form, NULL, text, &err);

        ck_assert_msg(table != NULL, "%s", err.text);
        ck_assert_str_eq(table_title(table), "清单 2023\n\n");
        ck_assert(table_next(table, &err) && table_number(table) == 1 && table_has(table, "kind") &&
                  !table_has(table, "x"));
        ck_assert(table_next(table, &err) && table_number(table) == 1);
        ck_assert(table_next(table, &err) && table_number(table) == 2);
        ck_assert_str_eq(json_text(table_row(table), "no"), "2");
        ck_assert(!table_next(table, &err) && err.kind == ERR_NONE);
}
END_TEST

START_TEST(rows_that_moved_are_said)
{
        table_assert(&form, "编号,类型,区域,内容\n1,k,a\n", "({\"no\":\"1\",\"kind\":\"k\",\"area\":\"a\"})");
        table_assert(&form, "编号,类型,区域,内容\n1,k,a,t,u\n", "(" ROW ")");
        table_assert(&form, "编号,类型,区域,内容\n1,k,a,t,,\n", ROW);
        table_assert(&form, "编号,类型,区域,内容,,\n1,k,a,t\n", ROW);
        table_assert(&form, "编号,类型,区域,内容\n1,k,a,\"t\n1,k,a,t\n",
                     "({\"no\":\"1\",\"kind\":\"k\",\"area\":\"a\",\"text\":\"\\\"t\"})" ROW);
}
END_TEST

/* The first of them is bad. */
static bool row_refuse(const void *of, const json_t *row, Output *output, Error *err)
{
        (void)output;
        return !text_same(of, json_text(row, "no")) || error_set(err, ERR_INPUT, "bad_value", "no: it is bad");
}

static bool row_away(const void *of, const json_t *row, Output *output, Error *err)
{
        (void)of;
        (void)row;
        (void)output;
        return error_set(err, ERR_RETRY, NULL, "away");
}

static void rejected_assert(const char *text, const char *number, const char *want, const char *row)
{
        Output output = { 0 };
        Error err = { 0 };
        CLEANUP(table_drop) Table *table = opened(&form, NULL, text, &err);

        ck_assert_msg(table && table_translate(table, row_refuse, number, &output, &err), "%s", err.text);
        ck_assert_str_eq(output.item, want);
        table_assert(&form, output.item, row);
}

START_TEST(a_rejected_row_is_a_table_of_its_own)
{
        static const char text[] = "清单\n编号,情况,,\n,类型,区域,内容\n1,k,a,t\n2,k,a,t";
        Output output = { 0 };
        Error err = { 0 };
        CLEANUP(table_drop) Table *table = opened(&form, NULL, text, &err);

        rejected_assert(text, "1", "编号,情况,,\n,类型,区域,内容\n1,k,a,t\n", ROW);
        rejected_assert(text, "2", "编号,情况,,\n,类型,区域,内容\n2,k,a,t",
                        "{\"no\":\"2\",\"kind\":\"k\",\"area\":\"a\",\"text\":\"t\"}");
        ck_assert(!table_translate(table, row_away, NULL, &output, &err));
        ck_assert_int_eq(err.kind, ERR_RETRY);
}
END_TEST

START_TEST(what_has_no_header_is_no_table)
{
        refused_assert("", "not_csv");
        refused_assert("编号,类型\n1,k\n", "not_csv");
        refused_assert("区域,类型,内容\n1,k,a\n", "not_csv");
        refused_assert("\xa9\xa9,\xff\n", "bad_charset");
}
END_TEST

START_TEST(broken_characters_mark_their_row)
{
        Error err = { 0 };
        CLEANUP(table_drop) Table *table = opened(&form, NULL, "编号,类型,区域,内容\n1,k,a\xe5\x8c,t\n2,k,a,t\n", &err);

        ck_assert(table && table_next(table, &err) && table_quality(table) == QUALITY_ENCODING_REPAIRED);
        ck_assert_str_eq(json_text(table_row(table), "area"), "a\xef\xbf\xbd");
        ck_assert(table_next(table, &err) && table_quality(table) == 0);
}
END_TEST

/* Rows as they are after they were filled, a note as -. */
static void filled_assert(const TableForm *of, const char *text, const char *want)
{
        char area[] = "area", *items[] = { area };
        const TextList columns_filled = { items, 1 };
        CLEANUP(buffer_free) Buffer out = { 0 };
        Error err = { 0 };
        CLEANUP(table_drop) Table *table = opened(of, NULL, text, &err);

        ck_assert_msg(table != NULL, "%s: %s", text, err.text);
        while (table_next(table, &err)) {
                const json_t *row = table_row(table);
                const bool is_row = json_text(row, "no") || !table_is_note(table);

                if (is_row)
                        table_fill(table, &columns_filled);
                for (const char *const *name = (const char *const[]){ "no", "kind", "area", "text", NULL };
                     is_row && *name; name++)
                        buffer_format(&out, "%s,", json_text(row, *name) ? json_text(row, *name) : "");
                buffer_text(&out, is_row ? ";" : "-;");
        }
        ck_assert_msg(out.size && strcmp(out.bytes, want) == 0, "%s: %s", text, out.bytes);
}

START_TEST(merged_cells_repeat_what_stood_above)
{
        static const TableForm counted = { .columns = columns, .key = "no", .count = "序号", .least = 3 };

        filled_assert(&form, "编号,类型,区域,内容\n1,k,a,t\n2,,,u\n,,,v\n", "1,k,a,t,;2,,a,u,;2,k,a,v,;");
        filled_assert(&counted, "序号,编号,类型,区域,内容\n1,7,k,a,t\n2,,,,u\n,,,,v\n合计2件,,,,\n3,,,,w\n",
                      "7,k,a,t,;,,a,u,;7,k,a,v,;-;-;");
        filled_assert(&form, "编号,类型,区域,内容\n1,k,a,t\n编号,类型,区域,内容\n2,k,,u\n", "1,k,a,t,;2,k,,u,;");
}
END_TEST

RUN("table", columns_are_named_by_what_their_headers_hold, the_instances_own_headers_go_first,
    a_header_may_have_two_lines, titles_and_further_tables, rows_that_moved_are_said,
    a_rejected_row_is_a_table_of_its_own, what_has_no_header_is_no_table, broken_characters_mark_their_row,
    merged_cells_repeat_what_stood_above)
