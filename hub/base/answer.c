#include "hub/base/answer.h"

#include "hub/base/json.h"
#include "hub/base/text.h"

#include <string.h>
#include <strings.h>

static bool is_html(const char *text, size_t size)
{
        static const char *const starts[] = { "<!doctype html", "<html", "<head", "<body", "<script", "<form" };

        for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
                if (size >= strlen(starts[i]) && strncasecmp(text, starts[i], strlen(starts[i])) == 0)
                        return true;
        return false;
}

const char *answer_sick(const char *text, size_t size, bool xml)
{
        if (size == 0)
                return "an empty body";
        if (*text == '<')
                return xml && !is_html(text, size) ? NULL : "markup where a document is due: has the session ended?";
        if (strchr("{[\"-.0123456789", *text) || text_among("true|false|null|none", text, size))
                return NULL;
        return "words where a document is due";
}

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

static bool is_bad_status(const char *text)
{
        double status;

        return text_among("error|fail|failed|failure|false", text, strlen(text)) ||
               (text_read_number(text, &status) && status >= 400 && status < 600);
}

static bool member_fails(const char *name, const json_t *value, bool empty)
{
        const char *text = json_text(value, "");
        size_t size = strlen(name);
        bool flag;

        if (text_among("error|errors|exception|exceptions", name, size))
                return is_trouble(value);
        if (!text)
                return false;
        if (text_among("success|issuccess|is_success|succeeded|ok", name, size))
                return (!text_read_flag(text, &flag) || !flag) && !text_among("ok|success|成功", text, strlen(text));
        if (text_among("haserror|has_error|haserrors|iserror", name, size))
                return text_read_flag(text, &flag) && flag;
        if (text_among(
                    "code|errcode|err_code|errorcode|error_code|resultcode|result_code|retcode|statuscode|status_code|"
                    "respcode|resp_code|errno|err_no",
                    name, size))
                return is_bad_code(text, empty);
        return text_among("status|state|result", name, size) && is_bad_status(text);
}

const char *answer_failure(const json_t *object, bool empty)
{
        const char *name;
        json_t *value;

        /* Jansson's iterators take no const. NOLINTNEXTLINE(performance-no-int-to-ptr) */
        json_object_foreach((json_t *)(uintptr_t)object, name, value)
                if (member_fails(name, value, empty))
                        return name;
        return NULL;
}
