/*
 * Episodes: some platforms have one number for all that ever happens at a device or to a bicycle, and say that its closing is
 * final (source.episodic). What comes after it is a newcomer under a name of its own, the id of the event that opened it; the
 * subject's first row remembers which one is the present one.
 */

#include "hub/zone/zone_private.h"

#include "hub/base/text.h"

#include <stdlib.h>

static bool is_open(EventState state)
{
        return state != STATE_CLOSED && state != STATE_VOID && state != STATE_REJECTED && state != STATE_DELETED;
}

bool zone_episode_begins(const Member *member, const Event *event)
{
        const bool is_older = event->time.updated != TIME_NONE && event->time.updated < member->updated;

        return event->source.episodic && member->state == STATE_CLOSED && is_open(event->status.state) &&
               !event->status.reopened && !is_older;
}

void zone_episode_begin(Zone *zone, const char *subject, const char *episode)
{
        Member *first = map_get_text(zone->subjects, subject);

        free(first->episode);
        first->episode = text_copy(episode);
        changes_member(zone->changes, first);
}

Member *zone_present(const Zone *zone, const char *subject)
{
        Member *first = map_get_text(zone->subjects, subject);

        return first && first->episode ? map_get_text(zone->subjects, first->episode) : first;
}

const char *zone_goes_on(const Zone *zone, const char *subject)
{
        const Member *first = map_get_text(zone->subjects, subject);

        return first && !zone_present(zone, subject) ? first->episode : NULL;
}

Member *zone_named(const Zone *zone, const char *event)
{
        CLEANUP(buffer_free) Buffer subject = { 0 };
        Member *opened = map_get_text(zone->subjects, event), *first;

        subject_of(&subject, event);
        first = map_get_text(zone->subjects, subject.bytes);
        if (opened)
                return opened;
        return first && (text_same(first->first_event, event) || text_same(first->last_event, event))
                       ? first
                       : zone_present(zone, subject.bytes);
}
