#pragma once

/*
 * A source that plays a script, and an adapter that obeys its records: "e:ID" is an event, "r:" a refused record, "e:ID
 * r:" an event and then nonsense, "i:" ignored, "c:" a crash, "l:" no record (ERR_RETRY) the first time, "" an empty
 * record; "x:" one that the source itself refuses; "s:ID=STATE" an event if that changed, "p:BODY" a reply. "h:KEY" listens for that, a
 * millisecond long: its silence and its return are events; with "w:N" the source waits until N of them were told.
 */

#include "hub/source/source.h"
#include "tests/unit/kafka/mock.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SCRIPT_MOST = 4096 };

typedef struct {
        const char *const *records; /* ends with NULL */
        size_t at;
        uint64_t acknowledged[SCRIPT_MOST];
        size_t acknowledged_size;
        uint64_t rejected[16];
        size_t rejected_size;
        char told[512]; /* what peers were told: "TOKEN:STATUS:BODY ", and "^TOKEN " where one was acknowledged */
        size_t retried;
        uint64_t windows;      /* records a window; 0: no windows */
        bool stops;            /* SIGTERM to ourselves at the end, instead of SOURCE_END */
        bool kills;            /* SIGKILL to ourselves once all is acknowledged */
        bool with_broker_down; /* and Kafka goes away with it */
        Mock *mock;
        size_t away; /* so often SOURCE_AWAY before the first record */
        const size_t *told_silences;
        size_t sick; /* and so often after what was no record */
        char position[32];
} Script;

struct Source {
        Script *script;
};

static const SourceKind script_source;

static Source *script_open(const SourceSetup *setup, Error *err)
{
        Source *source = mem_new(sizeof(Source));

        (void)err;
        source->script = *(Script *const *)setup->options;
        source->script->at = setup->checkpoint ? (size_t)atoi(setup->checkpoint) : 0;
        return source;
}

static SourceResult script_end(Script *script)
{
        if (script->kills && script->acknowledged_size &&
            script->acknowledged[script->acknowledged_size - 1] == script->at)
                kill(getpid(), SIGKILL);
        if (script->kills)
                return SOURCE_IDLE;
        if (!script->stops)
                return SOURCE_END;
        if (script->with_broker_down)
                rd_kafka_mock_broker_set_down(script->mock->cluster, 1);
        kill(getpid(), SIGTERM);
        return SOURCE_IDLE;
}

static SourceResult script_read(Source *source, int wait_ms, SourceRecord *read, Error *err)
{
        Script *script = source->script;
        const char *text;

        if (script->away && script->away--) {
                (void)error_set(err, ERR_RETRY, NULL, "nobody answers");
                return SOURCE_AWAY;
        }
        text = script->records[script->at];
        if (text && text[0] == 'w' && *script->told_silences < strtoul(text + 2, NULL, 10)) {
                poll(NULL, 0, wait_ms);
                return SOURCE_IDLE;
        }
        if (text && text[0] == 'w')
                text = script->records[++script->at];
        if (!text)
                return script_end(script);
        script->at++;
        snprintf(script->position, sizeof(script->position), "%zu", script->at);
        *read = (SourceRecord){ .token = script->at,
                                .window = script->windows ? 1 + (script->at - 1) / script->windows : 0 };
        read->record = (Record){ .bytes = text,
                                 .size = strlen(text),
                                 .channel = "script",
                                 .position = script->position,
                                 .received_ms = INT64_C(1701736200000) };
        if (text[0] == 'x')
                (void)error_set(&read->refusal, ERR_INPUT, "too_large", "refused by the source");
        return SOURCE_RECORD;
}

static void script_tell(Script *script, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void script_tell(Script *script, const char *format, ...)
{
        const size_t size = strlen(script->told);
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(script->told + size, sizeof(script->told) - size, format, arguments);
        va_end(arguments);
}

static bool script_acknowledge(Source *source, uint64_t token, Error *err)
{
        (void)err;
        source->script->acknowledged[source->script->acknowledged_size++] = token;
        script_tell(source->script, "^%d ", (int)token);
        return true;
}

static bool script_answer(Source *source, uint64_t token, const Reply *reply, Error *err)
{
        script_tell(source->script, "%d:%u:%s ", (int)token, reply->status, reply->body);
        return reply->status != 410 || error_set(err, ERR_RETRY, NULL, "the peer is gone");
}

static void script_retry(Source *source, const Error *why)
{
        (void)why;
        source->script->retried++;
        source->script->at--;
        source->script->away = source->script->sick;
}

static void script_rejected(Source *source, uint64_t token)
{
        Script *script = source->script;

        for (size_t i = 0; i < script->acknowledged_size; i++)
                ck_assert_uint_lt(script->acknowledged[i], token);
        script->rejected[script->rejected_size++] = token;
}

static const char *script_position(Source *source)
{
        Script *script = source->script;

        if (!script->acknowledged_size)
                return NULL;
        snprintf(script->position, sizeof(script->position), "%d",
                 (int)script->acknowledged[script->acknowledged_size - 1]);
        return script->position;
}

static void script_close(Source *source)
{
        free(source);
}

static const SourceKind script_source = {
        .kind = "script",
        .about = "a test",
        .size = sizeof(Script *),
        .open = script_open,
        .read = script_read,
        .acknowledge = script_acknowledge,
        .answer = script_answer,
        .retry = script_retry,
        .rejected = script_rejected,
        .position = script_position,
        .close = script_close,
};

static bool script_event(Output *output, const char *word, Error *err)
{
        const char *id = word + 2, *state = strchr(word, '=');
        Event event;

        event_init(&event, KIND_REPORT);
        event.source.id = arena_copy(scratch(output), id, strcspn(id, "= "));
        event.source.revision = "1";
        event.status.state = STATE_RECEIVED;
        if (word[0] == 'e')
                return emit(output, &event, err);
        event.source.revision = arena_copy(scratch(output), state + 1, strcspn(state + 1, " "));
        return emit_change(output, &event, event.source.revision, err);
}

/* "p:BODY" with 200, "p:STATUS:BODY". */
static void script_reply(Output *output, const char *word)
{
        const char *body = word + 2;
        Reply told = { .status = (unsigned)strtoul(body, NULL, 10) };

        if (told.status)
                body = strchr(body, ':') + 1;
        told.body = body;
        told.size = strcspn(body, " ");
        reply(output, &told);
}

static bool script_translate(const void *options, const Record *record, Output *output, Error *err)
{
        size_t *login = *(size_t *const *)options;

        if (record->silence != SILENCE_NONE) {
                const char *word = record->silence == SILENCE_BEGUN ? "silent" : "back";

                ck_assert_uint_eq(record->size, 0);
                ++*login;
                return script_event(output, arena_format(scratch(output), "s:%s=%s", record->key, word), err);
        }
        for (const char *word = record->bytes; word && *word; word = strchr(word, ' ') ? strchr(word, ' ') + 1 : NULL) {
                if ((word[0] == 'e' || word[0] == 's') && !script_event(output, word, err))
                        return false;
                if (word[0] == 'p')
                        script_reply(output, word);
                if (word[0] == 'h')
                        listen_for(output, word + 2, 1);
                if (word[0] == 'r')
                        return error_set(err, ERR_INPUT, "not_json", "nonsense");
                if (word[0] == 'i')
                        ignored(output, "unchanged");
                if (word[0] == 'c')
                        abort();
                if (word[0] == 'f')
                        return error_set(err, ERR_FATAL, NULL, "a person must mend this");
                if (word[0] == 'l' && !(*login)++)
                        return error_set(err, ERR_RETRY, NULL, "a login page");
        }
        return true;
}

static const Adapter script_adapter = {
        .name = "script", .about = "a test", .platform = "p12", .size = sizeof(size_t *), .translate = script_translate
};
