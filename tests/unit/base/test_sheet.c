#include "hub/base/memory.h"
#include "hub/base/sheet.h"
#include "tests/unit/base/run.h"

#include <string.h>

/* Every row as [cell|cell], a torn one as {cell|cell}. */
static void rows_print(Buffer *out, const char *bytes, size_t size, char separator, size_t cells)
{
        CLEANUP(sheet_free) Sheet sheet;
        CLEANUP(sheet_row_free) SheetRow row = { 0 };
        Error err = { 0 };

        ck_assert(sheet_open(&sheet, NULL, bytes, size, &err) && sheet_restart(&sheet, separator, &err));
        while (sheet_next(&sheet, &row, cells, &err)) {
                for (size_t i = 0; i < row.size; i++)
                        buffer_format(out, "%s%s", i ? "|" : row.torn ? "{" : "[", sheet_cell(&row, i));
                buffer_text(out, row.torn ? "}" : "]");
        }
        ck_assert_msg(err.kind == ERR_NONE, "%s", err.text);
}

static void rows_assert(const char *bytes, size_t size, char separator, size_t cells, const char *want)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        CLEANUP(mem_drop) char *exact = mem_copy(bytes, size);

        rows_print(&out, exact, size, separator, cells);
        ck_assert_str_eq(out.size ? out.bytes : "", want);
}

#define ROWS_OF(text, separator, cells, want) rows_assert((text), sizeof(text) - 1, (separator), (cells), (want))
#define ROWS(text, want)                      ROWS_OF(text, ',', 0, want)

START_TEST(lines_end_in_three_ways)
{
        ROWS("a,b\r\nc,d\r\n", "[a|b][c|d]");
        ROWS("a,b\nc,d", "[a|b][c|d]");
        ROWS("a,b\rc,d\r", "[a|b][c|d]");
        ROWS("a,\"b\rc\"\r\"d\",e", "[a|b\rc][d|e]");
        ROWS("a,\"b\nc\"\rd,e\r", "[a|b\nc][d|e]");
        ROWS("a,b\r\r\nc,d\r\r\n", "[a|b][c|d]");
        ROWS("a\rb,c\n", "[a][b|c]");
        ROWS("a,b\nc\rd,e\n", "[a|b][c\rd|e]");
        ROWS("\"a\"\r\"b\"\r", "[a][b]");
        ROWS("", "");
        ROWS("\n", "[]");
}
END_TEST

START_TEST(quotes_as_the_standard_has_them)
{
        ROWS("\"a,\"\"b\"\"\" ,\"\"\n", "[a,\"b\"|]");
        ROWS("a \"b\",c\n", "[a \"b\"|c]");
        ROWS("\"a\r\nb\",c\r\n", "[a\nb|c]");
        ROWS("　a　,\xc2\xa0 b\xe2\x80\x83,", "[a|b|]");
        ROWS("a\0b,c\n", "[ab|c]");
}
END_TEST

START_TEST(a_first_line_may_name_the_separator)
{
        ROWS_OF("sep=;\r\na;b,c\r\n", ',', 0, "[a|b,c]");
        ROWS_OF("\xef\xbb\xbfsep=\t\na\tb\n", ',', 0, "[a|b]");
        ROWS_OF("\"sep=;\"\ra;b\r", ',', 0, "[a|b]");
        ROWS_OF("sep=;x\na;b\n", ',', 0, "[sep=;x][a;b]");
        ROWS_OF("sep=\n", ',', 0, "[sep=]");
        ROWS_OF("a;b\tc", '\t', 0, "[a;b|c]");
}
END_TEST

START_TEST(a_lost_quote_costs_its_row)
{
        ROWS_OF("1,A1,x\n2,A2,\"y\n3,A3,z\n", ',', 3, "[1|A1|x]{2|A2|\"y}[3|A3|z]");
        ROWS_OF("2,A2,\"y\n1,A1,\"x\ny\"\n", ',', 3, "{2|A2|\"y}[1|A1|x\ny]");
        ROWS_OF("0,A0,x\n2,A2,\"y\nz\n1,A1,\"x\ny\"\n", ',', 3, "[0|A0|x]{2|A2|\"y|z}[1|A1|x\ny]");
        ROWS_OF("1,A1,\"x\"y\n2,A2,z\n", ',', 3, "{1|A1|\"x\"y}[2|A2|z]");
}
END_TEST

/* 序号,湖: UTF-16 of either order, more of it than is decoded at once. */
START_TEST(wide_characters_are_decoded_as_rows_need_them)
{
        static const char *const marks[] = { "\xff\xfe", "\xfe\xff" };
        static const char points[] = { 0x5e,       (char)0x8f, 0x53,       (char)0xf7, 0, ',',
                                       (char)0xd8, 0x40,       (char)0xdc, 0x0b,       0, '\n' };

        for (int big = 0; big < 2; big++) {
                CLEANUP(buffer_free) Buffer text = { 0 };
                CLEANUP(sheet_free) Sheet sheet;
                CLEANUP(sheet_row_free) SheetRow row = { 0 };
                Error err = { 0 };
                size_t count = 0;

                buffer_add(&text, marks[big], 2);
                for (size_t i = 0; i < 50000; i++)
                        for (size_t k = 0; k < sizeof(points); k += 2) {
                                buffer_byte(&text, points[k + !big]);
                                buffer_byte(&text, points[k + big]);
                        }
                ck_assert(sheet_open(&sheet, NULL, text.bytes, text.size, &err));
                for (; sheet_next(&sheet, &row, 2, &err); count++) {
                        ck_assert_str_eq(sheet_cell(&row, 0), "序号");
                        ck_assert_str_eq(sheet_cell(&row, 1), "\xf0\xa0\x80\x8b");
                        ck_assert_uint_eq(sheet.repaired, 0);
                }
                ck_assert_uint_eq(count, 50000);
                ck_assert_uint_lt(sheet.wide.room, 1024 * 1024);
        }
}
END_TEST

START_TEST(a_row_without_end_is_torn_in_pieces)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        CLEANUP(sheet_free) Sheet sheet;
        CLEANUP(sheet_row_free) SheetRow row = { 0 };
        Error err = { 0 };
        size_t torn = 0, size = 0;

        for (size_t i = 0; i < 5 * 1024 * 1024; i++)
                buffer_byte(&text, 'x');
        ck_assert(sheet_open(&sheet, NULL, text.bytes, text.size, &err));
        for (; sheet_next(&sheet, &row, 3, &err); torn += row.torn)
                size += row.text.size;
        ck_assert_uint_ge(torn, 4);
        ck_assert_uint_eq(size, text.size);
}
END_TEST

START_TEST(cuts_and_flips_never_crash)
{
        static const char whole[] =
                "sep=;\r\n序号;受理编号;\"a\r\nb\";c\r\n1;X3FJ1;\"d\"\"e\";f\r2;X3;\"g;h\n3;\"\";;\n";
        unsigned chance = 2463534242u;

        for (size_t round = 0; round < 20000; round++) {
                CLEANUP(mem_drop) char *bytes = mem_copy(whole, sizeof(whole) - 1);
                size_t size = round % sizeof(whole);
                CLEANUP(buffer_free) Buffer out = { 0 };

                for (size_t flips = round / 1000 % 4; flips; flips--) {
                        chance ^= chance << 13, chance ^= chance >> 17, chance ^= chance << 5;
                        bytes[chance % (sizeof(whole) - 1)] = "\"\r\n,;\xff\xfe\0"[chance >> 8 & 7];
                }
                {
                        CLEANUP(mem_drop) char *exact = mem_copy(bytes, size);

                        rows_print(&out, exact, size, ';', 4);
                }
        }
}
END_TEST

RUN("sheet", lines_end_in_three_ways, quotes_as_the_standard_has_them, a_first_line_may_name_the_separator,
    a_lost_quote_costs_its_row, wide_characters_are_decoded_as_rows_need_them, a_row_without_end_is_torn_in_pieces,
    cuts_and_flips_never_crash)
