#include "hub/source/http_page.h"

#include "hub/base/charset.h"
#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/memory.h"

#include <stdlib.h>
#include <string.h>

void page_id_add(PageIds *ids, uint64_t id)
{
        if (ids->size == ids->room) {
                ids->room = ids->room ? ids->room * 2 : 128;
                ids->ids = mem_resize(ids->ids, ids->room * sizeof *ids->ids);
        }
        ids->ids[ids->size++] = id;
}

/* An item without an id counts by all that it is. */
static uint64_t item_id(const json_t *item, const char *id)
{
        const char *text = id ? json_text(item, id) : NULL;
        char *dump;
        uint64_t hash;

        if (text)
                return hash64(text, strlen(text));
        dump = json_dumps(item, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
        hash = hash64(dump ? dump : "", dump ? strlen(dump) : 0);
        free(dump);
        return hash;
}

int64_t page_items(const char *bytes, size_t size, const char *items, const char *id, PageIds *ids)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        Error ignored = { 0 };
        size_t repaired;

        if (!charset_decode(&text, NULL, bytes, size, &repaired, &ignored))
                return -1;
        CLEANUP(json_drop) json_t *page = json_read(text.bytes ? text.bytes : "", text.size, &ignored);
        const json_t *array = page && items && *items ? json_at(page, items) : page;
        if (!json_is_array(array))
                return -1;
        for (size_t i = 0; i < json_array_size(array); i++)
                page_id_add(ids, item_id(json_array_get(array, i), id));
        return (int64_t)json_array_size(array);
}

static int by_value(const void *one, const void *other)
{
        const uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;

        return (a > b) - (a < b);
}

static void ids_make_set(PageIds *ids)
{
        size_t kept = 0;

        if (ids->size == 0)
                return;
        qsort(ids->ids, ids->size, sizeof *ids->ids, by_value);
        for (size_t i = 0; i < ids->size; i++)
                if (kept == 0 || ids->ids[i] != ids->ids[kept - 1])
                        ids->ids[kept++] = ids->ids[i];
        ids->size = kept;
}

bool page_ids_same(PageIds *one, PageIds *other)
{
        ids_make_set(one);
        ids_make_set(other);
        return one->size == other->size && (one->size == 0 || memcmp(one->ids, other->ids, one->size * sizeof *one->ids) == 0);
}

void page_ids_clear(PageIds *ids)
{
        ids->size = 0;
}

void page_ids_free(PageIds *ids)
{
        free(ids->ids);
        *ids = (PageIds){ 0 };
}
