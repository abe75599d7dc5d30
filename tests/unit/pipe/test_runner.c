#include "hub/base/json.h"
#include "hub/event/json.h"
#include "hub/keep/checkpoint.h"
#include "hub/pipe/crash.h"
#include "hub/pipe/runner.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"
#include "tests/unit/pipe/script.h"
#include "tests/unit/pipe/topics.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { PARTITION = 4 };

typedef struct {
        Mock mock;
        char folder[64];
        Categories *categories;
        Privacy *privacy;
        Script script;
        Script *script_pointer;
        size_t logins, *logins_pointer;
        RunnerSetup setup;
        RunnerTotals totals;
        Error err;
} World;

/* Before the mock cluster's thread starts: signals are the process's, and any thread that does not block them may get
 * them. */
static void signals_block(void)
{
        sigset_t set;

        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGHUP);
        sigprocmask(SIG_BLOCK, &set, NULL);
}

static void world_open(World *world, const char *const *records)
{
        memset(world, 0, sizeof(*world));
        signals_block();
        topics_open(&world->mock);
        world->categories = categories_load(NULL, &world->err);
        world->privacy = privacy_test();
        world->script = (Script){ .records = records, .mock = &world->mock };
        world->script_pointer = &world->script;
        world->logins_pointer = &world->logins;
        world->setup = (RunnerSetup){
                .output = { "grid", "p12", "350206", world->categories, world->privacy },
                .partition = PARTITION,
                .adapter = &script_adapter,
                .options = &world->logins_pointer,
                .source = &script_source,
                .source_options = &world->script_pointer,
                .kafka = &world->mock.options,
                .folder = test_folder(world->folder),
                .tick_ms = 60 * 1000,
                .drain_ms = 30 * 1000,
                .once = true,
        };
}

static void world_close(World *world)
{
        privacy_free(world->privacy);
        categories_free(world->categories);
        test_folder_remove(world->folder);
        topics_close(&world->mock);
}

static void world_run(World *world)
{
        ck_assert_msg(runner_run(&world->setup, &world->totals, &world->err), "%s", world->err.text);
}

static char *checkpoint_of(const World *world)
{
        Checkpoint checkpoint;
        Error err = { 0 };

        ck_assert_msg(checkpoint_load(&checkpoint, world->folder, &err), "%s", err.text);
        json_drop(&checkpoint.seen);
        return checkpoint.position;
}

/* Events, sealed rejects and ticks arrive under dense numbers; the last thing is the final tick, and it adds up. */
START_TEST(a_whole_run)
{
        static const char *const records[] = { "e:a e:b", "r:", "i:", "", "e:c r:", "e:d", NULL };
        CLEANUP(world_close) World world;
        CLEANUP(mem_drop) char *position = NULL;
        EventReader *reader = event_reader_new();
        const Landed *last = NULL;
        EventValue value;
        Log log;

        world_open(&world, records);
        world_run(&world);
        ck_assert_int_eq(world.totals.records, 6);
        ck_assert_int_eq(world.totals.published, 4);
        ck_assert_int_eq(world.totals.rejected, 2);
        ck_assert_int_eq(world.totals.ignored, 1);
        ck_assert_uint_eq(world.totals.unsent, 0);
        log = topics_read(&world.mock, PARTITION, true);
        for (long seq = 1; seq <= (long)log.size; seq++) {
                char header[32];

                snprintf(header, sizeof(header), "\nhub_seq=%ld\n", seq);
                last = log_find(&log, header);
                ck_assert_msg(last != NULL, "number %ld is missing", seq);
        }
        ck_assert_msg(last != NULL, "the topics are empty");
        ck_assert_msg(event_read(reader, last->value, last->size, &value, &world.err), "%s", world.err.text);
        ck_assert(value.tick.final);
        ck_assert_int_eq(value.tick.acked, last->seq - 2);
        ck_assert_ptr_nonnull(log_find(&log, "\nce_id=p12::c:1\n"));
        log_free(&log);
        event_reader_free(reader);
        position = checkpoint_of(&world);
        ck_assert_str_eq(position, "6");
}
END_TEST

START_TEST(acknowledges_in_read_order)
{
        static const char *const records[] = { "e:a", "i:", "e:b", "e:c e:d e:e", "r:", "i:", NULL };
        CLEANUP(world_close) World world;

        world_open(&world, records);
        world_run(&world);
        ck_assert_uint_gt(world.script.acknowledged_size, 0);
        for (size_t i = 1; i < world.script.acknowledged_size; i++)
                ck_assert_uint_lt(world.script.acknowledged[i - 1], world.script.acknowledged[i]);
        ck_assert_uint_eq(world.script.acknowledged[world.script.acknowledged_size - 1], 6);
}
END_TEST

/* What the source itself refuses goes the way of all rejects, and no adapter is asked; the source is told of whole records. */
START_TEST(a_source_refuses_and_is_told_of_refusals)
{
        static const char *const records[] = { "e:a r:", "x: e:never", "e:b", NULL };
        CLEANUP(world_close) World world;
        Log log;

        world_open(&world, records);
        world_run(&world);
        ck_assert_int_eq(world.totals.published, 2);
        ck_assert_int_eq(world.totals.rejected, 2);
        ck_assert_uint_eq(world.script.rejected_size, 2);
        ck_assert_uint_eq(world.script.rejected[0], 1);
        ck_assert_uint_eq(world.script.rejected[1], 2);
        log = topics_read(&world.mock, PARTITION, true);
        ck_assert_ptr_nonnull(log_find(&log, "=too_large\n"));
        ck_assert_ptr_null(log_find(&log, "\nce_id=p12::never:1\n"));
        log_free(&log);
}
END_TEST

/* What Kafka has not confirmed is never acknowledged: stopped while Kafka is away, the checkpoint stays and the exit
 * says so. */
START_TEST(nothing_undelivered_is_acknowledged)
{
        static const char *const records[] = { "e:a", "e:b", "i:", NULL };
        CLEANUP(world_close) World world;

        world_open(&world, records);
        rd_kafka_mock_broker_set_down(world.mock.cluster, 1);
        world.script.stops = true;
        world.setup.drain_ms = 100;
        world_run(&world);
        ck_assert_uint_eq(world.script.acknowledged_size, 0);
        ck_assert_uint_ge(world.totals.unsent, 2);
        ck_assert_ptr_null(checkpoint_of(&world));
}
END_TEST

/* SIGTERM is no loss and no noise: what was read is delivered, acknowledged, and the last tick is final. */
START_TEST(a_stop_drains)
{
        static const char *const records[] = { "e:a", "e:b", NULL };
        CLEANUP(world_close) World world;
        Log log;

        world_open(&world, records);
        world.script.stops = true;
        world.setup.once = false;
        world_run(&world);
        ck_assert_uint_eq(world.totals.unsent, 0);
        ck_assert_uint_eq(world.script.acknowledged[world.script.acknowledged_size - 1], 2);
        log = topics_read(&world.mock, PARTITION, false);
        ck_assert_ptr_nonnull(strstr(log.items[log.size - 1].value, "\"final\":true"));
        log_free(&log);
}
END_TEST

START_TEST(starts_again_where_it_was)
{
        static const char *const records[] = { "e:a", "e:b", NULL }, *const more[] = { "e:a", "e:b", "e:c", NULL };
        CLEANUP(world_close) World world;

        world_open(&world, records);
        world_run(&world);
        world.script.records = more;
        world_run(&world);
        ck_assert_int_eq(world.totals.records, 1);
        ck_assert_int_eq(world.totals.published, 1);
}
END_TEST

/* The overlap across a restart: the checkpoint remembers what was published. */
START_TEST(repeats_are_known_after_a_restart)
{
        static const char *const records[] = { "e:a", "e:b", NULL }, *const again[] = { "-", "-", "e:b", "e:c", NULL };
        CLEANUP(world_close) World world;

        world_open(&world, records);
        world.script.windows = 2;
        world_run(&world);
        world.script.records = again;
        world_run(&world);
        ck_assert_int_eq(world.totals.repeated, 1);
        ck_assert_int_eq(world.totals.published, 1);
}
END_TEST

/* The alert on a peer that is away would see it come back at each try. */
START_TEST(what_is_no_record_is_no_return)
{
        static const char *const records[] = { "l: e:b", NULL };
        CLEANUP(buffer_free) Buffer page = { 0 };
        CLEANUP(world_close) World world;

        world_open(&world, records);
        world.script.away = world.script.sick = 2;
        world.setup.metrics = metrics_new();
        world_run(&world);
        metrics_write(world.setup.metrics, &page);
        ck_assert_uint_eq(world.script.retried, 1);
        ck_assert_msg(strstr(page.bytes, "\nhub_source_reconnects_total{instance=\"grid\",platform=\"p12\"} 1\n"), "%s",
                      page.bytes);
        metrics_free(world.setup.metrics);
}
END_TEST

/* A login page with HTTP 200 is neither a record nor a reject: asked again, and the position does not move meanwhile.
 */
START_TEST(no_record_is_asked_again)
{
        static const char *const records[] = { "e:a", "l: e:b", "e:c", NULL };
        CLEANUP(world_close) World world;

        world_open(&world, records);
        world_run(&world);
        ck_assert_uint_eq(world.script.retried, 1);
        ck_assert_int_eq(world.totals.records, 3);
        ck_assert_int_eq(world.totals.published, 3);
        ck_assert_int_eq(world.totals.rejected, 0);
}
END_TEST

START_TEST(a_peer_that_is_away_comes_back)
{
        static const char *const records[] = { "e:a", NULL };
        CLEANUP(world_close) World world;

        world_open(&world, records);
        world.script.away = 3;
        world_run(&world);
        ck_assert_int_eq(world.totals.published, 1);
}
END_TEST

START_TEST(what_a_person_must_mend_stops_it)
{
        static const char *const records[] = { "e:a", "f:", "e:b", NULL };
        CLEANUP(world_close) World world;

        world_open(&world, records);
        ck_assert(!runner_run(&world.setup, &world.totals, &world.err));
        ck_assert_int_eq(world.err.kind, ERR_FATAL);
        ck_assert_uint_eq(world.script.acknowledged[world.script.acknowledged_size - 1], 1);
}
END_TEST

/* A poison record costs three restarts and itself, never its platform. */
START_TEST(a_record_that_crashes_is_rejected_at_last)
{
        static const char *const records[] = { "e:a", "c:", "e:b", NULL };
        CLEANUP(world_close) World world;
        CLEANUP(mem_drop) char *position = NULL;
        Crash *crash;
        Log log;

        world_open(&world, records);
        for (int i = 0; i < 3; i++) {
                pid_t child = fork();
                int status;

                if (child == 0) {
                        const struct rlimit none = { 0 };

                        setrlimit(RLIMIT_CORE, &none);
                        runner_run(&world.setup, &world.totals, &world.err);
                        _exit(0);
                }
                waitpid(child, &status, 0);
                ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
        }
        world_run(&world);
        ck_assert_int_eq(world.totals.rejected, 1);
        log = topics_read(&world.mock, PARTITION, true);
        ck_assert_ptr_nonnull(log_find(&log, "\nhub_reason=crashed\n"));
        ck_assert_ptr_nonnull(log_find(&log, "\nce_id=p12::b:1\n"));
        log_free(&log);
        position = checkpoint_of(&world);
        ck_assert_str_eq(position, "3");
        crash = crash_open(world.folder, &world.err);
        ck_assert(!crash_poisoned(crash, crash_key("2"))); /* the position may come to mean another record */
        crash_close(crash);
}
END_TEST

typedef struct {
        World *world;
        size_t reloads, frees;
        bool wrong;
} Reloads;

static void *options_reload(void *context, Error *err)
{
        Reloads *reloads = context;
        size_t **fresh;

        reloads->reloads++;
        if (reloads->wrong) {
                (void)error_set(err, ERR_FATAL, NULL, "devices.csv line 7: no");
                return NULL;
        }
        fresh = mem_new(sizeof(*fresh));
        *fresh = &reloads->world->logins;
        return fresh;
}

static void options_reload_free(void *context, void *options)
{
        ((Reloads *)context)->frees++;
        free(options);
}

/* SIGHUP with a registry that is wrong must not stop a platform: the old options stay. */
START_TEST(hangup_reads_options_again)
{
        static const char *const records[] = { "e:a", "e:b", NULL };

        for (int wrong = 0; wrong < 2; wrong++) {
                CLEANUP(world_close) World world;
                Reloads reloads = { .world = &world, .wrong = wrong };

                world_open(&world, records);
                world.setup.reload = options_reload;
                world.setup.reload_free = options_reload_free;
                world.setup.context = &reloads;
                kill(getpid(), SIGHUP);
                world_run(&world);
                ck_assert_uint_eq(reloads.reloads, 1);
                ck_assert_uint_eq(reloads.frees, !wrong);
                ck_assert_int_eq(world.totals.published, 2);
        }
}
END_TEST

/* A 2xx is a promise: a peer is told when all of its record is in Kafka, in read order, before it is forgotten. */
START_TEST(peers_are_told_in_read_order)
{
        static const char *const records[] = {
                "e:a p:fine", "r:", "i:", "e:b p:503:busy r:", "p:410:gone", "x:", NULL
        };
        CLEANUP(world_close) World world;
        char *told;
        int token = 0;

        world_open(&world, records);
        world_run(&world);
        told = world.script.told;
        ck_assert_ptr_nonnull(strstr(told, "1:200:fine "));
        ck_assert_ptr_nonnull(strstr(told, "2:400: "));
        ck_assert_ptr_nonnull(strstr(told, "3:200: "));
        ck_assert_ptr_nonnull(strstr(told, "4:503:busy "));
        ck_assert_ptr_nonnull(strstr(told, "5:410:gone "));
        ck_assert_ptr_nonnull(strstr(told, "6:400: "));
        for (char *word = strtok(told, " "); word; word = strtok(NULL, " ")) {
                ck_assert_int_eq(atoi(word + (word[0] == '^')), word[0] == '^' ? token : token + 1);
                token += word[0] != '^';
        }
        ck_assert_int_eq(token, 6);
}
END_TEST

/* Kafka away: nobody is told anything, so whoever pushed sends it again. */
START_TEST(nobody_is_told_what_is_not_in_kafka)
{
        static const char *const records[] = { "e:a", NULL };
        CLEANUP(world_close) World world;

        world_open(&world, records);
        world.script.stops = world.script.with_broker_down = true;
        rd_kafka_mock_broker_set_down(world.mock.cluster, 1);
        world.setup.drain_ms = 200;
        world_run(&world);
        ck_assert_str_eq(world.script.told, "");
        ck_assert_uint_gt(world.totals.unsent, 0);
}
END_TEST

/* A sensor that says the same for weeks is one event, whatever process of ours ends meanwhile, by a signal that nobody sees. */
START_TEST(states_are_known_after_a_kill)
{
        static const char *const before[] = { "s:a=on s:b=on", "s:a=off", NULL };
        static const char *const after[] = { "", "", "s:a=off", "s:b=on s:a=on", NULL };
        CLEANUP(world_close) World world;
        int status, child;

        world_open(&world, before);
        child = fork();
        ck_assert_int_ge(child, 0);
        if (child == 0) {
                CLEANUP(world_close) World own;

                world_open(&own, before);
                own.setup.folder = world.folder;
                own.script.kills = true;
                runner_run(&own.setup, &own.totals, &own.err);
                _exit(0);
        }
        waitpid(child, &status, 0);
        ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        world.script.records = after;
        world_run(&world);
        ck_assert_int_eq(world.totals.published, 1);
        ck_assert_int_eq(world.totals.ignored, 2);
}
END_TEST

START_TEST(a_dry_run_leaves_nothing)
{
        static const char *const records[] = { "e:a", "r:", "i:", NULL };
        CLEANUP(world_close) World world;
        size_t items, rejected;
        Log log;

        world_open(&world, records);
        ck_assert_ptr_nonnull(freopen("/dev/null", "w", stdout));
        ck_assert_msg(runner_dry(&world.setup, &items, &rejected, &world.err), "%s", world.err.text);
        ck_assert_uint_eq(items, 3);
        ck_assert_uint_eq(rejected, 1);
        log = topics_read(&world.mock, PARTITION, true);
        ck_assert_uint_eq(log.size, 0);
        ck_assert_int_eq(rmdir(world.folder), 0);
}
END_TEST

/* Its words are published, and neither counted as records nor acknowledged nor answered to the peer. An acknowledgement is of all
 * before it, so that of 3 may come with that of 5. */
START_TEST(a_silence_is_told_and_its_end)
{
        static const char *const records[] = { "h:a p:yes", "w:1", "h:a p:yes", "w:2", "e:b", NULL };
        CLEANUP(world_close) World world;
        Log log;

        world_open(&world, records);
        world.script.told_silences = &world.logins;
        world_run(&world);
        ck_assert_int_eq(world.totals.records, 3);
        ck_assert_int_eq(world.totals.published, 3);
        if (strcmp(world.script.told, "1:200:yes ^1 3:200:yes 5:200: ^5 ") != 0)
                ck_assert_str_eq(world.script.told, "1:200:yes ^1 3:200:yes ^3 5:200: ^5 ");
        log = topics_read(&world.mock, PARTITION, true);
        ck_assert_ptr_nonnull(log_find(&log, "\nce_id=p12::a:silent\n"));
        ck_assert_ptr_nonnull(log_find(&log, "\nce_id=p12::a:back\n"));
        log_free(&log);
}
END_TEST

/* What it said of a silence is known after a restart: it is told once more by the runner, and is no event again. */
START_TEST(a_silence_is_one_across_restarts)
{
        static const char *const first[] = { "h:a", "w:1", NULL }, *const again[] = { "", "w:2", "h:a", "w:3", NULL };
        CLEANUP(world_close) World world;

        world_open(&world, first);
        world.script.told_silences = &world.logins;
        world_run(&world);
        ck_assert_int_eq(world.totals.published, 1);
        world.script = (Script){ .records = again, .mock = &world.mock, .told_silences = &world.logins };
        world_run(&world);
        ck_assert_int_eq(world.totals.published, 1);
        ck_assert_int_eq(world.totals.ignored, 1);
}
END_TEST

RUN("runner", a_whole_run, acknowledges_in_read_order, a_source_refuses_and_is_told_of_refusals,
    nothing_undelivered_is_acknowledged, a_stop_drains, starts_again_where_it_was, repeats_are_known_after_a_restart,
    what_is_no_record_is_no_return, no_record_is_asked_again, a_peer_that_is_away_comes_back,
    what_a_person_must_mend_stops_it, a_record_that_crashes_is_rejected_at_last, hangup_reads_options_again,
    peers_are_told_in_read_order, nobody_is_told_what_is_not_in_kafka, states_are_known_after_a_kill,
    a_dry_run_leaves_nothing, a_silence_is_told_and_its_end, a_silence_is_one_across_restarts)
