#include "hub/conform/bench.h"

#include "hub/base/text.h"
#include "hub/conform/judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ALARM_S = JUDGE_ALIVE_MS / 1000 * 2 }; /* a trial that does not end ends its process */

Attempt bench_attempt(const Bench *bench, const char *what, const char *bytes, size_t size)
{
        return (Attempt){ bytes, size, bench->setup.fixture->record.content_type, what, false, false };
}

Record bench_record(const Bench *bench, const Attempt *attempt, const char *bytes)
{
        Record record = bench->setup.fixture->record;

        record.bytes = bytes;
        record.size = attempt->size;
        record.content_type = attempt->content_type;
        record.channel = record.channel ? record.channel : bench->input->name;
        record.position = record.position ? record.position : bench->input->name;
        record.key = attempt->without_key ? NULL : record.key;
        return record;
}

bool bench_try(Bench *bench, const Attempt *attempt, Outcome *outcome)
{
        CLEANUP(mem_drop) char *bytes = NULL;
        Tally *tally = bench->tally;
        Record record;

        if (++bench->number <= bench->skip)
                return false;
        bytes = mem_copy(attempt->bytes, attempt->size); /* a block of its own: reading past its end is seen */
        record = bench_record(bench, attempt, bytes);
        tally->at = bench->number;
        tally->trials++;
        tally_now(tally, "%s/%s: %s", bench->setup.fixture->name, bench->input->name, attempt->what);
        arena_reset(bench->arena);
        (void)alarm(ALARM_S);
        trial_run(&bench->setup, &record, bench->arena, outcome);
        judge_outcome(bench, attempt, &record, outcome);
        (void)alarm(0);
        if (outcome->ms > tally->slowest_ms) {
                tally->slowest_ms = outcome->ms;
                memcpy(tally->slowest, tally->now, sizeof(tally->slowest));
        }
        return true;
}

static void breach_keep(const Bench *bench, Rule rule, const Attempt *attempt)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s.%s", bench->keep, rule_name(rule), bench->input->name);
        FILE *file = fopen(path, "w");

        if (!file)
                return;
        fwrite(attempt->bytes, 1, attempt->size, file);
        fclose(file);
}

bool bench_rule(Bench *bench, Rule rule, bool held, const Attempt *attempt, const char *format, ...)
{
        CLEANUP(mem_drop) char *text = NULL;
        va_list arguments;

        if (bench->setup.fixture->excused & 1U << rule)
                return true;
        if (!held && bench->keep && !bench->tally->rules[rule].failed)
                breach_keep(bench, rule, attempt);
        if (!held && !bench->tally->rules[rule].failed) {
                va_start(arguments, format);
                if (vasprintf(&text, format, arguments) < 0)
                        text = NULL;
                va_end(arguments);
        }
        tally_rule(bench->tally, rule, held, "%s: %s", bench->tally->now, text ? text : "");
        return held;
}

/* ---- outcomes compared ---- */

void outcome_say(const Outcome *outcome, bool reasons, Buffer *out)
{
        for (size_t i = 0; i < outcome->events_size; i++) {
                buffer_add(out, outcome->events[i].bytes, outcome->events[i].telling);
                buffer_byte(out, '\n');
        }
        for (size_t i = 0; i < outcome->verdicts_size; i++)
                buffer_format(out, "%s %s\n", outcome->verdicts[i].rejected ? "rejected" : "ignored",
                              reasons && outcome->verdicts[i].reason ? outcome->verdicts[i].reason : "");
        if (outcome->ended)
                buffer_format(out, "ended %d\n", (int)outcome->ended);
        buffer_text(out, "");
}

static bool has_subject(const Outcome *outcome, const char *subject)
{
        for (size_t i = 0; i < outcome->events_size; i++)
                if (strcmp(outcome->events[i].subject, subject) == 0)
                        return true;
        return false;
}

static bool has_id(const Outcome *outcome, const char *id)
{
        for (size_t i = 0; i < outcome->events_size; i++)
                if (strcmp(outcome->events[i].id, id) == 0)
                        return true;
        return false;
}

bool outcome_has_rejects(const Outcome *outcome)
{
        for (size_t i = 0; i < outcome->verdicts_size; i++)
                if (outcome->verdicts[i].rejected)
                        return true;
        return false;
}

const char *outcome_stranger(const Outcome *outcome, const Outcome *whole)
{
        for (size_t i = 0; i < outcome->events_size; i++)
                if (!has_subject(whole, outcome->events[i].subject))
                        return outcome->events[i].subject;
        return NULL;
}

const char *outcome_missing(const Outcome *outcome, const Outcome *wanted)
{
        for (size_t i = 0; i < wanted->events_size; i++)
                if (!has_id(outcome, wanted->events[i].id))
                        return wanted->events[i].id;
        return NULL;
}
