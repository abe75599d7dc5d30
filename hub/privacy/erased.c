#include "hub/privacy/erased.h"

#include "hub/base/buffer.h"
#include "hub/base/crypto.h"
#include "hub/base/map.h"
#include "hub/base/memory.h"

#include <stdlib.h>
#include <string.h>

struct Erased {
        Map *persons; /* SHA-256 -> int64_t *, up to when */
        Map *cases;   /* "zone NUL subject" */
};

Erased *erased_new(void)
{
        Erased *erased = mem_new(sizeof *erased);

        *erased = (Erased){ .persons = map_new(), .cases = map_new() };
        return erased;
}

void erased_free(Erased *erased)
{
        if (!erased)
                return;
        map_free(erased->persons, free);
        map_free(erased->cases, NULL);
        free(erased);
}

void erased_person(Erased *erased, const char *sha256, int64_t up_to)
{
        int64_t *known = map_get_text(erased->persons, sha256);

        if (!known) {
                known = mem_new(sizeof *known);
                *known = up_to;
                map_put_text(erased->persons, sha256, known);
        }
        *known = up_to > *known ? up_to : *known;
}

static void case_key(Buffer *key, const char *zone, const char *subject)
{
        buffer_add(key, zone, strlen(zone) + 1);
        buffer_text(key, subject);
}

void erased_case(Erased *erased, const char *zone, const char *subject)
{
        CLEANUP(buffer_free) Buffer key = { 0 };

        case_key(&key, zone, subject);
        map_put(erased->cases, key.bytes, key.size, erased);
}

static bool is_theirs(const Erased *erased, const char *pseudonym, int64_t received)
{
        char sha256[SHA256_TEXT_SIZE];
        const int64_t *up_to = map_get_text(erased->persons, sha256_text(pseudonym, strlen(pseudonym), sha256));

        return up_to && received <= *up_to;
}

static bool is_case(const Erased *erased, const Event *event)
{
        CLEANUP(buffer_free) Buffer key = { 0 };

        if (!map_size(erased->cases))
                return false;
        case_key(&key, event->zone, event->subject);
        return map_get(erased->cases, key.bytes, key.size) != NULL;
}

static bool names_them(const Erased *erased, const Event *event)
{
        bool named = false;

        if (!map_size(erased->persons))
                return false;
        for (size_t i = 0; i < event->reporter.ids_size; i++)
                named = named || is_theirs(erased, event->reporter.ids[i], event->time.received);
        for (size_t i = 0; i < event->objects_size; i++)
                named = named || (event->objects[i].kind == OBJECT_PLATE &&
                                  is_theirs(erased, event->objects[i].id, event->time.received));
        return named;
}

/* A plate that is theirs goes whenever the event came: that is what its case is emptied of. */
static void plates_drop(const Erased *erased, Event *event)
{
        size_t kept = 0;

        for (size_t i = 0; i < event->objects_size; i++)
                if (event->objects[i].kind != OBJECT_PLATE || !is_theirs(erased, event->objects[i].id, INT64_MIN))
                        event->objects[kept++] = event->objects[i];
        event->objects_size = kept;
}

ErasedVerdict erased_apply(const Erased *erased, Event *event)
{
        const bool known = is_case(erased, event);

        if (!known && !names_them(erased, event))
                return ERASED_NOT;
        memset(&event->reporter, 0, sizeof event->reporter);
        if (event->title)
                event->title = event->category.name ? event->category.name : event->category.code;
        event->description = NULL;
        event->place.address = NULL;
        event->media_size = 0;
        plates_drop(erased, event);
        return known ? ERASED_CASE : ERASED_NEW;
}
