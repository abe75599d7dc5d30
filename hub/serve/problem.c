/* Problems as RFC 9457 has them: what went wrong, in a form that programs and people read. */

#include "hub/serve/problem.h"
#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/serve/body.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { DETAIL_SIZE = 512, UNAVAILABLE = 503, INTERNAL = 500, BAD_REQUEST = 400, TOO_LARGE = 413, UNSUPPORTED = 415 };

typedef struct {
        const char *slug, *title;
} Kind;

static const Kind kinds[] = {
        { "bad-argument", "An argument is wrong" },
        { "bad-body", "The body is wrong" },
        { "bad-method", "Not with this method" },
        { "busy", "Too many requests wait" },
        { "conflict", "It contradicts what was asked before" },
        { "cross-site", "A page of another site sent it" },
        { "database-away", "The database is away" },
        { "forbidden", "Not with this role" },
        { "internal", "A fault of ours" },
        { "issuer-away", "Who logs people in does not answer" },
        { "kafka-away", "Kafka does not take commands" },
        { "not-found", "There is no such thing" },
        { "precondition-required", "If-Match is missing" },
        { "stale", "It has changed meanwhile" },
        { "too-large", "The body is too large" },
        { "too-many", "Too many requests" },
        { "unauthenticated", "Nobody that we know" },
};

static const char *title_of(const char *slug)
{
        for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
                if (text_same(kinds[i].slug, slug))
                        return kinds[i].title;
        return slug;
}

static json_t *problem_make(unsigned status, const char *slug, const char *detail, const char *id)
{
        return json_pack("{s:o, s:s, s:i, s:s?, s:s}", "type", json_sprintf("/problems/%s", slug), "title",
                         title_of(slug), "status", (int)status, "detail", detail, "instance", id);
}

/* errors is taken over; NULL: none. */
static void problem_tell(Call *call, unsigned status, const char *slug, const char *detail, json_t *errors)
{
        json_t *problem = problem_make(status, slug, detail, call->id);

        if (errors)
                json_object_set_new(problem, "errors", errors);
        call_json(call, status, problem);
        call->content_type = PROBLEM_TYPE;
}

void problem_of_status(ExchangeAnswer *answer, const char *id, Arena *texts)
{
        const bool is_large = answer->status == TOO_LARGE, is_wrong = answer->status == BAD_REQUEST;
        CLEANUP(json_drop)
        json_t *problem =
                problem_make(answer->status,
                             is_large   ? "too-large"
                             : is_wrong ? "bad-body"
                                        : "busy",
                             is_large   ? "a body has at most 64 KiB here"
                             : is_wrong ? "its length is told wrongly, or twice"
                                        : "as many bodies wait as may, or hub serve is about to end; ask again",
                             id);
        char text[DETAIL_SIZE];

        answer->size = json_dumpb(problem, text, sizeof(text), JSON_COMPACT);
        answer->body = arena_copy(texts, text, answer->size);
        answer->content_type = PROBLEM_TYPE;
}

/* What does not fit is cut at a character. */
static void detail_write(char detail[DETAIL_SIZE], const char *format, va_list values)
        __attribute__((format(printf, 2, 0)));

static void detail_write(char detail[DETAIL_SIZE], const char *format, va_list values)
{
        size_t size;

        vsnprintf(detail, DETAIL_SIZE, format, values);
        for (size = strlen(detail); !text_is_utf8(detail, size); size--)
                ;
        detail[size] = '\0';
}

bool call_problem(Call *call, unsigned status, const char *slug, const char *format, ...)
{
        char detail[DETAIL_SIZE];
        va_list values;

        va_start(values, format);
        detail_write(detail, format, values);
        va_end(values);
        problem_tell(call, status, slug, detail, NULL);
        return false;
}

bool call_wrong(Call *call, const char *parameter, const char *format, ...)
{
        char detail[DETAIL_SIZE];
        va_list values;

        va_start(values, format);
        detail_write(detail, format, values);
        va_end(values);
        problem_tell(call, BAD_REQUEST, "bad-argument", arena_format(call->arena, "%s: %s", parameter, detail),
                     json_pack("[{s:s, s:s}]", "parameter", parameter, "detail", detail));
        return false;
}

bool body_wrong(Call *call, const char *pointer, const char *format, ...)
{
        char detail[DETAIL_SIZE];
        va_list values;

        va_start(values, format);
        detail_write(detail, format, values);
        va_end(values);
        problem_tell(call, BAD_REQUEST, "bad-body",
                     arena_format(call->arena, "%s%s%s", pointer, *pointer ? ": " : "", detail),
                     json_pack("[{s:s, s:s}]", "pointer", pointer, "detail", detail));
        return false;
}

json_t *body_read(Call *call)
{
        static const char json_type[] = "application/json";
        const char *type = call_header(call, "Content-Type");
        json_t *body = NULL;
        Error err = { 0 };

        if (!type || strncasecmp(type, json_type, sizeof(json_type) - 1) != 0)
                (void)call_problem(call, UNSUPPORTED, "bad-body", "a body is application/json here");
        else if (!(body = json_read_typed(call->request->body, call->request->size, &err)))
                (void)body_wrong(call, "", "%s", err.text);
        else if (!json_is_object(body))
                (void)body_wrong(call, "", "is no object");
        if (json_is_object(body))
                return body;
        json_decref(body);
        return NULL;
}

bool call_trouble(Call *call, const Error *err)
{
        if (err->kind == ERR_RETRY) {
                call_tell(call, "Retry-After", "2");
                return call_problem(call, UNAVAILABLE, "database-away", "PostgreSQL does not answer; ask again");
        }
        if (err->kind == ERR_INPUT)
                return call_problem(call, BAD_REQUEST, "bad-argument", "the database cannot read one of the arguments");
        log_error("a request failed", LOG_TEXT("path", call->request->path), LOG_TEXT("request", call->id),
                  LOG_TEXT("error", err->text));
        return call_problem(call, INTERNAL, "internal", "it is in the log under this request's id");
}
