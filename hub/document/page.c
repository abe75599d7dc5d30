#include "hub/document/page_item.h"

#include "hub/base/answer.h"
#include "hub/base/text.h"
#include "hub/document/order.h"

#include <stdlib.h>
#include <string.h>

static bool ok_option_check(const char *option, const void *of, Error *err)
{
        const char *ok = *(char *const *)of;

        return !ok[0] || (strchr(ok, '=') && ok[0] != '=') ||
               error_set(err, ERR_FATAL, NULL, "%s: \"%s\" is nothing such as code=0", option, ok);
}

const Option page_options[] = {
        { "items", OPTION_TEXT, offsetof(PageOptions, items), .value = "",
          .about = "path of the array in a page; empty: the page is the array" },
        { "ok", OPTION_TEXT, offsetof(PageOptions, ok), .value = "", .check = ok_option_check,
          .about = "what a success looks like: code=0, or code=0|200" },
        { 0 },
};

static bool ok_check(const PageOptions *of, const json_t *page, Error *err)
{
        const char *equals = strchr(of->ok, '='), *text;
        CLEANUP(mem_drop) char *path = mem_copy(of->ok, (size_t)(equals - of->ok));

        text = json_text(page, path);
        return (text && text_among(equals + 1, text, strlen(text))) ||
               error_set(err, ERR_RETRY, "bad_value", "%s: not what a success looks like", path);
}

/* In the page, and in each object on the way to its items. */
static bool failure_check(const PageOptions *of, const json_t *page, bool empty, Error *err)
{
        const char *path = of->items, *said = answer_failure(page, empty);

        while (!said && page && *path) {
                size_t size = strcspn(path, ".");

                page = json_object_getn(page, path, size);
                path += size + (path[size] == '.');
                said = answer_failure(page, empty);
        }
        return !said || error_set(err, ERR_RETRY, "bad_value", "%.40s: says that it failed, and no item came", said);
}

static const char *number_of(const PageForm *form, const void *options, const json_t *object, Arena *arena)
{
        return form->number ? form->number(options, object, arena) : json_first(object, form->numbers);
}

static bool is_item(const PageForm *form, const void *options, const json_t *object)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();

        return number_of(form, options, object, arena);
}

/* Stricter, where an object could be something else: it has a number. */
static bool is_numbered(const PageForm *form, const void *options, const json_t *object)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        const char *number = json_is_object(object) ? number_of(form, options, object, arena) : NULL;

        return number && *number;
}

bool may_be_rounded(const PageForm *form, const void *options, const json_t *item, bool *whole)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        const char *number = json_is_object(item) ? number_of(form, options, item, arena) : NULL;
        const bool rounded = number && (text_is_exponent(number) || text_lost_its_end(number, strlen(number)));

        *whole = number && !rounded;
        return rounded;
}

/* One whole number clears the others. */
static bool are_rounded(const PageForm *form, const void *options, const json_t *items)
{
        size_t i, count = 0;
        const json_t *item;
        bool whole;

        json_array_foreach(items, i, item) {
                count += may_be_rounded(form, options, item, &whole);
                if (whole)
                        return false;
        }
        return count > 1;
}

static bool are_errors(const PageForm *form, const void *options, const json_t *items)
{
        const json_t *item;
        size_t i;

        json_array_foreach(items, i, item)
                if (!answer_failure(item, false) || is_item(form, options, item))
                        return false;
        return json_array_size(items) > 0;
}

bool item_translate(const PageForm *form, const void *options, const json_t *item, bool rounded, Output *output,
                    Error *err)
{
        bool whole;

        if (!json_is_object(item))
                return error_set(err, ERR_INPUT, "bad_value", "no case: it is no object");
        if (rounded && may_be_rounded(form, options, item, &whole))
                return error_set(err, ERR_INPUT, "bad_id", "a number that lost its end, as all of this page did");
        return form->translate(options, item, output, err);
}

bool item_reject(Output *output, const json_t *item, const Error *why, Error *err)
{
        CLEANUP(mem_drop) char *text = NULL;

        if (why->kind != ERR_INPUT) {
                *err = *why;
                return false;
        }
        text = json_dumps(item, JSON_COMPACT | JSON_ENCODE_ANY);
        reject(output, text ? text : "", text ? strlen(text) : 0, why);
        return true;
}

static bool items_translate(const PageForm *form, const void *options, const json_t *items, bool rounded,
                            Output *output, Error *err)
{
        const json_t *item;
        size_t i;

        json_array_foreach(items, i, item) {
                Error why = { 0 };

                item_begin(output);
                if (item_translate(form, options, item, rounded, output, &why))
                        continue;
                if (why.kind == ERR_INPUT)
                        (void)error_add(&why, "item %zu", i);
                if (!item_reject(output, item, &why, err))
                        return false;
        }
        return true;
}

/* Of a page without items. */
static bool nothing_translate(const PageForm *form, const PageOptions *of, const void *options, const json_t *page,
                              const json_t *items, Output *output, Error *err)
{
        if (items == page && json_is_object(page))
                return form->translate(options, page, output, err); /* which says what it lacks */
        if (!items || json_is_null(page))
                return error_set(err, ERR_RETRY, "missing_field", "%s: missing: this is no page", of->items);
        return json_is_array(items) || json_is_null(items) || text_same(json_string_value(items), "") ||
               error_set(err, ERR_INPUT, "bad_value", "%s: no array", of->items[0] ? of->items : "the page");
}

/* `found`: owned, what `where` then borrows. */
static void page_where(const PageForm *form, const PageOptions *of, const json_t *page, PageOptions *where,
                       char **found)
{
        static char none[] = "";
        const char *last = form->lists ? strrchr(form->lists, '|') : NULL;

        *where = of ? *of : (PageOptions){ none, none };
        if (where->items[0] || !form->lists)
                return;
        (void)json_find(page, form->lists, found);
        *found = *found ? *found : text_copy(last ? last + 1 : form->lists);
        where->items = *found;
}

const json_t *page_items(const PageForm *form, const PageOptions *of, const json_t *page)
{
        CLEANUP(mem_drop) char *found = NULL;
        const json_t *items;
        PageOptions where;

        page_where(form, of, page, &where, &found);
        items = where.items[0] ? json_at(page, where.items) : page;
        return json_is_array(items) ? items : NULL;
}

bool page_translate(const PageForm *form, const PageOptions *of, const void *options, const json_t *page,
                    Output *output, Error *err)
{
        CLEANUP(mem_drop) char *found = NULL;
        const json_t *items;
        PageOptions where;

        page_where(form, of, page, &where, &found);
        items = json_is_object(page) ? json_at(page, where.items) : page;
        if (json_is_object(page) && (!items || items == page) && is_item(form, options, page))
                return item_translate(form, options, page, where.items[0], output, err);
        /* A list of one that its writer took for no list; where the site says that a list is there, it is one. */
        if (form->lists && !(of && of->items[0]) && is_numbered(form, options, items))
                return item_translate(form, options, items, false, output, err);
        if (where.ok[0] && json_is_object(page) && !ok_check(&where, page, err))
                return false;
        if (are_errors(form, options, items))
                return error_set(err, ERR_RETRY, "bad_value", "errors, and no item among them");
        if (form->times) /* the page is the caller's own, who takes its order as little for granted */
                items_order((json_t *)(uintptr_t)items, form->times);
        if (json_array_size(items))
                return items_translate(form, options, items, where.items[0] && are_rounded(form, options, items),
                                       output, err);
        if (!where.ok[0] && !failure_check(&where, page, json_is_array(items), err))
                return false;
        return nothing_translate(form, &where, options, page, items, output, err);
}
