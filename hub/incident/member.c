#include "hub/incident/member.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/incident/revision.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ACCURACY_UNKNOWN_CM = 5000, ACCURACY_LEAST_CM = 100, ACCURACY_MOST_CM = 10000000 };

void member_object(Member *member, ObjectKind kind, const char *id)
{
        if (member->objects_size == EVENT_OBJECTS_MOST)
                return;
        member->objects = mem_resize(member->objects, (member->objects_size + 1) * sizeof *member->objects);
        member->objects[member->objects_size++] = (MemberObject){ kind, text_copy(id) };
}

static void objects_take(Member *member, const Event *event)
{
        for (size_t i = 0; i < event->objects_size; i++) {
                const EventObject *object = &event->objects[i];

                if (object->kind != OBJECT_CAMERA && object->kind != OBJECT_DEVICE)
                        member_object(member, object->kind, object->id);
        }
}

/* It names the device that made it, and nobody who reported it. */
static bool is_sensor(const Event *event)
{
        bool device = false;

        for (size_t i = 0; i < event->objects_size; i++)
                device = device || event->objects[i].kind == OBJECT_CAMERA || event->objects[i].kind == OBJECT_DEVICE;
        return device && event->reporter.ids_size == 0 && !event->reporter.name;
}

static int64_t accuracy_of(const Event *event)
{
        const double cm = event->position.accuracy_m * 100.0;

        if (!(cm > 0))
                return ACCURACY_UNKNOWN_CM;
        return cm < ACCURACY_LEAST_CM ? ACCURACY_LEAST_CM : cm > ACCURACY_MOST_CM ? ACCURACY_MOST_CM : llround(cm);
}

static int64_t closed_of(const Event *event)
{
        if (event->status.state != STATE_CLOSED)
                return TIME_NONE;
        if (event->time.closed != TIME_NONE)
                return event->time.closed;
        return event->time.updated != TIME_NONE ? event->time.updated : event->time.received;
}

static void place_take(Member *member, const Event *event)
{
        member->place[PLACE_ADDRESS] = text_copy(event->place.address);
        member->place[PLACE_DISTRICT] = text_copy(event->place.district);
        member->place[PLACE_SUBDISTRICT] = text_copy(event->place.subdistrict);
        member->place[PLACE_COMMUNITY] = text_copy(event->place.community);
        member->place[PLACE_GRID] = text_copy(event->place.grid);
}

static void event_take(Member *member, const Event *event, const Rules *rules, const Words *words)
{
        const bool titled = revision_with_title(event);
        const bool placed = event->position.method != POSITION_NONE;

        member->last_event = text_copy(event->id);
        member->channel = text_copy(event->source.channel);
        member->category = text_copy(event->category.code);
        member->category_name = text_copy(event->category.name);
        member->title = text_copy(event->title);
        member->state = event->status.state;
        member->outcome = event->status.outcome;
        member->severity = event->severity;
        member->occurred = event->time.occurred;
        member->updated = event->time.updated;
        member->deadline = event->time.deadline;
        member->closed = closed_of(event);
        member->point = placed ? geo_point(event->position.lon, event->position.lat) : (GeoPoint){ GEO_NONE, GEO_NONE };
        member->accuracy_cm = accuracy_of(event);
        member->worded = event->position.method == POSITION_GAZETTEER;
        member->bare = !event->description;
        member->kindless = revision_without_category(event);
        member->undated = event->quality & QUALITY_CLOCK_MISSING;
        wording_make(&member->wording, titled ? event->title : NULL, event->description, event->place.address, words);
        houses_read(&member->wording.houses, event->place.address, event->title, event->description);
        signs_read(&member->wording.signs, event->place.address, event->title, event->description);
        for (size_t i = 0; i < event->reporter.ids_size; i++)
                member->reporters[i] = text_copy(event->reporter.ids[i]);
        objects_take(member, event);
        member->sensor = is_sensor(event);
        place_take(member, event);
        member->rule = rules_category(rules, member->category);
        member->group = rules_group(rules, member->category);
}

Member *member_new(const Event *event, const Rules *rules, const Words *words)
{
        Member *member = mem_new(sizeof *member);

        member->subject = text_copy(event->subject);
        member->first_event = text_copy(event->id);
        member->platform = text_copy(event->platform);
        event_take(member, event, rules, words);
        return member;
}

/* Frees what event_take() fills. */
static void event_drop(Member *member)
{
        free(member->last_event);
        free(member->channel);
        free(member->category);
        free(member->category_name);
        free(member->title);
        for (size_t i = 0; i < PLACES; i++)
                free(member->place[i]);
        for (size_t i = 0; i < member->objects_size; i++)
                free(member->objects[i].id);
        free(member->objects);
        for (size_t i = 0; i < EVENT_REPORTER_IDS_MOST; i++)
                free(member->reporters[i]);
        wording_free(&member->wording);
}

/* Its words again, where it brings no description: the title's and the address's where they are others now. */
static void words_keep(Member *member, Member *before)
{
        const bool titled = !text_same(member->title, before->title),
                   placed = !text_same(member->place[PLACE_ADDRESS], before->place[PLACE_ADDRESS]);

        member->bare = before->bare;
        if (!before->bare)
                wording_keep(&member->wording, &before->wording, titled, titled || placed);
}

/* Words give no better place than the one that was told before. */
static bool is_guessed(const Member *member, const Member *before)
{
        return member->worded && geo_known(before->point) &&
               (!before->worded || before->accuracy_cm < member->accuracy_cm);
}

void member_revise(Member *member, const Event *event, const Rules *rules, const Words *words)
{
        Member before = *member;
        Event whole;

        revision_complete(&whole, event, &before, rules);
        member->objects = NULL;
        member->objects_size = 0;
        memset(member->reporters, 0, sizeof member->reporters);
        memset(&member->wording, 0, sizeof member->wording);
        event_take(member, &whole, rules, words);
        member->sensor = member->sensor || (before.sensor && !member->reporters[0] && !event->reporter.name);
        if (event->position.method == POSITION_NONE || is_guessed(member, &before)) {
                member->point = before.point;
                member->accuracy_cm = before.accuracy_cm;
                member->worded = before.worded;
        }
        member->kindless = member->kindless && before.kindless;
        member->undated = member->undated && before.undated;
        if (!event->description)
                words_keep(member, &before);
        event_drop(&before);
}

bool member_active(const Member *member)
{
        return member->state != STATE_VOID && member->state != STATE_REJECTED && member->state != STATE_DELETED;
}

bool member_open(const Member *member)
{
        return member_active(member) && member->state != STATE_CLOSED;
}

bool member_settled(const Member *member)
{
        return member->state == STATE_CLOSED && (member->outcome == OUTCOME_NONE || member->outcome == OUTCOME_DONE);
}

bool members_name_house(const Member *one, const Member *other)
{
        const int address = houses_match(&one->wording.houses, &other->wording.houses);

        return address == ADDRESS_HOUSE ||
               (address == ADDRESS_ROAD && signs_match(&one->wording.signs, &other->wording.signs) == SIGN_SAME);
}

void member_free(Member *member)
{
        if (!member)
                return;
        event_drop(member);
        free(member->subject);
        free(member->first_event);
        free(member->episode);
        free(member->platform);
        free(member);
}
