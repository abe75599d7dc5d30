#include "hub/conform/document.h"

#include <string.h>

/* The header is the row with the most filled cells, the first of them; what stands above it is a title. */
enum { CELLS_MOST = 256 };

typedef struct {
        Span cells[CELLS_MOST];
        size_t size, filled;
        Span whole; /* with its line end */
} Row;

static bool row_read(const Document *document, size_t at, Row *row)
{
        const char ends[] = { document->separator, '\n', '\0' };

        *row = (Row){ .whole = { at, at } };
        while (at < document->size && row->size < CELLS_MOST) {
                Span *cell = &row->cells[row->size++];

                cell->at = at;
                while (document->bytes[at] == '"') /* "" within is two quoted pieces */
                        at += 2 + strcspn(document->bytes + at + 1, "\"");
                if (at > document->size)
                        return false;
                at += strcspn(document->bytes + at, ends);
                cell->end = at > cell->at && document->bytes[at - 1] == '\r' ? at - 1 : at;
                row->filled += cell->end > cell->at;
                if (document->bytes[at] != document->separator) {
                        row->whole.end = at + (at < document->size);
                        return true;
                }
                at++;
        }
        row->whole.end = at;
        return at < document->size || row->size > 0;
}

static char separator_find(const Document *document)
{
        static const char separators[] = ",;\t";
        size_t most = 0, counts[sizeof(separators)] = { 0 };

        for (size_t i = 0; i < document->size; i++)
                for (size_t k = 0; k < sizeof(separators) - 1; k++)
                        counts[k] += document->bytes[i] == separators[k];
        for (size_t k = 1; k < sizeof(separators) - 1; k++)
                if (counts[k] > counts[most])
                        most = k;
        return separators[counts[most] ? most : sizeof(separators) - 1];
}

static bool header_find(const Document *document, Row *header)
{
        Row row;

        for (size_t at = 0; at < document->size && row_read(document, at, &row); at = row.whole.end)
                if (row.filled > header->filled)
                        *header = row;
        return header->size > 1;
}

static void row_add(Document *document, const Row *header, const Row *row, Arena *arena)
{
        document_item(document, row->whole, 1, NULL);
        for (size_t i = 0; i < row->size && i < header->size; i++) {
                Span name = header->cells[i], value = row->cells[i], inside = value;

                if (value.end - value.at >= 2 && document->bytes[value.at] == '"')
                        inside = (Span){ value.at + 1, value.end - 1 };
                document_leaf(document, arena_copy(arena, document->bytes + name.at, name.end - name.at), value,
                              inside);
        }
}

bool document_table(Document *document, Arena *arena)
{
        Row header = { 0 }, row;

        if (memchr(document->bytes, '\0', document->size) || !strchr(document->bytes, '\n'))
                return false;
        document->separator = separator_find(document);
        if (!document->separator || !header_find(document, &header))
                return false;
        document->groups = 1;
        for (size_t at = header.whole.end; at < document->size && row_read(document, at, &row); at = row.whole.end)
                if (row.filled > 1)
                        row_add(document, &header, &row, arena);
        return document->items_size > 0;
}
