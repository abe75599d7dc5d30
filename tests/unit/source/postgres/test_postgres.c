#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/source/postgres/postgres_options.h"
#include "hub/source/source.h"
#include "tests/unit/base/run.h"
#include "tests/unit/db/database.h"
#include "tests/unit/pipe/folder.h"

#include <glob.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* A source under test beside the database of its owner; each process of Check has a schema of its own. */
typedef struct {
        char folder[64];
        char schema[32];
        PostgresOptions options;
        SourceSetup setup;
        SourceSpan span;
        Source *source;
        SourceRecord record;
        Error err;
        Db *owner;
        char *checkpoint;
} World;

static void owner_run(World *world, const char *sql)
{
        database_run(world->owner, sql);
}

/* What the owner's schema is called, so that tables of tests do not meet. */
static void owner_open(World *world)
{
        CLEANUP(mem_drop) char *sql = NULL;

        memset(world, 0, sizeof(*world));
        test_folder(world->folder);
        world->owner = database_open();
        snprintf(world->schema, sizeof(world->schema), "t%d", (int)getpid());
        sql = text_format("CREATE SCHEMA %s; SET search_path = %s", world->schema, world->schema);
        owner_run(world, sql);
}

/* settings: as of --set, ends with NULL; "@" stands for the schema. */
static void options_take(World *world, const char *const *settings)
{
        CLEANUP(mem_drop) char *url = text_format("url=%s", getenv("HUB_TEST_DATABASE"));
        char *given[24] = { text_copy(url), text_copy("every=10ms"), text_copy("lag=0s") };
        size_t size = 3;

        for (; settings && *settings; settings++) {
                const char *at = strchr(*settings, '@');

                given[size++] = at ? text_format("%.*s%s%s", (int)(at - *settings), *settings, world->schema, at + 1)
                                   : text_copy(*settings);
        }
        ck_assert_msg(options_set(source_postgres.options, source_postgres.options_size, (const char *const *)given,
                                  size, ".", &world->options, &world->err),
                      "%s", world->err.text);
        while (size)
                free(given[--size]);
}

static void source_start(World *world)
{
        world->setup.checkpoint = world->checkpoint;
        world->source = source_postgres.open(&world->setup, &world->err);
        ck_assert_msg(world->source != NULL, "%s", world->err.text);
}

static void world_open(World *world, const char *tables, const char *const *settings)
{
        owner_open(world);
        owner_run(world, tables);
        options_take(world, settings);
        ck_assert_msg(source_postgres.check(&world->options, &world->err), "%s", world->err.text);
        world->setup = (SourceSetup){ .instance = "vendors", .folder = world->folder, .options = &world->options };
        source_start(world);
}

/* As the runner does it: what is acknowledged last may be kept a moment later. */
static void position_take(World *world)
{
        const char *position = source_postgres.position(world->source);

        free(world->checkpoint);
        world->checkpoint = text_copy(position);
}

/* A kill: nothing more is kept but what position() told last. */
static void source_kill(World *world)
{
        source_postgres.close(world->source);
        world->source = NULL;
}

static void world_close(World *world)
{
        CLEANUP(mem_drop) char *sql = text_format("DROP SCHEMA %s CASCADE", world->schema);

        if (world->source)
                source_postgres.close(world->source);
        options_free(source_postgres.options, source_postgres.options_size, &world->options);
        owner_run(world, sql);
        db_close(world->owner);
        free(world->checkpoint);
        test_folder_remove(world->folder);
}

/* Reads until a record comes, or (records false) until so many looks are over that whatever was there has come. */
static SourceResult next(World *world)
{
        SourceResult result = SOURCE_IDLE;

        for (int i = 0; i < 3000 && (result == SOURCE_IDLE || result == SOURCE_AWAY); i++)
                result = source_postgres.read(world->source, 5, &world->record, &world->err);
        return result;
}

static void next_is(World *world, const char *key, const char *bytes)
{
        const Record *record = &world->record.record;

        ck_assert_int_eq(next(world), SOURCE_RECORD);
        ck_assert_msg(!world->record.refusal.kind, "%s", world->record.refusal.text);
        ck_assert_str_eq(record->key, key);
        if (bytes)
                ck_assert_str_eq(record->bytes, bytes);
        ck_assert_uint_eq(record->size, strlen(record->bytes));
        ck_assert_int_eq(record->bytes[record->size], '\0');
}

static void acknowledge(World *world)
{
        ck_assert_msg(source_postgres.acknowledge(world->source, world->record.token, &world->err), "%s",
                      world->err.text);
}

/* Owned: the log of what is known. Its name has a hash. */
static char *log_find(const World *world)
{
        CLEANUP(mem_drop) char *pattern = text_format("%s/known-*.log", world->folder);
        glob_t found;
        char *path;

        ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
        ck_assert_uint_eq(found.gl_pathc, 1);
        path = text_copy(found.gl_pathv[0]);
        globfree(&found);
        return path;
}

/* While more is on its way, what is known is kept a few times a second: until it is. */
static void acknowledge_kept(World *world, uint64_t token)
{
        CLEANUP(mem_drop) char *path = log_find(world);
        struct stat before, after;

        ck_assert_int_eq(stat(path, &before), 0);
        after = before;
        for (int i = 0; i < 3000 && after.st_size == before.st_size; i++) {
                ck_assert(source_postgres.acknowledge(world->source, token, &world->err));
                ck_assert_int_eq(stat(path, &after), 0);
                poll(NULL, 0, 1);
        }
        ck_assert_int_gt(after.st_size, before.st_size);
        position_take(world);
}

static void next_taken(World *world, const char *key)
{
        next_is(world, key, NULL);
        acknowledge(world);
}

/* Looks enough that a poll and a scan would have shown what is there: every is 10 ms. */
static void nothing_comes(World *world)
{
        for (int i = 0; i < 40; i++) {
                SourceResult result = source_postgres.read(world->source, 5, &world->record, &world->err);

                ck_assert_msg(result == SOURCE_IDLE, "result %d, key %s, %s", (int)result,
                              result == SOURCE_RECORD ? world->record.record.key : "", world->err.text);
        }
        position_take(world);
}

static const char stalls[] = "CREATE TABLE stall (id bigint PRIMARY KEY, no text, updated_at timestamptz NOT NULL)";
static const char *const of_stalls[] = { "table=@.stall", "scan=0s", NULL };

/* ---- what a record is ---- */

/* An adapter reads the columns by name, every one a text: as PostgreSQL prints it, whatever the owner's session would. */
START_TEST(a_row_is_one_object_of_texts)
{
        World world;

        world_open(
                &world,
                "CREATE TABLE stall (id bigint PRIMARY KEY, no text, lon numeric(10,6), weight double precision,"
                " open boolean, day date, found_at timestamp, updated_at timestamptz, vendor_id integer, tags text[]);"
                "INSERT INTO stall VALUES (9223372036854775807, E'B-\"12\\\\\\n\\t湖里', 118.1147, 0.1, true,"
                " '2023-12-05', '2023-12-05 08:30:15.123', '2023-12-05 00:30:15.123456Z', NULL, '{a,b}')",
                of_stalls);
        next_is(&world, "9223372036854775807",
                "{\"id\":\"9223372036854775807\",\"no\":\"B-\\\"12\\\\\\u000a\\u0009湖里\",\"lon\":\"118.114700\","
                "\"weight\":"
                "\"0.1\","
                "\"open\":\"true\",\"day\":\"2023-12-05\",\"found_at\":\"2023-12-05 08:30:15.123+08\","
                "\"updated_at\":\"2023-12-05 08:30:15.123456+08\",\"vendor_id\":null,\"tags\":\"{a,b}\"}");
        ck_assert_str_eq(world.record.record.content_type, "application/json");
        ck_assert_str_eq(world.record.record.position, "9223372036854775807 2023-12-05 08:30:15.123456+08");
        ck_assert(text_starts(world.record.record.channel, world.schema));
        ck_assert_uint_eq(world.record.window, 0);
        world_close(&world);
}
END_TEST

/* Huli's servers are not all set to Huli's time: what the owner says of the zone holds for columns that bear none. */
START_TEST(times_without_a_zone_get_the_one_that_was_said)
{
        static const char *const settings[] = { "table=@.stall", "scan=0s", "zone=UTC", NULL };
        World world;

        world_open(&world,
                   "CREATE TABLE stall (id text, updated_at timestamp); INSERT INTO stall VALUES"
                   " ('s-1', '2023-12-05 08:30:15')",
                   settings);
        next_is(&world, "s-1", "{\"id\":\"s-1\",\"updated_at\":\"2023-12-05 08:30:15+00\"}");
        world_close(&world);
}
END_TEST

/* Columns not named never leave the owner's database: they may be personal. */
START_TEST(only_the_columns_that_are_named_are_read)
{
        static const char *const settings[] = { "table=@.stall", "columns=id,updated_at", "channel=stalls", NULL };
        World world;

        world_open(&world,
                   "CREATE TABLE stall (id integer, phone text, updated_at date);"
                   "INSERT INTO stall VALUES (1, '13800000000', '2023-12-05')",
                   settings);
        next_is(&world, "1", "{\"id\":\"1\",\"updated_at\":\"2023-12-05\"}");
        ck_assert_str_eq(world.record.record.channel, "stalls");
        world_close(&world);
}
END_TEST

START_TEST(a_query_joins_and_renames)
{
        static const char *const settings[] = {
                "query=SELECT 'v' || v.id AS id, s.no AS \"No.\", s.updated_at FROM @.stall s JOIN vendor v USING (id)"
                " -- both ;\n ; ",
                "scan=0s", NULL
        };
        World world;

        owner_open(&world);
        world_close(&world);
        world_open(&world,
                   "CREATE TABLE stall (id integer, no text, updated_at timestamptz);"
                   "CREATE TABLE public.vendor (id integer); INSERT INTO public.vendor VALUES (7);"
                   "INSERT INTO stall VALUES (7, 'B-12', '2023-12-05 08:30:15+08'), (8, 'B-13', now())",
                   settings);
        next_is(&world, "v7", "{\"id\":\"v7\",\"No.\":\"B-12\",\"updated_at\":\"2023-12-05 08:30:15+08\"}");
        acknowledge(&world);
        nothing_comes(&world);
        database_run(world.owner, "DROP TABLE public.vendor");
        world_close(&world);
}
END_TEST

/* $1 and $2 are the key of the row before: a view that is slow without them. */
START_TEST(a_query_may_look_behind_the_key_itself)
{
        static const char *const settings[] = {
                "query=SELECT * FROM @.stall WHERE (updated_at, id) > ($1, $2) ORDER BY updated_at, id LIMIT 2",
                "scan=0s", "overlap=0s", NULL
        };
        World world;

        world_open(&world,
                   "CREATE TABLE stall (id integer, updated_at timestamptz); INSERT INTO stall SELECT i,"
                   " '2023-12-05 08:00:00+08' FROM generate_series(1, 5) i",
                   settings);
        for (int i = 1; i <= 5; i++)
                next_taken(&world, (char[]){ (char)('0' + i), '\0' });
        nothing_comes(&world);
        owner_run(&world, "INSERT INTO stall VALUES (6, '2023-12-05 09:00:00+08')");
        owner_run(&world, "UPDATE stall SET updated_at = now() WHERE id = 6");
        next_taken(&world, "6");
        world_close(&world);
}
END_TEST

/* ---- which rows ---- */

START_TEST(pages_lose_no_row_of_equal_times)
{
        static const char *const settings[] = { "table=@.stall", "scan=0s", "page=3", NULL };
        World world;

        world_open(&world, stalls, settings);
        owner_run(&world, "INSERT INTO stall SELECT i, 'x', '2023-12-05 08:00:00+08' FROM generate_series(1, 100) i");
        for (int i = 1; i <= 100; i++) {
                char key[16];

                snprintf(key, sizeof(key), "%d", i);
                next_taken(&world, key);
        }
        nothing_comes(&world);
        world_close(&world);
}
END_TEST

/* A transaction that began before our last look ended after it: its rows bear times that we have passed. */
START_TEST(a_row_committed_late_is_met_in_the_overlap)
{
        CLEANUP(db_drop) Db *late = NULL;
        CLEANUP(mem_drop) char *sql = NULL;
        World world;

        world_open(&world, stalls, of_stalls);
        late = database_open();
        sql = text_format("SET search_path = %s; BEGIN; INSERT INTO stall VALUES (1, 'late', now())", world.schema);
        database_run(late, sql);
        owner_run(&world, "INSERT INTO stall VALUES (2, 'early', now())");
        next_taken(&world, "2");
        nothing_comes(&world);
        database_run(late, "COMMIT");
        next_taken(&world, "1");
        nothing_comes(&world);
        world_close(&world);
}
END_TEST

/* By the database's own clock: ours may be wrong. */
START_TEST(rows_younger_than_the_lag_wait)
{
        static const char *const settings[] = { "table=@.stall", "scan=0s", "lag=1h", NULL };
        World world;

        world_open(&world, stalls, settings);
        owner_run(&world, "INSERT INTO stall VALUES (1, 'old', now() - interval '61 minutes'), (2, 'young', now() -"
                          " interval '59 minutes')");
        next_taken(&world, "1");
        nothing_comes(&world);
        owner_run(&world, "UPDATE stall SET updated_at = updated_at - interval '2 minutes' WHERE id = 2");
        next_taken(&world, "2");
        world_close(&world);
}
END_TEST

/* Soft deletion is a row like any other; what it means is the adapter's to say. */
START_TEST(a_change_is_read_and_no_change_is_not)
{
        World world;

        world_open(&world, stalls, of_stalls);
        owner_run(&world, "ALTER TABLE stall ADD is_delete integer DEFAULT 0;"
                          "INSERT INTO stall VALUES (1, 'a', now()), (2, 'b', now())");
        next_taken(&world, "1");
        next_taken(&world, "2");
        nothing_comes(&world);
        owner_run(&world, "UPDATE stall SET is_delete = 1, updated_at = now() WHERE id = 2");
        next_is(&world, "2", NULL);
        ck_assert_ptr_nonnull(strstr(world.record.record.bytes, "\"is_delete\":\"1\""));
        acknowledge(&world);
        nothing_comes(&world);
        owner_run(&world, "UPDATE stall SET no = 'c' WHERE id = 1"); /* by hand, its time stays: within the overlap */
        next_is(&world, "1", NULL);
        ck_assert_ptr_nonnull(strstr(world.record.record.bytes, "\"no\":\"c\""));
        world_close(&world);
}
END_TEST

/* The owner adds a column while we run. */
START_TEST(a_new_column_is_read_without_a_restart)
{
        World world;

        world_open(&world, stalls, of_stalls);
        owner_run(&world, "INSERT INTO stall VALUES (1, 'a', now())");
        next_taken(&world, "1");
        nothing_comes(&world);
        owner_run(&world, "ALTER TABLE stall ADD goods text; UPDATE stall SET goods = '水果', updated_at = now()");
        next_is(&world, "1", NULL);
        ck_assert_ptr_nonnull(strstr(world.record.record.bytes, "\"goods\":\"水果\""));
        world_close(&world);
}
END_TEST

START_TEST(rows_before_the_start_are_not_ours)
{
        static const char *const settings[] = { "table=@.stall", "start=2023-12-05 00:00:00", NULL };
        World world;

        world_open(&world, stalls, settings);
        owner_run(&world,
                  "INSERT INTO stall VALUES (1, 'a', '2023-12-04 23:59:59+08'), (2, 'b', '2023-12-05 00:00:01+08')");
        next_taken(&world, "2");
        nothing_comes(&world);
        world_close(&world);
}
END_TEST

START_TEST(a_span_is_read_again_and_ends)
{
        World world;

        world_open(&world, stalls, of_stalls);
        owner_run(&world,
                  "INSERT INTO stall VALUES (1, 'a', '2023-12-04 12:00:00+08'), (2, 'b', '2023-12-05 12:00:00+08'),"
                  " (3, 'c', '2023-12-06 12:00:00+08')");
        for (int i = 0; i < 3; i++)
                next_taken(&world, (char[]){ (char)('1' + i), '\0' });
        source_kill(&world);
        world.span =
                (SourceSpan){ .from = INT64_C(1701705600000), .to = INT64_C(1701792000000) }; /* the 5th, Shanghai's */
        world.setup.span = &world.span;
        source_start(&world);
        next_taken(&world, "2");
        ck_assert_int_eq(next(&world), SOURCE_END);
        ck_assert_ptr_null(source_postgres.position(world.source));
        world_close(&world);
}
END_TEST

/* ---- restarts ---- */

START_TEST(after_a_restart_it_goes_on_and_repeats_nothing)
{
        World world;

        world_open(&world, stalls, of_stalls);
        owner_run(&world, "INSERT INTO stall SELECT i, 'x', now() FROM generate_series(1, 9) i");
        for (int i = 1; i <= 9; i++)
                next_taken(&world, (char[]){ (char)('0' + i), '\0' });
        nothing_comes(&world);
        ck_assert_ptr_nonnull(world.checkpoint);
        source_kill(&world);
        owner_run(&world, "INSERT INTO stall VALUES (10, 'x', now() - interval '1 minute')");
        source_start(&world);
        next_taken(&world, "10");
        nothing_comes(&world);
        world_close(&world);
}
END_TEST

/* What was handed over and not acknowledged comes again, and only that. */
START_TEST(what_was_not_acknowledged_comes_again)
{
        static const char *const settings[] = { "table=@.stall", "scan=0s", "page=4", NULL };
        World world;

        world_open(&world, stalls, settings);
        owner_run(&world, "INSERT INTO stall SELECT i, 'x', '2023-12-05 08:00:00+08' FROM generate_series(1, 9) i");
        for (int i = 1; i <= 5; i++)
                next_taken(&world, (char[]){ (char)('0' + i), '\0' });
        for (int i = 6; i <= 8; i++)
                next_is(&world, (char[]){ (char)('0' + i), '\0' }, NULL);
        acknowledge_kept(&world, 5);
        ck_assert_ptr_nonnull(world.checkpoint);
        source_kill(&world);
        source_start(&world);
        for (int i = 6; i <= 9; i++)
                next_taken(&world, (char[]){ (char)('0' + i), '\0' });
        nothing_comes(&world);
        world_close(&world);
}
END_TEST

START_TEST(without_a_position_all_rows_come_again)
{
        World world;

        world_open(&world, stalls, of_stalls);
        owner_run(&world, "INSERT INTO stall VALUES (1, 'a', now())");
        next_taken(&world, "1");
        nothing_comes(&world);
        source_kill(&world);
        free(world.checkpoint);
        world.checkpoint = NULL;
        source_start(&world);
        next_taken(&world, "1");
        world_close(&world);
}
END_TEST

START_TEST(a_position_that_is_none_is_said)
{
        static const char *const positions[] = { "", "0:50=1", "of 12 scanned never after ", "of 12 scanned never",
                                                 "{\"key\":1}" };
        World world;

        world_open(&world, stalls, of_stalls);
        source_kill(&world);
        for (size_t i = 0; i < sizeof(positions) / sizeof(positions[0]); i++) {
                world.setup.checkpoint = positions[i];
                ck_assert_ptr_null(source_postgres.open(&world.setup, &world.err));
                ck_assert_int_eq(world.err.kind, ERR_FATAL);
                ck_assert_ptr_nonnull(strstr(world.err.text, "checkpoint"));
        }
        world_close(&world);
}
END_TEST

/* Another table's ids would all look deleted. */
START_TEST(another_query_under_the_same_name_starts_anew)
{
        static const char *const settings[] = { "table=@.other", "scan=0s", NULL };
        World world;

        world_open(&world, stalls, of_stalls);
        owner_run(&world,
                  "CREATE TABLE other (id text, updated_at timestamptz); INSERT INTO other VALUES ('o', '2020-01-01');"
                  "INSERT INTO stall VALUES (1, 'a', now())");
        next_taken(&world, "1");
        nothing_comes(&world);
        source_kill(&world);
        options_free(source_postgres.options, source_postgres.options_size, &world.options);
        memset(&world.options, 0, sizeof(world.options));
        options_take(&world, settings);
        source_start(&world);
        next_taken(&world, "o");
        nothing_comes(&world);
        world_close(&world);
}
END_TEST

/* ---- scans ---- */

static const char *const scanned[] = { "table=@.stall", "scan=20ms", NULL };

START_TEST(a_row_that_is_gone_becomes_a_key_without_bytes_once)
{
        CLEANUP(mem_drop) char *position = NULL;
        World world;

        world_open(&world, stalls, scanned);
        owner_run(&world, "INSERT INTO stall SELECT i, 'x', now() FROM generate_series(1, 3) i");
        for (int i = 1; i <= 3; i++)
                next_taken(&world, (char[]){ (char)('0' + i), '\0' });
        nothing_comes(&world);
        owner_run(&world, "DELETE FROM stall WHERE id = 2");
        next_is(&world, "2", "");
        position = text_copy(world.record.record.position);
        ck_assert(text_starts(position, "2 deleted "));
        source_kill(&world); /* unacknowledged: the next one tells it again, as the same */
        source_start(&world);
        next_is(&world, "2", "");
        ck_assert_str_eq(world.record.record.position, position);
        acknowledge(&world);
        nothing_comes(&world);
        owner_run(&world, "INSERT INTO stall VALUES (2, 'y', now())");
        next_taken(&world, "2");
        owner_run(&world, "DELETE FROM stall WHERE id = 2");
        next_is(&world, "2", "");
        ck_assert_str_ne(world.record.record.position, position);
        world_close(&world);
}
END_TEST

/* It may be in Kafka: killed before the acknowledgement nobody knows. Deleted before we look again, it must be taken back. */
START_TEST(a_row_that_was_handed_over_and_is_gone_after_a_kill_is_taken_back)
{
        World world;

        world_open(&world, stalls, scanned);
        owner_run(&world, "INSERT INTO stall VALUES (1, 'a', now()), (2, 'b', now())");
        next_taken(&world, "1");
        next_is(&world, "2", NULL);
        source_kill(&world);
        owner_run(&world, "DELETE FROM stall WHERE id = 2");
        source_start(&world); /* there is not even a position yet */
        next_taken(&world, "1");
        next_is(&world, "2", "");
        acknowledge(&world);
        nothing_comes(&world);
        owner_run(&world, "INSERT INTO stall VALUES (3, 'ahead', '2099-12-31')");
        next_is(&world, "3", NULL);
        source_kill(&world);
        owner_run(&world, "DELETE FROM stall WHERE id = 3");
        source_start(&world);
        next_is(&world, "3", "");
        world_close(&world);
}
END_TEST

START_TEST(a_deletion_is_found_after_a_restart_and_comes_back_when_the_row_does)
{
        World world;

        world_open(&world, stalls, scanned);
        owner_run(&world, "INSERT INTO stall SELECT i, 'x', now() FROM generate_series(1, 3) i");
        for (int i = 1; i <= 3; i++)
                next_taken(&world, (char[]){ (char)('0' + i), '\0' });
        nothing_comes(&world);
        source_kill(&world);
        owner_run(&world, "DELETE FROM stall WHERE id IN (1, 3)");
        source_start(&world);
        next_is(&world, "1", "");
        acknowledge_kept(&world, world.record.token);
        source_kill(&world);
        source_start(&world);
        next_is(&world, "3", "");
        acknowledge(&world);
        nothing_comes(&world);
        owner_run(&world, "INSERT INTO stall VALUES (3, 'again', now())");
        next_is(&world, "3", NULL);
        ck_assert_ptr_nonnull(strstr(world.record.record.bytes, "again"));
        acknowledge(&world);
        nothing_comes(&world);
        world_close(&world);
}
END_TEST

/* No time, a time that never comes, one far behind the overlap, a change that left its time as it was. */
START_TEST(what_no_look_can_show_is_found_by_the_scan)
{
        static const char *const settings[] = { "table=@.stall", "scan=20ms", "overlap=1s", NULL };
        World world;

        world_open(&world, "CREATE TABLE stall (id text PRIMARY KEY, no text, updated_at timestamp)", settings);
        owner_run(&world, "INSERT INTO stall VALUES ('a', 'x', '2023-12-05 08:00:00')");
        next_taken(&world, "a");
        nothing_comes(&world);
        owner_run(&world, "INSERT INTO stall VALUES ('late', 'x', '2023-12-05 07:00:00')");
        next_taken(&world, "late");
        owner_run(&world, "INSERT INTO stall VALUES ('timeless', 'x', NULL)");
        next_is(&world, "timeless", "{\"id\":\"timeless\",\"no\":\"x\",\"updated_at\":null}");
        acknowledge(&world);
        owner_run(&world, "INSERT INTO stall VALUES ('ahead', 'x', '2099-12-31')");
        next_taken(&world, "ahead");
        owner_run(&world, "UPDATE stall SET no = 'y' WHERE id = 'a'");
        next_is(&world, "a", "{\"id\":\"a\",\"no\":\"y\",\"updated_at\":\"2023-12-05 08:00:00+08\"}");
        acknowledge(&world);
        nothing_comes(&world);
        world_close(&world);
}
END_TEST

/* Emptied, and filled again in another transaction: some hundred stalls are not closed for it. */
START_TEST(a_scan_that_misses_most_is_not_believed_at_once)
{
        static const char *const settings[] = { "table=@.stall", "scan=1h", NULL };
        static const char *const often[] = { "table=@.stall", "scan=20ms", NULL };
        char *scanned_at;
        World world;

        world_open(&world, stalls, settings);
        owner_run(&world, "INSERT INTO stall SELECT i, 'x', now() FROM generate_series(1, 300) i");
        for (int i = 1; i <= 300; i++) {
                ck_assert_int_eq(next(&world), SOURCE_RECORD);
                acknowledge(&world);
        }
        for (int i = 0; i < 3000 && (!world.checkpoint || strstr(world.checkpoint, "never")); i++)
                nothing_comes(&world);
        source_kill(&world);
        owner_run(&world, "CREATE TABLE kept AS SELECT * FROM stall; TRUNCATE stall");
        /* the time of the last scan is put back, so that one is due, and one only */
        scanned_at = strstr(world.checkpoint, "scanned ") + strlen("scanned ");
        memcpy(scanned_at, "2023", 4);
        source_start(&world);
        nothing_comes(&world);
        owner_run(&world, "INSERT INTO stall SELECT * FROM kept WHERE id <> 217");
        source_kill(&world);
        options_free(source_postgres.options, source_postgres.options_size, &world.options);
        memset(&world.options, 0, sizeof(world.options));
        options_take(&world, often);
        source_start(&world);
        next_is(&world, "217", "");
        acknowledge(&world);
        nothing_comes(&world);
        owner_run(&world, "DELETE FROM stall"); /* and it stays so: the second scan is believed */
        for (int i = 1; i < 300; i++) {
                ck_assert_int_eq(next(&world), SOURCE_RECORD);
                ck_assert_uint_eq(world.record.record.size, 0);
                acknowledge(&world);
        }
        nothing_comes(&world);
        world_close(&world);
}
END_TEST

START_TEST(ids_may_be_asked_for_in_other_words)
{
        static const char *const settings[] = { "query=SELECT * FROM @.stall WHERE (updated_at, id) > ($1, $2)",
                                                "ids=SELECT id FROM stall_ids", "scan=20ms", NULL };
        CLEANUP(mem_drop) char *view = NULL;
        World world;

        world_open(&world, stalls, settings);
        view = text_format("CREATE VIEW public.stall_ids AS SELECT id FROM %s.stall", world.schema);
        owner_run(&world, view);
        owner_run(&world, "INSERT INTO stall VALUES (1, 'a', now()), (2, 'b', now())");
        next_taken(&world, "1");
        next_taken(&world, "2");
        owner_run(&world, "DELETE FROM stall WHERE id = 1");
        next_is(&world, "1", "");
        acknowledge(&world);
        nothing_comes(&world);
        world_close(&world);
}
END_TEST

/* ---- trouble ---- */

/* One bad value must not hold up the table: it is set aside with its key, once. */
START_TEST(a_row_that_the_server_cannot_give_is_refused_alone)
{
        static const char *const settings[] = {
                "query=SELECT id, updated_at, CASE WHEN lon <> '' THEN lon::numeric END AS lon FROM @.stall",
                "scan=20ms", NULL
        };
        World world;

        world_open(
                &world,
                "CREATE TABLE stall (id integer PRIMARY KEY, lon text, updated_at timestamptz); CREATE INDEX ON stall"
                " (updated_at, id); INSERT INTO stall SELECT i, CASE i WHEN 13 THEN 'east' ELSE '118.1' END,"
                " '2023-12-05 08:00:00+08' FROM generate_series(1, 30) i",
                settings);
        for (int i = 1; i <= 30; i++) {
                char key[16];

                snprintf(key, sizeof(key), "%d", i);
                ck_assert_int_eq(next(&world), SOURCE_RECORD);
                ck_assert_str_eq(world.record.record.key, key);
                ck_assert_int_eq(world.record.refusal.kind, i == 13 ? ERR_INPUT : ERR_NONE);
                if (i == 13)
                        ck_assert_str_eq(world.record.refusal.reason, "bad_value");
                acknowledge(&world);
        }
        nothing_comes(&world);
        world_close(&world);
}
END_TEST

START_TEST(a_cut_connection_is_made_anew)
{
        World world;

        world_open(&world, stalls, of_stalls);
        owner_run(&world, "INSERT INTO stall VALUES (1, 'a', now())");
        next_taken(&world, "1");
        owner_run(&world,
                  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hub vendors'");
        owner_run(&world, "INSERT INTO stall VALUES (2, 'b', now())");
        next_taken(&world, "2");
        world_close(&world);
}
END_TEST

/* The owner's maintenance: we wait, say why, and go on. */
START_TEST(a_table_that_is_away_is_waited_for)
{
        SourceResult result = SOURCE_IDLE;
        World world;

        world_open(&world, stalls, of_stalls);
        owner_run(&world, "ALTER TABLE stall RENAME TO moved");
        for (int i = 0; i < 100 && result != SOURCE_AWAY; i++)
                result = source_postgres.read(world.source, 5, &world.record, &world.err);
        ck_assert_int_eq(result, SOURCE_AWAY);
        ck_assert_int_eq(world.err.kind, ERR_RETRY);
        ck_assert_ptr_nonnull(strstr(world.err.text, "stall\" does not exist"));
        owner_run(&world, "ALTER TABLE moved RENAME TO stall; INSERT INTO stall VALUES (1, 'a', now())");
        next_taken(&world, "1");
        world_close(&world);
}
END_TEST

START_TEST(nothing_can_be_written_there)
{
        static const char *const settings[] = {
                "query=SELECT id, updated_at FROM @.stall WHERE nextval('public.called') > 0", "scan=0s", NULL
        };
        SourceResult result = SOURCE_IDLE;
        World world;

        world_open(&world, stalls, settings);
        owner_run(&world, "CREATE SEQUENCE IF NOT EXISTS public.called; INSERT INTO stall VALUES (1, 'a', now())");
        for (int i = 0; i < 300 && !(result == SOURCE_AWAY && strstr(world.err.text, "read-only")); i++)
                result = source_postgres.read(world.source, 5, &world.record, &world.err);
        ck_assert_msg(strstr(world.err.text, "read-only transaction") != NULL, "%s", world.err.text);
        world_close(&world);
}
END_TEST

START_TEST(a_query_that_takes_too_long_is_stopped)
{
        static const char *const settings[] = { "query=SELECT id, updated_at FROM @.stall, pg_sleep(30)",
                                                "statement_timeout=100ms", NULL };
        SourceResult result = SOURCE_IDLE;
        World world;

        world_open(&world, stalls, settings);
        owner_run(&world, "INSERT INTO stall VALUES (1, 'a', now())");
        for (int i = 0; i < 300 && result != SOURCE_AWAY; i++)
                result = source_postgres.read(world.source, 5, &world.record, &world.err);
        ck_assert_msg(strstr(world.err.text, "statement timeout") != NULL, "%s", world.err.text);
        world_close(&world);
}
END_TEST

/* A database without a character set holds whatever its clients wrote: GB18030 here, UTF-8 there. */
START_TEST(a_database_without_a_character_set_is_read_as_gb18030)
{
        CLEANUP(mem_drop) char *url = text_format("url=%s", getenv("HUB_TEST_DATABASE"));
        CLEANUP(mem_drop) char *other = NULL;
        static const char *const settings[] = { "table=stall", "scan=20ms", NULL };
        DbOptions options = { .connect_timeout_ms = 10000, .statement_timeout_ms = 60000 };
        CLEANUP(db_drop) Db *db = NULL;
        World world;

        owner_open(&world);
        owner_run(&world, "CREATE DATABASE bytes ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
        other = text_format("%.*s dbname=bytes", (int)(strstr(url, " dbname") - url - 4), url + 4);
        options.url = other;
        db = db_connect(&options, "test", &world.err);
        ck_assert_msg(db != NULL, "%s", world.err.text);
        database_run(db,
                     "SET client_encoding = 'SQL_ASCII'; CREATE TABLE stall (id text, no text, updated_at timestamptz);"
                     "INSERT INTO stall VALUES (E'\\xba\\xfe', E'\\xba\\xfe\\xc0\\xef', '2023-12-05 08:00:00+08'),"
                     " ('u', E'\\xe6\\xb9\\x96', '2023-12-05 09:00:00+08')");
        options_take(&world, settings);
        free(world.options.db.url);
        world.options.db.url = text_copy(other);
        world.setup = (SourceSetup){ .instance = "vendors", .folder = world.folder, .options = &world.options };
        source_start(&world);
        next_is(&world, "湖", "{\"id\":\"湖\",\"no\":\"湖里\",\"updated_at\":\"2023-12-05 08:00:00+08\"}");
        acknowledge(&world);
        next_is(&world, "u", "{\"id\":\"u\",\"no\":\"湖\",\"updated_at\":\"2023-12-05 09:00:00+08\"}");
        acknowledge(&world);
        nothing_comes(&world);
        database_run(db, "DELETE FROM stall WHERE id = E'\\xba\\xfe'");
        next_is(&world, "湖", "");
        source_kill(&world);
        db_drop(&db);
        owner_run(&world, "DROP DATABASE bytes");
        world_close(&world);
}
END_TEST

/* ---- configuration ---- */

static void refused(const char *const *settings, const char *why)
{
        PostgresOptions options = { 0 };
        Error err = { 0 };
        size_t size = 0;

        while (settings[size])
                size++;
        ck_assert_msg(
                options_set(source_postgres.options, source_postgres.options_size, settings, size, ".", &options, &err),
                "%s", err.text);
        ck_assert(!source_postgres.check(&options, &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_msg(strstr(err.text, why) != NULL, "%s", err.text);
        options_free(source_postgres.options, source_postgres.options_size, &options);
}

START_TEST(what_cannot_work_is_said_without_a_database)
{
        refused((const char *const[]){ "url=host=h", NULL }, "one of table and query");
        refused((const char *const[]){ "url=host=h", "table=t", "query=SELECT 1", NULL }, "one of table and query");
        refused((const char *const[]){ "url=host=h", "query=SELECT 1", "columns=a", NULL }, "columns");
        refused((const char *const[]){ "url=host=h", "table=t", "key=id", NULL }, "key: two columns");
        refused((const char *const[]){ "url=host=h", "table=t", "key=id,id", NULL }, "key: two columns");
        refused((const char *const[]){ "url=host=h", "query=SELECT * FROM t WHERE u > $1", NULL }, "ids:");
        refused((const char *const[]){ "url=host=h", "table=t", "start=yesterday", NULL }, "start");
        refused((const char *const[]){ "url=host=h password=x", "table=t", NULL }, "url holds a password");
        refused((const char *const[]){ "url=nonsense=1", "table=t", NULL }, "url is no address");
}
END_TEST

static void knocks(World *world, const char *const *settings, const char *why)
{
        Error err = { 0 };
        bool works;

        options_free(source_postgres.options, source_postgres.options_size, &world->options);
        memset(&world->options, 0, sizeof(world->options));
        options_take(world, settings);
        works = source_postgres.connect_check(&world->options, &err);
        if (why)
                ck_assert_msg(!works && strstr(err.text, why), "%s", err.text);
        else
                ck_assert_msg(works, "%s", err.text);
}

START_TEST(a_knock_tries_every_statement)
{
        World world;

        world_open(&world, stalls, of_stalls);
        owner_run(&world, "INSERT INTO stall VALUES (1, 'a', now())");
        knocks(&world, (const char *const[]){ "table=@.stall", NULL }, NULL);
        knocks(&world,
               (const char *const[]){ "query=SELECT * FROM @.stall WHERE (updated_at, id) > ($1, $2)",
                                      "ids=SELECT 1 AS id", NULL },
               NULL);
        knocks(&world, (const char *const[]){ "table=@.nowhere", NULL }, "nowhere\" does not exist");
        knocks(&world, (const char *const[]){ "table=@.stall", "key=changed,id", NULL }, "there is no column changed");
        knocks(&world, (const char *const[]){ "table=@.stall", "key=no,id", NULL },
               "no is neither a timestamp nor a date");
        knocks(&world, (const char *const[]){ "query=SELECT 1 AS id, now() AS updated_at, 2 AS id", NULL },
               "two columns are called id");
        knocks(&world, (const char *const[]){ "query=SELEKT", NULL }, "syntax error");
        knocks(&world, (const char *const[]){ "table=@.stall", "ids=SELECT 1 AS number", NULL }, "id does not exist");
        knocks(&world, (const char *const[]){ "table=@.stall", "zone=Nowhere", NULL }, "TimeZone");
        world_close(&world);
}
END_TEST

RUN("postgres", a_row_is_one_object_of_texts, times_without_a_zone_get_the_one_that_was_said,
    only_the_columns_that_are_named_are_read, a_query_joins_and_renames, a_query_may_look_behind_the_key_itself,
    pages_lose_no_row_of_equal_times, a_row_committed_late_is_met_in_the_overlap, rows_younger_than_the_lag_wait,
    a_change_is_read_and_no_change_is_not, a_new_column_is_read_without_a_restart, rows_before_the_start_are_not_ours,
    a_span_is_read_again_and_ends, after_a_restart_it_goes_on_and_repeats_nothing,
    what_was_not_acknowledged_comes_again, without_a_position_all_rows_come_again, a_position_that_is_none_is_said,
    another_query_under_the_same_name_starts_anew, a_row_that_is_gone_becomes_a_key_without_bytes_once,
    a_row_that_was_handed_over_and_is_gone_after_a_kill_is_taken_back,
    a_deletion_is_found_after_a_restart_and_comes_back_when_the_row_does, what_no_look_can_show_is_found_by_the_scan,
    a_scan_that_misses_most_is_not_believed_at_once, ids_may_be_asked_for_in_other_words,
    a_row_that_the_server_cannot_give_is_refused_alone, a_cut_connection_is_made_anew,
    a_table_that_is_away_is_waited_for, nothing_can_be_written_there, a_query_that_takes_too_long_is_stopped,
    a_database_without_a_character_set_is_read_as_gb18030, what_cannot_work_is_said_without_a_database,
    a_knock_tries_every_statement)
