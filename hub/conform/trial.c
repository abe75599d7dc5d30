#include "hub/conform/trial.h"

#include <string.h>

#define ZONE "350206"

/* Grows by doubling in the arena: what was outgrown goes with the trial. */
static void *list_room(Arena *arena, void *items, size_t size, size_t *room, size_t item)
{
        void *larger;

        if (size < *room)
                return items;
        *room = *room ? *room * 2 : 8;
        larger = arena_take(arena, *room * item);
        if (size)
                memcpy(larger, items, size * item);
        return larger;
}

static size_t telling_find(const char *bytes, size_t size)
{
        static const char raw[] = ",\"raw\":{";
        const char *last = NULL;

        for (const char *at = bytes; (at = memmem(at, size - (size_t)(at - bytes), raw, strlen(raw))); at++)
                last = at;
        return last ? (size_t)(last - bytes) : size;
}

static bool event_take(void *context, const Event *event, const char *bytes, size_t size, Error *err)
{
        Outcome *outcome = context;
        Arena *arena = outcome->arena;
        const char *copy = arena_copy(arena, bytes, size);

        (void)err;
        outcome->events =
                list_room(arena, outcome->events, outcome->events_size, &outcome->events_room, sizeof(TrialEvent));
        outcome->events[outcome->events_size++] =
                (TrialEvent){ .id = arena_copy(arena, event->id, strlen(event->id)),
                              .subject = arena_copy(arena, event->subject, strlen(event->subject)),
                              .source_id = arena_copy(arena, event->source.id, strlen(event->source.id)),
                              .bytes = copy,
                              .size = size,
                              .telling = telling_find(copy, size) };
        return true;
}

static void verdict_add(Outcome *outcome, const TrialVerdict *verdict)
{
        outcome->verdicts = list_room(outcome->arena, outcome->verdicts, outcome->verdicts_size,
                                      &outcome->verdicts_room, sizeof(TrialVerdict));
        outcome->verdicts[outcome->verdicts_size++] = *verdict;
}

static void rejected_take(void *context, const Record *record, const char *item, size_t size, const Error *why)
{
        Outcome *outcome = context;
        bool is_whole = item == record->bytes && size == record->size;

        verdict_add(outcome, &(TrialVerdict){ why->reason, is_whole ? NULL : arena_copy(outcome->arena, item, size),
                                              size, true });
}

static void ignored_take(void *context, const Record *record, const char *reason)
{
        (void)record;
        verdict_add(context, &(TrialVerdict){ .reason = reason });
}

static const OutputSink sink = { .event = event_take, .rejected = rejected_take, .ignored = ignored_take };

static void record_run(const Fixture *fixture, const Record *record, Output *output, Outcome *outcome)
{
        Error err = { 0 };

        output_begin(output, record);
        if (fixture->adapter->translate(fixture->options, record, output, &err))
                return;
        outcome->ended = err.kind;
        outcome->text = arena_copy(outcome->arena, err.text, strlen(err.text));
        outcome->reason = err.reason;
        if (err.kind == ERR_INPUT)
                output_reject(output, &err);
        else if (err.kind == ERR_NONE)
                outcome->ended = ERR_FATAL;
}

/* What is no frame is refused by the source, what does not end waits there: neither is the dialect's to answer. */
static void stream_run(const Fixture *fixture, const Record *record, Output *output, Outcome *outcome)
{
        for (size_t at = 0, used = 0; at < record->size; at += used) {
                FrameResult result = fixture->adapter->frame(record->bytes + at, record->size - at, &used);
                CLEANUP(mem_drop) char *bytes = NULL;
                Record frame = *record;

                if (result == FRAME_MORE)
                        return;
                if (used == 0 || used > record->size - at) {
                        outcome->ended = ERR_FATAL;
                        outcome->text = "frame() takes nothing, or more than there is";
                        return;
                }
                if (result == FRAME_JUNK)
                        continue;
                bytes = mem_copy(record->bytes + at, used);
                frame.bytes = bytes;
                frame.size = used;
                record_run(fixture, &frame, output, outcome);
        }
}

void trial_run(const TrialSetup *setup, const Record *record, Arena *arena, Outcome *outcome)
{
        const Fixture *fixture = setup->fixture;
        const OutputSetup to = {
                fixture->adapter->name, fixture->adapter->platform, ZONE, setup->categories, setup->privacy,
                fixture->regions,       fixture->gazetteer
        };
        int64_t began = time_monotonic();
        Output *output;

        *outcome = (Outcome){ .arena = arena, .text = "" };
        output = output_new(&to, &sink, outcome);
        if (fixture->is_stream && fixture->adapter->frame)
                stream_run(fixture, record, output, outcome);
        else
                record_run(fixture, record, output, outcome);
        output_free(output);
        outcome->ms = time_monotonic() - began;
}
