#include "hub/bulletin/bulletin_private.h"

#include "hub/base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { MONTH_SIZE = 7, TYPE_INT8 = 20, TYPE_INT4 = 23, TYPE_NUMERIC = 1700, TYPE_FLOAT8 = 701 };

static bool month_fits(const char *month)
{
        static const char form[] = "0000-00";

        for (size_t i = 0; form[i]; i++)
                if (form[i] == '0' ? month[i] < '0' || month[i] > '9' : month[i] != form[i])
                        return false;
        return month[MONTH_SIZE] == '\0' && strcmp(month + 5, "01") >= 0 && strcmp(month + 5, "12") <= 0;
}

static bool head_read(Bulletin *bulletin, Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!db_query(
                    db, &rows,
                    "SELECT to_char(coalesce(mart.as_of(), now()) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') "
                    "|| CASE WHEN mart.is_frozen() THEN '（已发布）' ELSE '' END, to_char((SELECT at FROM "
                    "mart.refreshed) AT "
                    "TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')",
                    NULL, 0, err))
                return false;
        bulletin->as_of = text_copy(db_text(rows, 0, 0));
        bulletin->made = text_copy(db_text(rows, 0, 1) ? db_text(rows, 0, 1) : "-");
        bulletin->title = text_format("%.4s 年 %s 月督查通报", bulletin->month,
                                      bulletin->month + (bulletin->month[5] == '0' ? 6 : 5));
        return true;
}

static bool sections_read(Bulletin *bulletin, Db *db, Error *err)
{
        CLEANUP(mem_drop) char *day = text_format("%s-01", bulletin->month);
        const char *const values[] = { day };

        for (const Section *section = bulletin_sections; section->id; section++) {
                const bool asks = strstr(section->sql, "$1") != NULL;

                if (!db_query(db, &bulletin->rows[bulletin->size], section->sql, values, asks, err))
                        return error_add(err, "%s", section->id);
                bulletin->sections[bulletin->size++] = section;
        }
        return true;
}

/* One snapshot: figures that stand beside each other speak of one moment. */
bool bulletin_read(Bulletin *bulletin, Db *db, const char *month, const char *as_of, Error *err)
{
        const char *const moment[] = { as_of ? as_of : "" };

        if (!month_fits(month))
                return error_set(err, ERR_INPUT, NULL, "\"%s\" is no month, such as 2024-01", month);
        bulletin->month = text_copy(month);
        return db_begin(db, "REPEATABLE READ READ ONLY", err) &&
               db_query(db, NULL, "SELECT set_config('hub.as_of', $1, true)", moment, 1, err) &&
               head_read(bulletin, db, err) && sections_read(bulletin, db, err) && db_commit(db, err);
}

void bulletin_free(Bulletin *bulletin)
{
        for (size_t i = 0; i < bulletin->size; i++)
                db_result_free(bulletin->rows[i]);
        free(bulletin->month);
        free(bulletin->title);
        free(bulletin->as_of);
        free(bulletin->made);
        *bulletin = (Bulletin){ 0 };
}

bool bulletin_is_number(const DbResult *rows, size_t column)
{
        const unsigned type = db_type(rows, column);

        return type == TYPE_INT8 || type == TYPE_INT4 || type == TYPE_NUMERIC || type == TYPE_FLOAT8;
}

static void cell_write(Buffer *out, const char *text)
{
        if (!text)
                return;
        /* What begins so is a formula to a spreadsheet, whoever wrote the title. */
        const bool formula = text[0] && strchr("=+-@\t\r", text[0]) && text[strspn(text, "-0123456789.")];

        buffer_byte(out, '"');
        if (formula)
                buffer_byte(out, '\'');
        for (; *text; text++) {
                if (*text == '"')
                        buffer_byte(out, '"');
                buffer_byte(out, *text);
        }
        buffer_byte(out, '"');
}

static void table_csv(const Section *section, const DbResult *rows, Buffer *out)
{
        buffer_format(out, "\r\n%s\r\n", section->title);
        for (size_t c = 0; c < db_columns(rows); c++) {
                buffer_text(out, c ? "," : "");
                cell_write(out, db_name(rows, c));
        }
        buffer_text(out, "\r\n");
        for (size_t r = 0; r < db_rows(rows); r++) {
                for (size_t c = 0; c < db_columns(rows); c++) {
                        buffer_text(out, c ? "," : "");
                        cell_write(out, db_text(rows, r, c));
                }
                buffer_text(out, "\r\n");
        }
}

void bulletin_csv(const Bulletin *bulletin, Buffer *out)
{
        buffer_format(out, "\xef\xbb\xbf%s\r\n时点,%s\r\n", bulletin->title, bulletin->as_of);
        for (size_t i = 0; i < bulletin->size; i++)
                if (!(bulletin->sections[i]->show & SHOW_MAP))
                        table_csv(bulletin->sections[i], bulletin->rows[i], out);
}
