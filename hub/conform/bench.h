#pragma once

/*
 * Trials on one input of a fixture. bench_try() translates bytes in place of the input's, judges what every outcome must keep, and
 * hands the outcome over for what this change in particular must keep. Trials are numbered, so that after a crash the rest can be
 * tried: those up to `skip` are not run again.
 */

#include "hub/conform/document.h"
#include "hub/conform/tally.h"
#include "hub/conform/trial.h"
#include "hub/event/json.h"

/* Planted into texts; a number of a citizen that the masks know. */
#define CANARY_PHONE  "13959201234"
#define CANARY_PERSON "350206199001011239"

typedef struct {
        TrialSetup setup;
        const FixtureInput *input;
        Tally *tally;
        EventReader *reader;
        Arena *arena, *alone; /* of the last outcome; of its items, tried alone */
        const char *keep;     /* folder for the first record that breaks each rule; NULL: none */
        uint64_t number, skip;
} Bench;

typedef struct {
        const char *bytes;
        size_t size;
        const char *content_type;     /* NULL: none */
        const char *what;             /* was changed */
        bool without_key, is_wrapped; /* what is in a wrapping may be right alone */
} Attempt;

/* The input as it is, with that text. */
Attempt bench_attempt(const Bench *bench, const char *what, const char *bytes, size_t size);

Record bench_record(const Bench *bench, const Attempt *attempt,
                    const char *bytes); /* of them and the fixture's arguments */

/* False: skipped. The outcome lives until the next try. */
bool bench_try(Bench *bench, const Attempt *attempt, Outcome *outcome);

/* Tallies; a first breach is kept as a file, where one is wanted. */
bool bench_rule(Bench *bench, Rule rule, bool held, const Attempt *attempt, const char *format, ...)
        __attribute__((format(printf, 5, 6)));

/* What an outcome says, to be compared: events without `raw`, verdicts by their reasons. */
void outcome_say(const Outcome *outcome, bool reasons, Buffer *out);
bool outcome_has_rejects(const Outcome *outcome);
/* The first subject (id) of one that the other lacks; NULL: none. */
const char *outcome_stranger(const Outcome *outcome, const Outcome *whole);
const char *outcome_missing(const Outcome *outcome, const Outcome *wanted);
