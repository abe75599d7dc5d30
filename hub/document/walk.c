#include "hub/document/page_item.h"

#include "hub/base/json_walk.h"
#include "hub/base/pages.h"
#include "hub/base/text.h"
#include "hub/document/record.h"

#include <string.h>

/* A tree is some ten times as large as its text. */
enum { TREE_MOST = 2 * 1024 * 1024 };

typedef struct {
        const PageForm *form;
        const void *options;
        const Record *record;
        Output *output;
        size_t passed;  /* bytes of the record */
        bool begun;     /* an element came */
        bool rounded;   /* all their numbers may have been */
        bool whole;     /* one of them was not */
        size_t doubted; /* so many may have been, up to there */
} Walking;

/* Pieces end where a character does. */
static bool is_utf8(const Record *record)
{
        for (size_t at = 0, size; at < record->size; at += size) {
                const char *bytes = record->bytes + at;

                size = record->size - at < PAGES_STEP ? record->size - at : PAGES_STEP;
                for (int back = 0; back < 3 && size > 4 && at + size < record->size && (bytes[size] & 0xc0) == 0x80;
                     back++)
                        size--;
                if (!text_is_utf8(bytes, size))
                        return false;
                pages_pass(record->bytes, record->paged, at, at + size);
        }
        return true;
}

static void element_passed(Walking *walking, const char *bytes, size_t size)
{
        const size_t end = (size_t)(bytes - walking->record->bytes) + size;

        if (end - walking->passed < PAGES_STEP)
                return;
        pages_pass(walking->record->bytes, walking->record->paged, walking->passed, end);
        walking->passed = end;
}

static bool element_read(Walking *walking, const char *bytes, size_t size, Error *err)
{
        JsonMend found;
        CLEANUP(json_drop) json_t *item = json_read_mended(bytes, size, &found, err);

        if (!item)
                return false;
        mark(walking->output, (found.text ? QUALITY_ENCODING_REPAIRED : 0) | (found.value ? QUALITY_PARTIAL : 0));
        return item_translate(walking->form, walking->options, item, walking->rounded, walking->output, err);
}

static bool element_translate(void *context, size_t index, const char *bytes, size_t size, Error *err)
{
        Walking *walking = context;
        Error why = { 0 };

        walking->begun = true;
        item_begin(walking->output);
        if (!element_read(walking, bytes, size, &why)) {
                if (why.kind != ERR_INPUT) {
                        *err = why;
                        return false;
                }
                (void)error_add(&why, "item %zu", index);
                reject(walking->output, bytes, size, &why);
        }
        element_passed(walking, bytes, size);
        return true;
}

/* The first that was not ends it: of a good document that is one of the first. */
static bool element_count(void *context, size_t index, const char *bytes, size_t size, Error *err)
{
        Walking *walking = context;
        Error unread = { 0 };
        JsonMend found;
        CLEANUP(json_drop) json_t *item = json_read_mended(bytes, size, &found, &unread);

        (void)index;
        walking->doubted += item && may_be_rounded(walking->form, walking->options, item, &walking->whole);
        element_passed(walking, bytes, size);
        return !walking->whole || error_set(err, ERR_INPUT, NULL, "enough");
}

static bool are_rounded(Walking *walking, const char *items)
{
        Error ended = { 0 };

        if (items[0])
                (void)json_walk(walking->record->bytes, walking->record->size, items, element_count, walking, &ended);
        walking->passed = 0;
        return !walking->whole && walking->doubted > 1;
}

static bool tree_translate(const PageForm *form, const PageOptions *of, const void *options, const Record *record,
                           Output *output, Error *err)
{
        CLEANUP(json_drop) json_t *page = record_read(record, NULL, output, err);

        return page && page_translate(form, of, options, page, output, err);
}

bool record_translate(const PageForm *form, const PageOptions *of, const void *options, const Record *record,
                      Output *output, Error *err)
{
        Walking walking = { .form = form, .options = options, .record = record, .output = output };
        const bool is_one = form->lists && !strchr(form->lists, '|');
        const char *items = of && of->items[0] ? of->items : is_one ? form->lists : "";
        Error why = { 0 };

        if (record->size <= TREE_MOST || (of && of->ok[0]) || !is_utf8(record))
                return tree_translate(form, of, options, record, output, err);
        walking.rounded = are_rounded(&walking, items);
        if (json_walk(record->bytes, record->size, items, element_translate, &walking, &why))
                return walking.begun || tree_translate(form, of, options, record, output, err);
        if (!walking.begun && why.kind == ERR_INPUT)
                return tree_translate(form, of, options, record, output, err);
        if (strstr(why.text, "the document is cut"))
                why.kind = ERR_RETRY;
        *err = why;
        return false;
}
