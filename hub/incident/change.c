#include "hub/incident/change.h"

#include "hub/base/memory.h"

#include <stdlib.h>
#include <string.h>

Changes *changes_new(void)
{
        Changes *changes = mem_new(sizeof *changes);

        changes->arena = arena_new();
        return changes;
}

/* Room for one more entry of a list; returns the list. */
static void *grown(void *list, size_t size, size_t *room, size_t each)
{
        if (size < *room)
                return list;
        *room = *room ? *room * 2 : 16;
        return mem_resize(list, *room * each);
}

void changes_incident(Changes *changes, Incident *incident)
{
        if (incident->changed)
                return;
        incident->changed = true;
        changes->incidents = grown(changes->incidents, changes->incidents_size, &changes->incidents_room,
                                   sizeof *changes->incidents);
        changes->incidents[changes->incidents_size++] = incident;
}

void changes_member(Changes *changes, Member *member)
{
        if (member->changed)
                return;
        member->changed = true;
        changes->members =
                grown(changes->members, changes->members_size, &changes->members_room, sizeof *changes->members);
        changes->members[changes->members_size++] = member;
}

LinkChange *changes_link(Changes *changes)
{
        changes->links = grown(changes->links, changes->links_size, &changes->links_room, sizeof *changes->links);
        return memset(&changes->links[changes->links_size++], 0, sizeof *changes->links);
}

void changes_end(Changes *changes, const char *subject, int64_t at, bool doubtful_only)
{
        changes->ends = grown(changes->ends, changes->ends_size, &changes->ends_room, sizeof *changes->ends);
        changes->ends[changes->ends_size++] = (LinkEnd){ subject, at, doubtful_only, changes->links_size };
}

VersionChange *changes_version(Changes *changes)
{
        changes->versions =
                grown(changes->versions, changes->versions_size, &changes->versions_room, sizeof *changes->versions);
        return memset(&changes->versions[changes->versions_size++], 0, sizeof *changes->versions);
}

PairChange *changes_pair(Changes *changes)
{
        changes->pairs = grown(changes->pairs, changes->pairs_size, &changes->pairs_room, sizeof *changes->pairs);
        return memset(&changes->pairs[changes->pairs_size++], 0, sizeof *changes->pairs);
}

EffectChange *changes_effect(Changes *changes)
{
        changes->effects =
                grown(changes->effects, changes->effects_size, &changes->effects_room, sizeof *changes->effects);
        return memset(&changes->effects[changes->effects_size++], 0, sizeof *changes->effects);
}

void changes_context(Changes *changes, const char *subject, const char *row)
{
        changes->contexts =
                grown(changes->contexts, changes->contexts_size, &changes->contexts_room, sizeof *changes->contexts);
        changes->contexts[changes->contexts_size++] =
                (ContextChange){ changes_text(changes, subject), changes_text(changes, row) };
}

CommandChange *changes_command(Changes *changes)
{
        changes->commands =
                grown(changes->commands, changes->commands_size, &changes->commands_room, sizeof *changes->commands);
        return memset(&changes->commands[changes->commands_size++], 0, sizeof *changes->commands);
}

static const char *text_kept(Changes *changes, const char *text)
{
        return text ? arena_copy(changes->arena, text, strlen(text)) : NULL;
}

void changes_counted(Changes *changes, const char *title, const char *description, int64_t offset)
{
        changes->counted =
                grown(changes->counted, changes->counted_size, &changes->counted_room, sizeof *changes->counted);
        changes->counted[changes->counted_size++] =
                (CountedText){ text_kept(changes, title), text_kept(changes, description), offset };
}

const char *changes_text(Changes *changes, const char *text)
{
        return text ? arena_copy(changes->arena, text, strlen(text)) : NULL;
}

void changes_clear(Changes *changes)
{
        for (size_t i = 0; i < changes->incidents_size; i++)
                changes->incidents[i]->changed = false;
        for (size_t i = 0; i < changes->members_size; i++)
                changes->members[i]->changed = false;
        changes->incidents_size = changes->members_size = changes->links_size = changes->ends_size = 0;
        changes->versions_size = changes->pairs_size = changes->commands_size = changes->counted_size = 0;
        changes->effects_size = changes->contexts_size = 0;
        arena_reset(changes->arena);
}

void changes_free(Changes *changes)
{
        if (!changes)
                return;
        arena_free(changes->arena);
        free(changes->incidents);
        free(changes->members);
        free(changes->links);
        free(changes->ends);
        free(changes->versions);
        free(changes->pairs);
        free(changes->effects);
        free(changes->contexts);
        free(changes->commands);
        free(changes->counted);
        free(changes);
}
