#include "hub/dialect/page.h"

#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

const Option page_options[] = {
        { "items", OPTION_TEXT, offsetof(PageOptions, items), .value = "",
          .about = "path of the array in a page; empty: the page is the array" },
        { "ok", OPTION_TEXT, offsetof(PageOptions, ok), .value = "",
          .about = "what a success looks like: code=0, or code=0|200" },
        { 0 },
};

bool page_check(const PageOptions *options, Error *err)
{
        return !options->ok[0] || (strchr(options->ok, '=') && options->ok[0] != '=') ||
               error_set(err, ERR_FATAL, NULL, "ok: \"%s\" is nothing such as code=0", options->ok);
}

static bool ok_check(const PageOptions *of, const json_t *page, Error *err)
{
        const char *equals = strchr(of->ok, '='), *text;
        CLEANUP(mem_drop) char *path = mem_copy(of->ok, (size_t)(equals - of->ok));

        text = json_text(page, path);
        return (text && text_among(equals + 1, text, strlen(text))) ||
               error_set(err, ERR_RETRY, "bad_value", "%s: not what a success looks like", path);
}

/* Of 1, a success with some and a failure with others, `empty` decides: whether an array came, with nothing in it. */
static bool is_bad_code(const char *text, bool empty)
{
        double code;

        if (!text || text_among("ok|success|succeed|succeeded|true|成功", text, strlen(text)))
                return false;
        if (!text_read_number(text, &code))
                return true;
        return code != 0 && !(code >= 200 && code < 300) && code != 10000 && code != 20000 && !(empty && code == 1);
}

static bool is_trouble(const json_t *value)
{
        const char *text = json_text(value, "");
        bool flag;

        if (json_is_object(value) || json_is_array(value))
                return json_object_size(value) + json_array_size(value) > 0;
        return text && (!text_read_flag(text, &flag) || flag) && is_bad_code(text, false);
}

static bool member_fails(const char *name, const json_t *value, bool empty)
{
        const char *text = json_text(value, "");
        size_t size = strlen(name);
        double code;
        bool flag;

        if (text_among("success|issuccess|is_success|succeeded|ok", name, size))
                return text && (!text_read_flag(text, &flag) || !flag) &&
                       !text_among("ok|success|成功", text, strlen(text));
        if (text_among("haserror|has_error|haserrors|iserror", name, size))
                return text_read_flag(text, &flag) && flag;
        if (text_among("error|errors|exception|exceptions", name, size))
                return is_trouble(value);
        if (text_among(
                    "code|errcode|err_code|errorcode|error_code|resultcode|result_code|retcode|statuscode|status_code",
                    name, size))
                return is_bad_code(text, empty);
        return text_among("status", name, size) && text &&
               (text_among("error|fail|failed|failure", text, strlen(text)) ||
                (text_read_number(text, &code) && code >= 400 && code < 600));
}

/* The member that says that it failed, or NULL. */
static const char *failure_find(const json_t *object, bool empty)
{
        const char *name;
        json_t *value;

        /* Jansson's iterators take no const. NOLINTNEXTLINE(performance-no-int-to-ptr) */
        json_object_foreach((json_t *)(uintptr_t)object, name, value)
                if (member_fails(name, value, empty))
                        return name;
        return NULL;
}

/* In the page, and in each object on the way to its items. */
static bool failure_check(const PageOptions *of, const json_t *page, bool empty, Error *err)
{
        const char *path = of->items, *said = failure_find(page, empty);

        while (!said && page && *path) {
                size_t size = strcspn(path, ".");

                page = json_object_getn(page, path, size);
                path += size + (path[size] == '.');
                said = failure_find(page, empty);
        }
        return !said || error_set(err, ERR_RETRY, "bad_value", "%.40s: says that it failed, and no item came", said);
}

static bool are_errors(const PageForm *form, const void *options, const json_t *items)
{
        const json_t *item;
        size_t i;

        json_array_foreach(items, i, item)
                if (!failure_find(item, false) || form->is_item(options, item))
                        return false;
        return json_array_size(items) > 0;
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

bool page_translate(const PageForm *form, const PageOptions *of, const void *options, const json_t *page,
                    Output *output, Error *err)
{
        const json_t *items = json_is_object(page) ? json_at(page, of->items) : page;

        if (json_is_object(page) && (!items || items == page) && form->is_item(options, page))
                return form->translate(options, page, output, err);
        if (of->ok[0] && json_is_object(page) && !ok_check(of, page, err))
                return false;
        if (are_errors(form, options, items))
                return error_set(err, ERR_RETRY, "bad_value", "errors, and no item among them");
        if (json_array_size(items))
                return items_translate(form, options, items, output, err);
        if (!of->ok[0] && !failure_check(of, page, json_is_array(items), err))
                return false;
        return nothing_translate(form, of, options, page, items, output, err);
}

static void item_reject(const json_t *item, size_t index, Error *why, Output *output)
{
        CLEANUP(mem_drop) char *text = json_dumps(item, JSON_COMPACT | JSON_ENCODE_ANY);

        (void)error_add(why, "item %zu", index);
        reject(output, text ? text : "", text ? strlen(text) : 0, why);
}

bool items_translate(const PageForm *form, const void *options, const json_t *items, Output *output, Error *err)
{
        const json_t *item;
        size_t i;

        json_array_foreach(items, i, item) {
                Error why = { 0 };
                bool translated;

                item_begin(output);
                translated = json_is_object(item) ? form->translate(options, item, output, &why)
                                                  : error_set(&why, ERR_INPUT, "bad_value", "no case: it is no object");

                if (!translated && why.kind != ERR_INPUT) {
                        *err = why;
                        return false;
                }
                if (!translated)
                        item_reject(item, i, &why, output);
        }
        return true;
}
