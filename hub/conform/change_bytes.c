#include "hub/base/crypto.h"
#include "hub/base/text.h"
#include "hub/conform/change.h"

#include <stdio.h>
#include <string.h>

enum { CUTS = 40, CUTS_AT_END = 12, FLIPS = 40, CHANGED_MOST = 64 * 1024 };

/* The same sequence for the same input: a breach can be seen again. */
static uint64_t chance_next(uint64_t *chance)
{
        *chance ^= *chance << 13;
        *chance ^= *chance >> 7;
        *chance ^= *chance << 17;
        return *chance;
}

static void original_try(Bench *bench, Buffer *said)
{
        Attempt attempt = bench_attempt(bench, "as it is", bench->input->bytes.bytes, bench->input->bytes.size);
        CLEANUP(buffer_free) Buffer again = { 0 };
        Outcome outcome;

        if (!attempt.bytes)
                attempt.bytes = "";
        if (bench_try(bench, &attempt, &outcome))
                outcome_say(&outcome, true, said);
        if (bench_try(bench, &attempt, &outcome) && said->bytes) {
                outcome_say(&outcome, true, &again);
                bench_rule(bench, RULE_SAME, text_same(said->bytes, again.bytes), &attempt, "%s first, then %s",
                           said->bytes, again.bytes);
        }
}

/* Of a record that was rejected in part, less may be left that is right. */
static void cut_try(Bench *bench, size_t size, const Outcome *whole)
{
        const char *stranger;
        char what[64];
        Outcome outcome;
        Attempt attempt;

        (void)snprintf(what, sizeof(what), "cut to %zu of %zu bytes", size, bench->input->bytes.size);
        attempt = bench_attempt(bench, what, bench->input->bytes.bytes, size);
        if (!bench_try(bench, &attempt, &outcome) || outcome_has_rejects(whole))
                return;
        stranger = outcome_stranger(&outcome, whole);
        bench_rule(bench, RULE_CUT, !stranger && outcome.events_size <= whole->events_size, &attempt,
                   "%zu events, subject %s", outcome.events_size, stranger ? stranger : "known");
}

static void cuts_try(Bench *bench)
{
        const Attempt attempt = bench_attempt(bench, "", bench->input->bytes.bytes, bench->input->bytes.size);
        const Record record = bench_record(bench, &attempt, attempt.bytes);
        const size_t size = attempt.size, step = size / CUTS + 1;
        CLEANUP(arena_drop) Arena *arena = arena_new();
        Outcome whole;

        trial_run(&bench->setup, &record, arena, &whole);
        for (size_t cut = 1; cut < size; cut += size - cut <= CUTS_AT_END ? 1 : step)
                cut_try(bench, cut, &whole);
}

static void flip_try(Bench *bench, uint64_t *chance)
{
        static const char hostile[] = "\x00\x01\"\\{}[],:<>&;-0e\x7f\x80\xc0\xf0\xff";
        const FixtureInput *input = bench->input;
        CLEANUP(buffer_free) Buffer changed = { 0 };
        size_t at = chance_next(chance) % input->bytes.size, much = 1 + chance_next(chance) % 20;
        char what[64];
        Outcome outcome;
        Attempt attempt;

        buffer_add(&changed, input->bytes.bytes, input->bytes.size);
        switch (chance_next(chance) % 3) {
        case 0:
                changed.bytes[at] = hostile[chance_next(chance) % (sizeof(hostile) - 1)];
                break;
        case 1:
                changed.bytes[at] = (char)(changed.bytes[at] ^ 1 << chance_next(chance) % 8);
                break;
        default:
                much = much < changed.size - at ? much : changed.size - at;
                memmove(changed.bytes + at, changed.bytes + at + much, changed.size - at - much);
                changed.size -= much;
        }
        (void)snprintf(what, sizeof(what), "byte %zu changed", at);
        attempt = bench_attempt(bench, what, changed.bytes, changed.size);
        (void)bench_try(bench, &attempt, &outcome);
}

void change_bytes(Bench *bench)
{
        const FixtureInput *input = bench->input;
        const size_t size = input->bytes.size;
        uint64_t chance = hash64(input->bytes.bytes ? input->bytes.bytes : "", size) | 1;
        CLEANUP(buffer_free) Buffer said = { 0 };

        original_try(bench, &said);
        if (!size || size > CHANGED_MOST)
                return;
        cuts_try(bench);
        for (int i = 0; i < FLIPS; i++)
                flip_try(bench, &chance);
}

void change_sick(Bench *bench)
{
        static const char *const bodies[] = {
                "",
                " \n",
                "null",
                "<!DOCTYPE html>\n<html><title>login</title><form action=\"/login\"></form></html>",
                "<?xml version=\"1.0\"?><error><code>500</code><message>busy</message></error>",
                "{\"code\":500,\"msg\":\"busy\",\"data\":null}",
                "{\"success\":false,\"message\":\"session expired\"}",
                "{\"error\":{\"code\":401,\"message\":\"token expired\"}}",
                "{\"hasError\":true,\"rows\":null}",
                "[{\"code\":404,\"description\":\"no such service\"}]",
                "502 Bad Gateway",
        };

        for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
                CLEANUP(mem_drop) char *what = text_format("in its place: %.40s", bodies[i]);
                Attempt attempt = bench_attempt(bench, what, bodies[i], strlen(bodies[i]));
                Outcome outcome;

                attempt.without_key = true;
                if (bench_try(bench, &attempt, &outcome))
                        bench_rule(bench, RULE_SICK, !outcome.events_size, &attempt, "%zu events", outcome.events_size);
        }
}
