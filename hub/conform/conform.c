#include "hub/conform/conform.h"

#include "hub/base/text.h"
#include "hub/conform/change.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEATHS_MOST = 20 }; /* of one input */

static void changes_try(Bench *bench, bool is_first)
{
        Text text;

        change_bytes(bench);
        if (is_first)
                change_sick(bench);
        if (text_open(&text, bench)) {
                change_leaves(&text);
                change_items(&text);
                change_forms(&text);
                if (is_first)
                        change_large(&text);
        }
        text_close(&text);
}

static void child_run(const Bench *given, bool is_first)
{
        Bench bench = *given;

        bench.reader = event_reader_new();
        bench.arena = arena_new();
        bench.alone = arena_new();
        changes_try(&bench, is_first);
        arena_free(bench.arena);
        arena_free(bench.alone);
        event_reader_free(bench.reader);
}

/* How a child ended; true: by itself. */
static bool child_wait(pid_t child, Tally *tally)
{
        struct rusage usage = { 0 };
        int status = 0;

        while (wait4(child, &status, 0, &usage) < 0)
                ;
        if (usage.ru_maxrss > tally->memory_kib)
                tally->memory_kib = usage.ru_maxrss;
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
                return true;
        tally_rule(tally, RULE_ALIVE, false, "%s: %s %d", tally->now,
                   WIFSIGNALED(status) ? "ended by signal" : "exit code",
                   WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        return false;
}

/* After a death the trials behind it are still run, as long as each child comes further than the last one. */
static void input_try(Bench *bench, bool is_first)
{
        Tally *tally = bench->tally;

        tally->inputs++;
        for (int deaths = 0; deaths < DEATHS_MOST; deaths++) {
                pid_t child;

                tally->at = 0;
                (void)fflush(NULL);
                child = fork();
                if (child == 0) {
                        child_run(bench, is_first);
                        _exit(0);
                }
                if (child < 0)
                        abort();
                if (child_wait(child, tally) || tally->at <= bench->skip)
                        return;
                bench->skip = tally->at;
        }
}

static bool fixture_try(const ConformSetup *setup, const char *name, const TrialSetup *with, Tally *tally, Error *err)
{
        CLEANUP(fixture_close) Fixture fixture = { 0 };
        TrialSetup trial = *with;

        if (!fixture_load(&fixture, setup->adapter, setup->folder, name, err))
                return false;
        tally->fixtures++;
        trial.fixture = &fixture;
        for (size_t i = 0; i < fixture.inputs_size; i++) {
                Bench bench = { .setup = trial, .tally = tally, .input = &fixture.inputs[i], .keep = setup->keep };

                input_try(&bench, i == 0);
        }
        return true;
}

bool conform_run(const ConformSetup *setup, Tally *tally, Error *err)
{
        CLEANUP(fixture_names_free) TextList names = { 0 };
        Categories *categories = categories_load(NULL, err);
        Privacy *privacy = privacy_test();
        const TrialSetup with = { .categories = categories, .privacy = privacy };
        bool ran = categories && fixture_names(setup->folder, &names, err);

        for (size_t i = 0; ran && i < names.size; i++)
                if (!setup->only || strcmp(setup->only, names.items[i]) == 0)
                        ran = fixture_try(setup, names.items[i], &with, tally, err);
        if (ran && !tally->fixtures)
                ran = error_set(err, ERR_INPUT, NULL, "%s: no fixture %s", setup->folder, setup->only);
        categories_free(categories);
        privacy_free(privacy);
        return ran;
}
