#include "hub/incident/version.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

/* Without printf, here and below: it would cost more than all the rest of a version. */
static void key_write(Buffer *out, const char *key)
{
        buffer_text(out, ",\"");
        buffer_text(out, key);
        buffer_text(out, "\":");
}

static void word_member(Buffer *out, const char *key, const char *word)
{
        key_write(out, key);
        buffer_byte(out, '"');
        buffer_text(out, word);
        buffer_byte(out, '"');
}

static void text_member(Buffer *out, const char *key, const char *text)
{
        if (!text || !*text)
                return;
        key_write(out, key);
        json_write_text(out, text, strlen(text));
}

static void time_member(Buffer *out, const char *key, int64_t ms)
{
        char text[TIME_TEXT_SIZE];

        if (ms != TIME_NONE)
                word_member(out, key, time_text(ms, text));
}

/* 1e-7 degrees as a decimal number without trailing zeros. */
static void degrees_write(Buffer *out, int32_t units)
{
        const int32_t whole = units / 10000000;
        int32_t rest = abs(units % 10000000), digit = 1000000;

        if (units < 0 && whole == 0)
                buffer_byte(out, '-');
        buffer_integer(out, whole);
        if (rest == 0)
                return;
        buffer_byte(out, '.');
        for (; rest > 0; rest %= digit, digit /= 10)
                buffer_byte(out, (char)('0' + rest / digit));
}

static void position_write(Buffer *out, const Incident *incident)
{
        if (!geo_known(incident->point))
                return;
        buffer_text(out, ",\"position\":{\"lon\":");
        degrees_write(out, incident->point.lon);
        buffer_text(out, ",\"lat\":");
        degrees_write(out, incident->point.lat);
        buffer_text(out, ",\"radius_m\":");
        buffer_integer(out, (incident->radius_cm + 99) / 100);
        buffer_byte(out, '}');
}

/* The first active member that knows each part of the place. */
static void place_write(Buffer *out, const Incident *incident)
{
        static const char *const keys[PLACES] = { "address", "district", "subdistrict", "community", "grid" };
        bool any = false;

        for (size_t part = 0; part < PLACES; part++) {
                const char *text = incident_place(incident, part);

                if (!text)
                        continue;
                buffer_text(out, any ? ",\"" : ",\"place\":{\"");
                buffer_text(out, keys[part]);
                buffer_text(out, "\":");
                json_write_text(out, text, strlen(text));
                any = true;
        }
        if (any)
                buffer_byte(out, '}');
}

static void platforms_write(Buffer *out, const Incident *incident)
{
        const char *platforms[INCIDENT_PLATFORMS_MOST];
        const size_t size = incident_platforms(incident, platforms);

        buffer_text(out, ",\"platforms\":[");
        for (size_t i = 0; i < size; i++) {
                buffer_text(out, i ? "," : "");
                json_write_text(out, platforms[i], strlen(platforms[i]));
        }
        buffer_byte(out, ']');
}

static void newest_write(Buffer *out, const Incident *incident)
{
        size_t count = 0;

        buffer_text(out, ",\"newest\":[");
        for (size_t i = incident->members_size; i > 0 && count < INCIDENT_NEWEST_MOST; i--) {
                const Member *member = incident->members[i - 1];

                if (!member_active(member))
                        continue;
                buffer_text(out, count++ ? ",{\"event\":" : "{\"event\":");
                json_write_text(out, member->last_event, strlen(member->last_event));
                text_member(out, "platform", member->platform);
                text_member(out, "title", member->title);
                if (member->scored) {
                        buffer_text(out, ",\"why\":{\"score\":");
                        buffer_integer(out, member->score);
                        buffer_byte(out, '}');
                }
                buffer_byte(out, '}');
        }
        buffer_byte(out, ']');
}

static void suggested_write(Buffer *out, const Incident *incident)
{
        if (incident->suggested_size == 0)
                return;
        buffer_text(out, ",\"suggested\":[");
        for (size_t i = 0; i < incident->suggested_size; i++)
                buffer_format(out, "%s{\"incident\":\"%s\",\"score\":%d}", i ? "," : "",
                              incident->suggested[i].incident, incident->suggested[i].score);
        buffer_byte(out, ']');
}

static void category_write(Buffer *out, const Incident *incident)
{
        buffer_text(out, ",\"category\":{\"code\":");
        json_write_text(out, incident->category, strlen(incident->category));
        text_member(out, "name", incident->category_name);
        buffer_byte(out, '}');
}

/* To whom an operator gave it, and who did: a row of before this was told has the organisation alone. */
static void assigned_write(Buffer *out, const Incident *incident)
{
        if (!incident->assigned)
                return;
        buffer_text(out, ",\"assigned_to\":{\"org\":");
        json_write_text(out, incident->assigned, strlen(incident->assigned));
        text_member(out, "by", incident->assigned_by);
        time_member(out, "at", incident->assigned_at);
        buffer_byte(out, '}');
}

void version_body_write(Buffer *out, const char *zone, const Incident *incident)
{
        buffer_text(out, "\"zone\":");
        json_write_text(out, zone, strlen(zone));
        word_member(out, "state", state_name(incident->state));
        word_member(out, "severity", severity_name(incident->severity));
        category_write(out, incident);
        text_member(out, "title", incident->title);
        position_write(out, incident);
        place_write(out, incident);
        time_member(out, "opened", incident->opened);
        time_member(out, "updated", incident->updated);
        time_member(out, "deadline", incident->deadline);
        time_member(out, "closed", incident->closed);
        assigned_write(out, incident);
        text_member(out, "founding", incident->founding_event);
        buffer_text(out, ",\"reports\":");
        buffer_integer(out, (int64_t)incident->reports);
        platforms_write(out, incident);
        newest_write(out, incident);
        suggested_write(out, incident);
        text_member(out, "recurrence_of", incident->recurrence_of);
        text_member(out, "merged_into", incident->merged_into);
}

void version_write(Buffer *out, const Incident *incident, int32_t epoch, const char *change, int64_t at,
                   const Buffer *body, const char *rules)
{
        char time[TIME_TEXT_SIZE];

        buffer_text(out, "{\"incident\":\"");
        buffer_text(out, incident->id);
        buffer_byte(out, '"');
        word_member(out, "number", incident->number);
        buffer_text(out, ",\"epoch\":");
        buffer_integer(out, epoch);
        buffer_text(out, ",\"version\":");
        buffer_integer(out, incident->version);
        word_member(out, "change", change);
        word_member(out, "at", time_text(at, time));
        buffer_byte(out, ',');
        buffer_add(out, body->bytes, body->size);
        text_member(out, "rules", rules);
        buffer_byte(out, '}');
}
