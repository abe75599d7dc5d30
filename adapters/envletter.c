#include "adapters/envletter.h"
#include "adapters/list.h"
#include "hub/dialect/words.h"

#include "hub/base/charset.h"
#include "hub/base/text.h"

#include <string.h>

/*
 * Platform 3, letters and calls to the central environmental inspectors: a list a day, a table that somebody saved as
 * CSV. A title stands above the header line, notes and counts below the rows; merged cells come out blank. A letter
 * comes again in later lists, with a new status: then it is a new revision, else the same event.
 */

#define AT(member) offsetof(LetterOptions, member)

static const Option table[] = {
        { "columns", OPTION_TABLE, AT(columns),
          .about = "a header's wording to what it is: number, text, area, type ..." },
        { "categories", OPTION_TABLE, AT(categories), .about = "a type of pollution to our code" },
        { "states", OPTION_TABLE, AT(states), .about = "a status word to our state, state:outcome or state:reopened" },
        { "fill", OPTION_LIST, AT(fill), .value = "area,type",
          .about = "columns whose blank cells repeat the cell above; a row without a number of its own repeats all" },
        { "district", OPTION_TEXT, AT(district), .value = "湖里",
          .about = "letters whose area lacks it are marked out_of_district; empty: none" },
        { "space", OPTION_TEXT, AT(space), .about = "id space, where one platform numbers letters in several ways" },
};

enum { TITLE_ROWS_MOST = 20 };

typedef struct {
        const LetterOptions *options;
        Output *output;
        Rows rows;
        Row row;
        Header header;
        Buffer header_text, item;
        Buffer above[COLUMNS]; /* the last cell of each column that was not blank */
        bool filled[COLUMNS];
        bool footer; /* notes or counts have begun */
        int64_t batch;
        size_t letters;
        Arena *arena; /* until the next row */
} Reader;

static bool check(const void *of, Error *err)
{
        const LetterOptions *options = of;

        return codes_check(&options->categories, err) && states_check(&options->states, err) &&
               columns_check(options, err);
}

static void reader_drop(Reader *reader)
{
        row_free(&reader->row);
        buffer_free(&reader->header_text);
        buffer_free(&reader->item);
        for (Column column = 0; column < COLUMNS; column++)
                buffer_free(&reader->above[column]);
        arena_free(reader->arena);
}

static const char *first_cell(const Row *row)
{
        const char *cell = "";

        for (size_t i = 0; i < row->size && !cell[0]; i++)
                cell = row_cell(row, i);
        return cell;
}

static bool is_number(const char *text)
{
        CLEANUP(buffer_free) Buffer plain = { 0 };

        text_normalise(&plain, text, strlen(text));
        return plain.size && strspn(plain.bytes, "0123456789") == plain.size;
}

static const char *cell_of(const Reader *reader, Column column)
{
        size_t place = reader->header.places[column];

        return place ? row_cell(&reader->row, place - 1) : "";
}

static void row_reject(Reader *reader, Error *why)
{
        buffer_clear(&reader->item);
        buffer_add(&reader->item, reader->header_text.bytes, reader->header_text.size);
        buffer_byte(&reader->item, '\n');
        buffer_add(&reader->item, reader->row.text.bytes, reader->row.text.size);
        if (!reader->row.last)
                buffer_byte(&reader->item, '\n');
        (void)error_add(why, "letter %zu", reader->letters);
        reject(reader->output, reader->item.bytes, reader->item.size, why);
}

static void header_take(Reader *reader, const Header *header)
{
        reader->header = *header;
        reader->footer = false;
        buffer_clear(&reader->header_text);
        buffer_add(&reader->header_text, reader->row.text.bytes, reader->row.text.size);
        for (Column column = 0; column < COLUMNS; column++)
                buffer_clear(&reader->above[column]);
}

/* What stands above: the title, which may tell the day of the list. */
static bool header_find(Reader *reader, Error *err)
{
        Header header;

        for (int i = 0; i < TITLE_ROWS_MOST && row_next(&reader->rows, &reader->row, err); i++) {
                int64_t day = day_find(first_cell(&reader->row));

                if (header_read(reader->options, &reader->row, &header)) {
                        header_take(reader, &header);
                        return true;
                }
                if (day != TIME_NONE)
                        reader->batch = day;
        }
        return false;
}

/* A number alone, of the right form, makes a letter; notes, counts and the titles of further tables have none. */
static bool is_letter(Reader *reader)
{
        const char *number = cell_of(reader, COLUMN_NUMBER), *row = cell_of(reader, COLUMN_ROW);
        Number unused;
        Error unread;

        if (!first_cell(&reader->row)[0])
                return false;
        if (number[0] && number_read(number, &unused, &unread) && unused.text[0])
                return true;
        if (!reader->footer && row[0] && !is_number(row))
                reader->footer = true;
        if (!reader->footer && !reader->header.places[COLUMN_ROW] && number[0] && !strpbrk(number, "0123456789"))
                reader->footer = true;
        return !reader->footer;
}

/* A row without number and count of its own lies in a block of merged cells: all that is blank is that of above. */
static void cells_fill(Reader *reader, Letter *letter)
{
        bool merged = !cell_of(reader, COLUMN_NUMBER)[0] && !cell_of(reader, COLUMN_ROW)[0];

        for (Column column = 0; column < COLUMNS; column++) {
                Buffer *above = &reader->above[column];
                const char *cell = cell_of(reader, column);

                if (!cell[0] && (merged || reader->filled[column]) && above->size)
                        cell = above->bytes;
                letter->cells[column] = cell[0] ? cell : NULL;
                if (cell[0] && cell != above->bytes) {
                        buffer_clear(above);
                        buffer_text(above, cell);
                }
        }
}

static bool cells_check(const Reader *reader, Error *err)
{
        const Row *row = &reader->row;

        if (row->torn)
                return error_set(err, ERR_INPUT, "not_csv", "a quote that is never closed, or not allowed");
        for (size_t i = reader->header.size; i < row->size; i++)
                if (row_cell(row, i)[0])
                        return error_set(err, ERR_INPUT, "not_csv", "%zu cells where the header line has %zu",
                                         row->size, reader->header.size);
        if (row->size < reader->header.size)
                return error_set(err, ERR_INPUT, "not_csv", "%zu cells where the header line has %zu", row->size,
                                 reader->header.size);
        return true;
}

static bool letter_translate(Reader *reader, Error *err)
{
        Letter letter = { .batch = reader->batch, .row = reader->letters };
        Event event;

        if (!cells_check(reader, err))
                return false;
        cells_fill(reader, &letter);
        if (!number_read(letter.cells[COLUMN_NUMBER] ? letter.cells[COLUMN_NUMBER] : "", &letter.number, err) ||
            !letter_event(reader->options, &letter, reader->arena, &event, err))
                return false;
        if (reader->rows.repaired)
                event.quality |= QUALITY_ENCODING_REPAIRED;
        return emit(reader->output, &event, err);
}

static bool rows_translate(Reader *reader, Error *err)
{
        Header header;

        while (row_next(&reader->rows, &reader->row, err)) {
                Error why = { 0 };

                arena_reset(reader->arena);
                if (!reader->row.torn && header_read(reader->options, &reader->row, &header)) {
                        header_take(reader, &header);
                        continue;
                }
                if (!is_letter(reader))
                        continue;
                reader->letters++;
                if (letter_translate(reader, &why))
                        continue;
                if (why.kind != ERR_INPUT) {
                        *err = why;
                        return false;
                }
                row_reject(reader, &why);
        }
        return err->kind == ERR_NONE;
}

/* Two bytes a character (a spreadsheet's "Unicode text") have to be decoded as a whole; anything else is read as it lies. */
static bool text_open(const Record *record, Buffer *wide, Rows *rows, Error *err)
{
        const unsigned char *bytes = (const unsigned char *)record->bytes;
        size_t repaired;

        *rows = (Rows){ .at = record->bytes, .end = record->bytes + record->size, .separator = ',' };
        if (record->size >= 2 && ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff))) {
                if (!charset_decode(wide, NULL, record->bytes, record->size, &repaired, err))
                        return false;
                rows->at = wide->bytes ? wide->bytes : "";
                rows->end = rows->at + wide->size;
        }
        return true;
}

static bool table_try(Reader *reader, Rows begin, Error *err)
{
        for (const char *separator = ",\t;"; *separator && err->kind == ERR_NONE; separator++) {
                reader->rows = begin;
                reader->rows.separator = *separator;
                if (header_find(reader, err))
                        return true;
        }
        return false;
}

/* What is no whole UTF-8 is GB18030, or UTF-8 that was cut within a character or has a broken one: the header tells. */
static bool table_open(Reader *reader, Error *err)
{
        Rows begin = reader->rows;
        const bool utf8 = text_is_utf8(begin.at, (size_t)(begin.end - begin.at));

        begin.utf8 = utf8;
        if (table_try(reader, begin, err))
                return true;
        begin.utf8 = true;
        if (!utf8 && table_try(reader, begin, err))
                return true;
        if (err->kind != ERR_NONE)
                return false;
        if (!utf8)
                return error_set(err, ERR_INPUT, "bad_charset", "no header line, in UTF-8 as little as in GB18030");
        return error_set(err, ERR_INPUT, "not_csv",
                         begin.at == begin.end ? "an empty file" : "no header line with a receipt number");
}

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        const char *slash = record->channel ? strrchr(record->channel, '/') : NULL;
        CLEANUP(reader_drop) Reader reader = { .options = of, .output = output, .arena = arena_new() };
        CLEANUP(buffer_free) Buffer wide = { 0 };

        *err = (Error){ 0 };
        for (size_t i = 0; i < reader.options->fill.size; i++)
                reader.filled[column_find(reader.options->fill.items[i])] = true;
        reader.batch = day_find(slash ? slash + 1 : record->channel);
        if (!text_open(record, &wide, &reader.rows, err))
                return false;
        if (!table_open(&reader, err) || !rows_translate(&reader, err))
                return false;
        if (reader.letters == 0)
                ignored(output, "no letters");
        return true;
}

const Adapter envletter = {
        .name = "envletter",
        .about = "Letters to the environmental inspectors: lists in CSV that a spreadsheet saved",
        .platform = "p03",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(LetterOptions),
        .check = check,
        .translate = translate,
};
