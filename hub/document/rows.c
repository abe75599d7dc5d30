#include "hub/document/rows.h"

#include "hub/base/json.h"

#include <string.h>

static size_t by_channel(const RowTable *tables, const char *channel)
{
        const char *last = NULL;
        size_t found = 0;

        for (size_t i = 0; channel && tables[i].name; i++) {
                const char *at = strcasestr(channel, tables[i].name);

                if (at && (!last || at > last)) {
                        last = at;
                        found = i + 1;
                }
        }
        return found;
}

static size_t by_columns(const RowTable *tables, const json_t *row)
{
        size_t found = 0;

        for (size_t i = 0; tables[i].name; i++)
                if (json_first(row, tables[i].columns))
                        found = i + 1;
        return found;
}

size_t rows_table(const RowTable *tables, const Record *record, const json_t *row)
{
        const size_t named = by_channel(tables, record->channel);

        return named ? named : by_columns(tables, row);
}
