/*
 * A resend has the same id; two cases never share one, whatever stands in their platform's ids; a person has one
 * pseudonym, and two persons have two.
 */

#include "hub/base/map.h"
#include "hub/event/fields.h"
#include "hub/event/id.h"
#include "hub/privacy/privacy.h"
#include "tests/property/random.h"

#include <string.h>

static char *parts_text(const Event *event)
{
        return text_format("%zu %s|%zu %s|%s", strlen(event->space), event->space, strlen(event->source.id),
                           event->source.id, event->source.revision);
}

static Event any_event(Chance *chance, Arena *arena)
{
        static const char *const few[] = { "a",   "b",    ":",   "%",  "a:", ":b",  "%3A", "a%3Ab", "a:b",
                                           "%25", "\xff", "%FF", "ab", " ",  "a b", "%20", "a%20b" };
        size_t size = sizeof(few) / sizeof(few[0]);
        Event event;

        event_init(&event, KIND_REPORT);
        event.platform = "p01";
        event.space = chance_one_in(chance, 2) ? "" : few[chance_below(chance, size)];
        event.source.id = chance_one_in(chance, 2) ? few[chance_below(chance, size)] : chance_text(chance, arena, 140);
        event.source.revision =
                chance_one_in(chance, 2) ? few[chance_below(chance, size)] : chance_text(chance, arena, 140);
        event_identify(&event, arena);
        return event;
}

/* seen: id -> the parts that made it */
static void identity_holds(Chance *chance, Map *seen, Arena *arena)
{
        Event event = any_event(chance, arena), again = event, later = event;
        CLEANUP(mem_drop) char *parts = parts_text(&event);
        const char *known = map_get_text(seen, event.id);

        event_identify(&again, arena);
        must(strcmp(event.id, again.id) == 0, "the same event, the same id", event.id);
        must(!known || strcmp(known, parts) == 0, "two events, one id", event.id);
        must(form_fits(FORM_EVENT_ID, event.id, 640) && form_fits(FORM_SUBJECT, event.subject, 512), "the form",
             event.id);
        must(strncmp(event.id, event.subject, strlen(event.subject)) == 0 && event.id[strlen(event.subject)] == ':',
             "the subject is in front", event.id);
        must(!strpbrk(event.id, " \t\r\n") && !strstr(event.id, "\xe3\x80\x80"), "no blank", event.id);
        later.source.revision = chance_text(chance, arena, 300);
        event_identify(&later, arena);
        must(strcmp(later.subject, event.subject) == 0, "another revision, another subject", event.id);
        if (!known)
                map_put_text(seen, event.id, text_copy(parts));
}

static void pseudonym_holds(Chance *chance, const Privacy *privacy, Map *seen)
{
        char phone[32], grouped[48], one[40], other[40];
        const char *known;

        snprintf(phone, sizeof(phone), "1%u%09u", 3 + (unsigned)chance_below(chance, 7),
                 (unsigned)chance_below(chance, 1000000000));
        snprintf(grouped, sizeof(grouped), "+86 %.3s-%.4s %.4s", phone, phone + 3, phone + 7);
        privacy_pseudonym(privacy, "phone", phone, one);
        privacy_pseudonym(privacy, "phone", grouped, other);
        must(strcmp(one, other) == 0, "one number, one pseudonym", phone);
        must(form_fits(FORM_PSEUDONYM, one, 80), "the form", one);
        known = map_get_text(seen, one);
        must(!known || strcmp(known, phone) == 0, "two numbers, one pseudonym", one);
        if (!known)
                map_put_text(seen, one, text_copy(phone));
}

int main(void)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        Chance chance = chance_start("identity");
        Privacy *privacy = privacy_test();
        Map *ids = map_new(), *pseudonyms = map_new();

        for (int64_t i = 0; i < chance.cases; i++) {
                identity_holds(&chance, ids, arena);
                pseudonym_holds(&chance, privacy, pseudonyms);
                arena_reset(arena);
        }
        printf("identity: %zu ids, %zu pseudonyms\n", map_size(ids), map_size(pseudonyms));
        map_free(ids, free);
        map_free(pseudonyms, free);
        privacy_free(privacy);
        return EXIT_SUCCESS;
}
