#include "hub/source/http/http_page.h"

#include "hub/base/charset.h"
#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { ALIKE_MOST = 3 };

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

json_t *page_read(const PageForm *form, const char *bytes, size_t size)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        size_t repaired;
        Error unread;

        if (!charset_decode(&text, form->content_type, bytes, size, &repaired, &unread))
                return NULL;
        return json_read(text.bytes ? text.bytes : "", text.size, &unread);
}

/* ---- what a page says of itself ---- */

typedef struct {
        size_t items;
        uint64_t ids, whole; /* digests of its items in order: of their ids, of all that is in them */
        int64_t total;       /* -1: none */
} Look;

static uint64_t whole_hash(const json_t *item)
{
        CLEANUP(mem_drop) char *text = json_dumps(item, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);

        return text ? hash64(text, strlen(text)) : 0;
}

static int64_t total_at(const json_t *page, const char *path)
{
        const char *text = json_text(page, path);
        int64_t total;

        return text && text_read_integer(text, &total) && total >= 0 ? total : -1;
}

/* Beside the items, under the names that are usual. */
static int64_t total_find(const PageForm *form, const json_t *page)
{
        static const char *const names[] = { "total", "totalCount", "total_count", "totalElements", "recordsTotal" };
        const char *dot = form->items ? strrchr(form->items, '.') : NULL;
        int64_t total = -1;

        if (form->total)
                return total_at(page, form->total);
        for (size_t i = 0; total < 0 && i < sizeof(names) / sizeof(names[0]); i++) {
                CLEANUP(mem_drop)
                char *path =
                        text_format("%.*s%s", dot ? (int)(dot + 1 - form->items) : 0, dot ? form->items : "", names[i]);

                total = total_at(page, path);
        }
        return total;
}

static const json_t *list_of(const PageForm *form, const json_t *page)
{
        return page && form->items && form->items[0] ? json_at(page, form->items) : page;
}

/* null, "", false, and PHP's {} where the array would be: no items. */
static bool is_nothing(const json_t *list)
{
        return json_is_null(list) || json_is_false(list) || (json_is_object(list) && !json_object_size(list)) ||
               (json_is_string(list) && !json_string_length(list));
}

static void items_look(IdSet *set, const PageForm *form, const json_t *list, Look *look)
{
        const json_t *item;
        size_t i;

        json_array_foreach(list, i, item) {
                const uint64_t whole = whole_hash(item);
                const char *id = form->id ? json_text(item, form->id) : NULL;

                set_add(set, id ? hash64(id, strlen(id)) : whole);
                look->whole = hash64((const uint64_t[]){ look->whole, whole }, 2 * sizeof(uint64_t));
        }
}

/*
 * A page that cannot be read, or is one case alone, is its adapter's to judge; here it counts as one item, so that paging goes
 * on behind it.
 */
static void page_look(IdSet *set, const PageForm *form, const char *bytes, size_t size, Look *look)
{
        CLEANUP(json_drop) json_t *page = page_read(form, bytes, size);
        const json_t *list = list_of(form, page);
        const size_t from = set->size;

        *look = (Look){ .total = page ? total_find(form, page) : -1 };
        if (json_is_array(list))
                items_look(set, form, list, look);
        else if (!is_nothing(list))
                set_add(set, look->whole = hash64(bytes, size));
        look->items = set->size - from;
        look->ids = look->items ? hash64(set->ids + from, look->items * sizeof(uint64_t)) : 0;
}

/* ---- passes ---- */

static void pass_clear(Pass *pass)
{
        pass->now.size = pass->whole.size = 0;
        pass->pages = pass->full = pass->items = pass->alike = 0;
        pass->last = 0;
        pass->is_short = pass->doubtful = false;
        pass->total = -1;
}

void pass_begin(Pass *pass)
{
        pass_clear(pass);
        pass->before.size = 0;
        pass->number = 1;
}

/*
 * Some servers give the last page again and again instead of an empty one, or begin anew. Only the same contents say so at
 * once: the same ids in a row may be a case's next steps, and are an end when they come for the ALIKE_MOSTth time, as from
 * a server whose items hold the time of asking.
 */
static bool is_repeat(Pass *pass, const Look *look)
{
        for (size_t i = 0; i < pass->whole.size; i++)
                if (pass->whole.ids[i] == look->whole)
                        return true;
        pass->alike = pass->pages && look->ids == pass->last ? pass->alike + 1 : 0;
        return pass->alike >= ALIKE_MOST;
}

static void page_count(Pass *pass, const PageForm *form, const Look *look)
{
        pass->uneven |= pass->is_short && pass->pages;
        pass->is_short = form->page_size && look->items < (size_t)form->page_size;
        pass->last = look->ids;
        pass->total = look->total;
        pass->items += look->items;
        pass->pages++;
        pass->full += !pass->is_short;
        set_add(&pass->whole, look->whole);
}

PageResult pass_page(Pass *pass, const PageForm *form, const char *bytes, size_t size)
{
        Look look;

        page_look(&pass->now, form, bytes, size, &look);
        if (!look.items || is_repeat(pass, &look)) {
                pass_end(pass, pass_incomplete(pass));
                return PAGE_LAST;
        }
        page_count(pass, form, &look);
        if ((form->total && pass_complete(pass)) || (form->short_ends && pass->is_short)) {
                pass_end(pass, false);
                return PAGE_LAST;
        }
        return PAGE_MORE;
}

void pass_end(Pass *pass, bool doubtful)
{
        set_close(&pass->now);
        pass->doubtful = doubtful;
}

bool pass_complete(const Pass *pass)
{
        return pass->total >= 0 && (int64_t)pass->items >= pass->total;
}

bool pass_incomplete(const Pass *pass)
{
        return pass->total > (int64_t)pass->items;
}

/* One page that was not full: nothing can have shifted out of sight. */
bool pass_settled(const Pass *pass)
{
        if (pass->number == 1)
                return pass->pages <= 1 && !pass->full && !pass->doubtful;
        return set_equal(&pass->now, &pass->before);
}

void pass_again(Pass *pass)
{
        IdSet old = pass->before;

        pass->before = pass->now;
        pass->now = old;
        pass_clear(pass);
        pass->number++;
}

void pass_free(Pass *pass)
{
        free(pass->now.ids);
        free(pass->before.ids);
        free(pass->whole.ids);
        *pass = (Pass){ 0 };
}
