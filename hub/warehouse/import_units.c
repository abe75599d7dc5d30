/* hub import units: what a site calls the units that act, and below whom each stands. */

#include "hub/base/csv.h"
#include "hub/base/json.h"
#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/warehouse/import.h"

#include <string.h>

static const char *const columns[] = { "code", "names", "kind", "superior" };
static const char *const marks[] = { ";", "；", "、" }; /* what parts names */

/* The end of the first name, and where the next begins. */
static size_t name_end(const char *text, size_t *next)
{
        size_t end = strlen(text);

        *next = end;
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
                const char *mark = strstr(text, marks[i]);

                if (mark && (size_t)(mark - text) < end) {
                        end = (size_t)(mark - text);
                        *next = end + strlen(marks[i]);
                }
        }
        return end;
}

static json_t *names_read(const char *text)
{
        json_t *names = json_array();
        size_t next;

        for (; *text; text += next) {
                size_t end = name_end(text, &next);
                const char *start = text;

                while (end && *start == ' ')
                        start++, end--;
                while (end && start[end - 1] == ' ')
                        end--;
                if (end)
                        json_array_append_new(names, json_stringn(start, end));
        }
        return names;
}

static bool row_add(const Csv *csv, size_t row, Map *codes, json_t *units, Error *err)
{
        const char *code = csv_cell(csv, row, "code");
        json_t *names = names_read(csv_cell(csv, row, "names"));

        json_array_append_new(units, json_pack("{s:s, s:o, s:s, s:s}", "code", code, "names", names, "kind",
                                               csv_cell(csv, row, "kind"), "superior", csv_cell(csv, row, "superior")));
        if (!*code || !json_array_size(names))
                return csv_error(csv, row, err, "code and names are needed");
        if (map_get_text(codes, code))
                return csv_error(csv, row, err, "code %s stands in a row before", code);
        map_put_text(codes, code, codes);
        return true;
}

static json_t *table_read(const char *path, Error *err)
{
        CLEANUP(csv_close) Csv csv = { 0 };
        CLEANUP(map_drop) Map *codes = map_new();
        json_t *units = json_array();
        bool fine = csv_load(&csv, path, columns, sizeof columns / sizeof *columns, err);

        for (size_t row = 0; fine && row < csv.rows; row++)
                fine = row_add(&csv, row, codes, units, err);
        if (fine && !csv.rows)
                fine = error_set(err, ERR_INPUT, NULL, "%s: no units", path);
        if (fine)
                return units;
        err->kind = ERR_INPUT; /* the file is what was typed */
        json_decref(units);
        return NULL;
}

bool units_import(Db *db, const char *path, size_t *count, Error *err)
{
        CLEANUP(json_drop) json_t *units = table_read(path, err);
        CLEANUP(mem_drop) char *text = units ? json_dumps(units, JSON_COMPACT) : NULL;
        const char *const values[] = { text };

        *count = json_array_size(units);
        return units &&
               (db_query(db, NULL, "SELECT dw.units_import($1::json)", values, 1, err) || error_add(err, "%s", path));
}
