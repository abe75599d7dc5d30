/* Weather warnings in force, and the incidents that they make graver. */

#include "hub/zone/zone_private.h"

#include "hub/base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { WARNING_LEAST = SEVERITY_HIGH }; /* orange and red: below it nothing is made graver */
#define WARNING_MS INT64_C(172800000)   /* one that tells no end ends after two days: feeds lose their cancellations */

static void warning_free(Warning *warning)
{
        free(warning->subject);
}

void zone_warnings_clear(Zone *zone)
{
        for (size_t i = 0; i < zone->warnings_size; i++)
                warning_free(&zone->warnings[i]);
        free(zone->warnings);
        zone->warnings = NULL;
        zone->warnings_size = 0;
}

/* The warning of this subject, a new one when there is none; those that ran out go. */
static Warning *warning_of(Zone *zone, const char *subject, bool *known)
{
        size_t kept = 0, at = SIZE_MAX;

        for (size_t i = 0; i < zone->warnings_size; i++) {
                Warning *one = &zone->warnings[i];

                if (one->until < zone->time) {
                        warning_free(one);
                        continue;
                }
                if (text_same(one->subject, subject))
                        at = kept;
                zone->warnings[kept++] = *one;
        }
        zone->warnings_size = kept;
        *known = at != SIZE_MAX;
        if (!*known) {
                at = zone->warnings_size++;
                zone->warnings = mem_resize(zone->warnings, zone->warnings_size * sizeof *zone->warnings);
                zone->warnings[at] = (Warning){ .subject = text_copy(subject), .updated = TIME_NONE };
        }
        return &zone->warnings[at];
}

bool zone_warned(const Zone *zone)
{
        for (size_t i = 0; i < zone->warnings_size; i++) {
                const Warning *one = &zone->warnings[i];

                if (!one->ended && (int)one->severity >= WARNING_LEAST && one->from <= zone->time &&
                    one->until >= zone->time)
                        return true;
        }
        return false;
}

static int64_t first_known(int64_t one, int64_t other, int64_t last)
{
        return one != TIME_NONE ? one : other != TIME_NONE ? other : last;
}

static void warning_revise(Warning *warning, const Event *event)
{
        const EventState state = event->status.state;

        warning->severity = event->severity;
        warning->from = first_known(event->valid.from, event->time.occurred, event->time.received);
        warning->until = event->valid.to != TIME_NONE ? event->valid.to : event->time.received + WARNING_MS;
        warning->ended =
                state == STATE_CLOSED || state == STATE_VOID || state == STATE_REJECTED || state == STATE_DELETED;
        if (event->time.updated != TIME_NONE)
                warning->updated = event->time.updated;
}

static bool is_exposed(const Incident *incident, const void *of)
{
        (void)of;
        return incident->founding->rule->raise_warned;
}

static void exposed_show(Zone *zone, const char *cause)
{
        zone_open_each(zone, is_exposed, NULL);
        for (size_t i = 0; i < zone->near.size; i++)
                zone_show(zone, zone->near.items[i], "updated", cause);
}

void zone_warning_apply(Zone *zone, const Event *event)
{
        const bool before = zone_warned(zone);
        bool known;
        Warning *warning = warning_of(zone, event->subject, &known);

        if (known && event->time.updated != TIME_NONE && warning->updated != TIME_NONE &&
            event->time.updated < warning->updated)
                return;
        warning_revise(warning, event);
        if (zone_warned(zone) != before)
                exposed_show(zone, event->id);
}

void zone_warnings_write(Buffer *out, const Zone *zone)
{
        for (size_t i = 0; i < zone->warnings_size; i++) {
                const Warning *one = &zone->warnings[i];

                buffer_text(out, i ? ",{\"subject\":" : ",\"warnings\":[{\"subject\":");
                json_write_text(out, one->subject, strlen(one->subject));
                buffer_format(out, ",\"severity\":\"%s\",\"from\":%" PRId64 ",\"until\":%" PRId64,
                              severity_name(one->severity), one->from, one->until);
                if (one->updated != TIME_NONE)
                        buffer_format(out, ",\"updated\":%" PRId64, one->updated);
                buffer_text(out, one->ended ? ",\"ended\":true}" : "}");
        }
        if (zone->warnings_size > 0)
                buffer_byte(out, ']');
}

void zone_warnings_read(Zone *zone, const json_t *array)
{
        zone_warnings_clear(zone);
        zone->warnings = mem_new((json_array_size(array) + 1) * sizeof *zone->warnings);
        for (size_t i = 0; i < json_array_size(array); i++) {
                const json_t *json = json_array_get(array, i), *updated = json_object_get(json, "updated");

                zone->warnings[zone->warnings_size++] =
                        (Warning){ .subject = text_copy(json_string_value(json_object_get(json, "subject"))),
                                   .severity = severity_find(json_string_value(json_object_get(json, "severity"))),
                                   .from = json_integer_value(json_object_get(json, "from")),
                                   .until = json_integer_value(json_object_get(json, "until")),
                                   .updated = updated ? json_integer_value(updated) : TIME_NONE,
                                   .ended = json_is_true(json_object_get(json, "ended")) };
        }
}
