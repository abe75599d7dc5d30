#include "hub/source/http/http_page.h"

#include "hub/base/charset.h"
#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- sets of ids ---- */

static void set_add(IdSet *set, uint64_t id)
{
        if (set->size == set->room) {
                set->room = set->room ? 2 * set->room : 64;
                set->ids = mem_resize(set->ids, set->room * sizeof(uint64_t));
        }
        set->ids[set->size++] = id;
}

static int id_compare(const void *one, const void *other)
{
        const uint64_t *left = one, *right = other;

        return (*left > *right) - (*left < *right);
}

/* Sorted, each once. */
static void set_close(IdSet *set)
{
        size_t kept = 0;

        if (set->size)
                qsort(set->ids, set->size, sizeof(uint64_t), id_compare);
        for (size_t i = 0; i < set->size; i++)
                if (!kept || set->ids[kept - 1] != set->ids[i])
                        set->ids[kept++] = set->ids[i];
        set->size = kept;
}

static bool set_equal(const IdSet *one, const IdSet *other)
{
        return one->size == other->size &&
               (!one->size || memcmp(one->ids, other->ids, one->size * sizeof(uint64_t)) == 0);
}

/* ---- pages ---- */

static json_t *page_read(const PageForm *form, const char *bytes, size_t size)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        size_t repaired;
        Error unread;

        if (!charset_decode(&text, form->content_type, bytes, size, &repaired, &unread))
                return NULL;
        return json_read(text.bytes ? text.bytes : "", text.size, &unread);
}

static uint64_t item_id(const PageForm *form, const json_t *item)
{
        const char *id = form->id ? json_text(item, form->id) : NULL;
        CLEANUP(mem_drop) char *whole = id ? NULL : json_dumps(item, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);

        if (!id)
                id = whole ? whole : "";
        return hash64(id, strlen(id));
}

/*
 * The digest of what the page holds. A page that cannot be read is its adapter's to judge; here it counts as one item, so that
 * paging goes on behind it.
 */
static uint64_t page_add(IdSet *set, const PageForm *form, const char *bytes, size_t size, size_t *items)
{
        CLEANUP(json_drop) json_t *page = page_read(form, bytes, size);
        const json_t *list = page && form->items && form->items[0] ? json_at(page, form->items) : page, *item;
        size_t from = set->size, i;

        if (json_is_array(list))
                json_array_foreach(list, i, item)
                        set_add(set, item_id(form, item));
        else
                set_add(set, hash64(bytes, size));
        *items = set->size - from;
        return *items ? hash64(set->ids + from, *items * sizeof(uint64_t)) : 0;
}

/* ---- passes ---- */

void pass_begin(Pass *pass)
{
        pass->before.size = pass->now.size = 0;
        pass->pages = pass->full = 0;
        pass->last = 0;
        pass->number = 1;
}

/* Some servers give the last page again and again instead of an empty one. */
PageResult pass_page(Pass *pass, const PageForm *form, const char *bytes, size_t size)
{
        size_t items;
        uint64_t digest = page_add(&pass->now, form, bytes, size, &items);
        bool again = pass->pages && digest == pass->last;

        if (!items || again) {
                set_close(&pass->now);
                return PAGE_LAST;
        }
        pass->last = digest;
        pass->pages++;
        pass->full += !form->page_size || items >= (size_t)form->page_size;
        return PAGE_MORE;
}

/* One page that was not full: nothing can have shifted out of sight. */
bool pass_settled(const Pass *pass)
{
        if (pass->number == 1)
                return pass->pages <= 1 && !pass->full;
        return set_equal(&pass->now, &pass->before);
}

void pass_again(Pass *pass)
{
        IdSet old = pass->before;

        pass->before = pass->now;
        pass->now = old;
        pass->now.size = 0;
        pass->pages = pass->full = 0;
        pass->last = 0;
        pass->number++;
}

void pass_free(Pass *pass)
{
        free(pass->now.ids);
        free(pass->before.ids);
        *pass = (Pass){ 0 };
}
