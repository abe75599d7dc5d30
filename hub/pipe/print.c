#include "hub/pipe/print.h"

#include "hub/base/json.h"
#include "hub/base/text.h"

#include <string.h>

static bool print_event(void *context, const Event *event, const char *bytes, size_t size, Error *err)
{
        Print *print = context;

        (void)event;
        (void)err;
        print->items++;
        fwrite(bytes, 1, size, print->events);
        fputc('\n', print->events);
        return true;
}

/* Items are a peer's bytes: broken ones are shown as U+FFFD. */
static void member_write(Buffer *out, const char *name, const char *text, size_t size)
{
        CLEANUP(buffer_free) Buffer clean = { 0 };
        const char *end = text + size;

        buffer_format(out, "%s\"%s\":", out->size ? "," : "{", name);
        while (text < end)
                text_put(&clean, text_next(&text, end));
        json_write_text(out, clean.bytes ? clean.bytes : "", clean.size);
}

static void verdict_print(const Print *print, Buffer *line, const Record *record)
{
        if (record->position)
                member_write(line, "position", record->position, strlen(record->position));
        buffer_text(line, "}\n");
        fflush(print->events); /* what came before stands before, where both go to one place */
        fwrite(line->bytes, 1, line->size, print->verdicts);
}

static void print_rejected(void *context, const Record *record, const char *item, size_t size, const Error *why)
{
        CLEANUP(buffer_free) Buffer line = { 0 };
        Print *print = context;
        const char *reason = why->reason ? why->reason : "unsupported";

        print->items++;
        print->rejected++;
        if (why->kind == ERR_RETRY)
                member_write(&line, "verdict", "retry", strlen("retry"));
        else
                member_write(&line, "verdict", "rejected", strlen("rejected"));
        member_write(&line, "reason", reason, strlen(reason));
        member_write(&line, "text", why->text, strlen(why->text));
        if (item != record->bytes || size != record->size)
                member_write(&line, "item", item, size);
        verdict_print(print, &line, record);
}

static void print_ignored(void *context, const Record *record, const char *reason)
{
        CLEANUP(buffer_free) Buffer line = { 0 };
        Print *print = context;

        print->items++;
        member_write(&line, "verdict", "ignored", strlen("ignored"));
        member_write(&line, "reason", reason, strlen(reason));
        verdict_print(print, &line, record);
}

void print_reply(const Print *print, const Record *record, const Reply *reply)
{
        CLEANUP(buffer_free) Buffer line = { 0 };

        member_write(&line, "verdict", "reply", strlen("reply"));
        buffer_format(&line, ",\"status\":%u", reply->status);
        member_write(&line, "content_type", reply->content_type, strlen(reply->content_type));
        member_write(&line, "body", reply->body, reply->size);
        verdict_print(print, &line, record);
}

const OutputSink print_sink = { .event = print_event, .rejected = print_rejected, .ignored = print_ignored };
