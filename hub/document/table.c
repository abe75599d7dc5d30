#include "hub/document/table.h"

#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/document/table_header.h"

#include <stdlib.h>
#include <string.h>

enum { TITLES_MOST = 20 };

struct Table {
        TableNaming naming;
        Sheet sheet;
        SheetRow row;
        bool held; /* the row is read, and not yet shown */
        TableHeader header;
        size_t number;        /* of the header at hand, from 1 */
        json_t *item, *above; /* above: the last cell of each column that was not blank */
        bool notes;           /* have begun */
        Buffer title;
};

/* ---- header ---- */

/* The row at hand begins a header, whose further lines are read, too. The row behind it is held. */
static bool header_take(Table *table, TableHeader *header, Error *err)
{
        table_header_free(&table->header);
        table->header = *header;
        *header = (TableHeader){ 0 };
        table->number++;
        table->notes = false;
        json_object_clear(table->above);
        while ((table->held = sheet_next(&table->sheet, &table->row, table->header.size, err))) {
                TableHeader more = { 0 };

                if (!table_header_go_on(&table->naming, &table->header, &table->row, table->header.known, &more))
                        break;
                table_header_free(&table->header);
                table->header = more;
        }
        return err->kind == ERR_NONE;
}

static void title_add(Table *table)
{
        const char *cell = "";

        for (size_t i = 0; i < table->row.size && !cell[0]; i++)
                cell = sheet_cell(&table->row, i);
        buffer_text(&table->title, cell);
        buffer_byte(&table->title, '\n');
}

static bool header_find(Table *table, Error *err)
{
        CLEANUP(table_header_free) TableHeader above = { 0 };

        buffer_clear(&table->title);
        for (int i = 0; i < TITLES_MOST && sheet_next(&table->sheet, &table->row, 0, err); i++) {
                CLEANUP(table_header_free) TableHeader header = { 0 };

                CLEANUP(table_header_free) TableHeader joined = { 0 };
                bool is_header = table_header_read(&table->naming, &table->row, &header);

                if (table_header_go_on(&table->naming, &above, &table->row, header.known, &joined))
                        return header_take(table, &joined, err);
                if (is_header)
                        return header_take(table, &header, err);
                title_add(table);
                table_header_free(&above);
                table_header_of(&table->row, &above);
        }
        return false;
}

/* ---- rows ---- */

static void item_make(Table *table)
{
        const TableHeader *header = &table->header;

        json_decref(table->item);
        table->item = json_object();
        for (size_t i = 0; i < header->size; i++) {
                const char *cell = header->names[i] ? sheet_cell(&table->row, i) : "";

                if (cell[0])
                        json_object_set_new_nocheck(table->item, header->names[i], json_string_nocheck(cell));
        }
}

/* What stands below the key and has six digits is the number of a row: the common case, told without looking at every cell. */
static bool is_numbered(const Table *table)
{
        enum { DIGITS_LEAST = 6 };
        size_t at = 0, digits = 0;

        while (at < table->header.size && !text_same(table->header.names[at], table->naming.form->key))
                at++;
        for (const char *cell = sheet_cell(&table->row, at); *cell && digits < DIGITS_LEAST; cell++)
                digits += *cell >= '0' && *cell <= '9';
        return digits == DIGITS_LEAST;
}

bool table_next(Table *table, Error *err)
{
        for (;;) {
                CLEANUP(table_header_free) TableHeader header = { 0 };

                if (!table->held && !sheet_next(&table->sheet, &table->row, table->header.size, err))
                        return false;
                table->held = false;
                if (is_numbered(table) || !table_header_read(&table->naming, &table->row, &header))
                        break;
                if (!header_take(table, &header, err))
                        return false;
        }
        item_make(table);
        return true;
}

static bool nothing_found(const Record *record, Error *err)
{
        const unsigned char *bytes = (const unsigned char *)record->bytes;
        bool is_wide = record->size > 1 && (bytes[0] & bytes[1]) >= 0xfe;

        if (!is_wide && !text_is_utf8(record->bytes, record->size))
                return error_set(err, ERR_INPUT, "bad_charset", "no header line, in UTF-8 as little as in GB18030");
        return error_set(err, ERR_INPUT, "not_csv",
                         record->size ? "no header line that names its columns" : "an empty file");
}

Table *table_open(const TableForm *form, const TextTable *own, const Record *record, Error *err)
{
        CLEANUP(table_drop) Table *table = mem_new(sizeof(Table));
        Table *opened = table;

        *err = (Error){ 0 };
        table->naming = (TableNaming){ form, own };
        table->above = json_object();
        if (!sheet_open(&table->sheet, record->content_type, record->bytes, record->size, err))
                return NULL;
        for (const char *separator = ",\t;"; *separator; separator++) {
                if (!sheet_restart(&table->sheet, *separator, err))
                        return NULL;
                if (header_find(table, err)) {
                        table = NULL;
                        return opened;
                }
                if (err->kind)
                        return NULL;
        }
        (void)nothing_found(record, err);
        return NULL;
}

void table_drop(Table **table)
{
        if (!*table)
                return;
        sheet_free(&(*table)->sheet);
        sheet_row_free(&(*table)->row);
        table_header_free(&(*table)->header);
        buffer_free(&(*table)->title);
        json_decref((*table)->item);
        json_decref((*table)->above);
        free(*table);
        *table = NULL;
}

const json_t *table_row(const Table *table)
{
        return table->item;
}

void table_fill(Table *table, const TextList *columns)
{
        const TableForm *form = table->naming.form;

        if (!json_text(table->item, form->key) && (!form->count || !json_text(table->item, form->count)))
                json_object_update_missing(table->item, table->above);
        for (size_t i = 0; i < columns->size; i++)
                if (!json_object_get(table->item, columns->items[i]))
                        json_object_set(table->item, columns->items[i],
                                        json_object_get(table->above, columns->items[i]));
        json_object_update(table->above, table->item);
}

static bool is_count(const char *text)
{
        CLEANUP(buffer_free) Buffer plain = { 0 };

        text_normalise(&plain, text, strlen(text));
        return plain.size && strspn(plain.bytes, "0123456789") == plain.size;
}

bool table_is_note(Table *table)
{
        const TableForm *form = table->naming.form;
        const bool counted = form->count && table_has(table, form->count);
        const char *count = form->count ? json_text(table->item, form->count) : NULL,
                   *key = json_text(table->item, form->key);

        if (json_object_size(table->item) == 0)
                return true;
        table->notes |= (count && !is_count(count)) || (!counted && key && !strpbrk(key, "0123456789"));
        return table->notes;
}

unsigned table_quality(const Table *table)
{
        return table->sheet.repaired ? QUALITY_ENCODING_REPAIRED : 0;
}

bool table_has(const Table *table, const char *column)
{
        return table_header_has(&table->header, column);
}

size_t table_number(const Table *table)
{
        return table->number;
}

const char *table_title(const Table *table)
{
        return table->title.size ? table->title.bytes : "";
}

bool table_check(const Table *table, Error *err)
{
        const SheetRow *row = &table->row;
        size_t columns = table->header.size, least = columns, last = row->size;

        if (row->torn)
                return error_set(err, ERR_INPUT, "not_csv", "a quote that is never closed, or not allowed");
        while (least && !table->header.cells[least - 1][0])
                least--;
        while (last > columns && !sheet_cell(row, last - 1)[0])
                last--;
        return (last >= least && last <= columns) ||
               error_set(err, ERR_INPUT, "not_csv", "%zu cells where the header line has %zu", row->size, columns);
}

static void row_reject(const Table *table, Output *output, const Error *why)
{
        CLEANUP(buffer_free) Buffer item = { 0 };

        buffer_add(&item, table->header.text.bytes, table->header.text.size);
        buffer_byte(&item, '\n');
        buffer_add(&item, table->row.text.bytes, table->row.text.size);
        if (!table->row.last)
                buffer_byte(&item, '\n');
        reject(output, item.bytes, item.size, why);
}

bool table_translate(Table *table, TableRow row, const void *of, Output *output, Error *err)
{
        while (table_next(table, err)) {
                Error why = { 0 };

                item_begin(output);
                if (row(of, table_row(table), output, &why))
                        continue;
                if (why.kind != ERR_INPUT) {
                        *err = why;
                        return false;
                }
                row_reject(table, output, &why);
        }
        return err->kind == ERR_NONE;
}
