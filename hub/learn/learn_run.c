#include "hub/learn/learn_run.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMMIT_EVERY = 500 };

typedef struct {
        const Lesson *lesson;
        ZoneTeacher teacher;
        Map *zones, *seen; /* ids of events */
        LabelledList *out;
        Map *places; /* subject -> its place in out, plus one */
} Run;

static void zone_free_value(void *zone)
{
        zone_free(zone);
}

static Zone *zone_of(Run *run, const char *id)
{
        Zone *zone = map_get_text(run->zones, id);

        if (zone)
                return zone;
        zone = zone_new(id, run->lesson->rules, 1);
        zone_teach(zone, run->teacher);
        map_put_text(run->zones, id, zone);
        return zone;
}

/* NULL: it is not known, and there is nothing to make of it. */
static Labelled *item_of(Run *run, const char *subject, bool make)
{
        LabelledList *out = run->out;
        uintptr_t place = (uintptr_t)map_get_text(run->places, subject);

        if (!place && !make)
                return NULL;
        if (!place) {
                if (out->size == out->room) {
                        out->room = out->room ? out->room * 2 : 64;
                        out->items = mem_resize(out->items, out->room * sizeof *out->items);
                }
                place = ++out->size;
                map_put_text(run->places, subject, (void *)place);
                out->items[place - 1] = (Labelled){ .truth = map_get_text(run->lesson->truth, subject),
                                                    .number = (uint32_t)out->labelled };
                out->labelled += out->items[place - 1].truth != NULL;
        }
        return &out->items[place - 1];
}

static void decision_note(Run *run, const Event *event, const ZoneDecision *decision)
{
        Labelled *item = item_of(run, event->subject, true);

        snprintf(item->incident, sizeof item->incident, "%s", decision->incident->id);
        if (decision->kind != DECISION_NEW && decision->kind != DECISION_JOIN)
                return;
        item->at = event->time.occurred;
        item->point = decision->member->point;
        item->category = hash64(event->category.code, strlen(event->category.code));
        item->fresh = decision->kind == DECISION_NEW;
        for (size_t i = 0; i < decision->choice.suggested_size; i++)
                item->suggested[item->suggested_size++] = decision->choice.suggested[i].score;
}

static void moved_note(Run *run, const Move *move)
{
        Labelled *item = item_of(run, move->subject, false);

        if (item)
                snprintf(item->incident, sizeof item->incident, "%s", move->incident);
}

static void value_apply(Run *run, const EventValue *value, int64_t offset)
{
        Zone *zone = zone_of(run, value->zone);
        const bool known = value->kind != KIND_TICK && map_get_text(run->seen, value->id);
        ZoneDecision decision;

        if (!known && value->kind != KIND_TICK)
                map_put_text(run->seen, value->id, run);
        zone_apply(zone, value, (LogPosition){ 0, offset }, known, &decision);
        if (run->out && value->kind == KIND_REPORT && decision.incident)
                decision_note(run, &value->event, &decision);
        for (size_t i = 0; run->out && i < decision.moved_size; i++)
                moved_note(run, &decision.moved[i]);
        if (offset % COMMIT_EVERY == 0)
                changes_clear(zone_changes(zone)); /* nothing leaves memory: there is nowhere to fetch it from */
}

bool learn_run(const Lesson *lesson, ZoneTeacher teacher, LabelledList *out, size_t most, Error *err)
{
        Run run = { .lesson = lesson, .teacher = teacher, .out = out };
        CLEANUP(event_reader_drop) EventReader *reader = event_reader_new();
        bool fine = true;

        run.zones = map_new();
        run.seen = map_new();
        run.places = map_new();
        for (size_t i = 0; i < lesson->size && fine && !(out && out->labelled >= most); i++) {
                EventValue value;

                fine = event_read(reader, lesson->lines[i], strlen(lesson->lines[i]), &value, err) ||
                       error_add(err, "line %zu", i + 1);
                if (fine)
                        value_apply(&run, &value, (int64_t)i);
        }
        map_free(run.zones, zone_free_value);
        map_free(run.seen, NULL);
        map_free(run.places, NULL);
        return fine;
}

void labelled_free(LabelledList *list)
{
        free(list->items);
        *list = (LabelledList){ 0 };
}
