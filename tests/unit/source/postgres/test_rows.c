#include "tests/unit/source/postgres/world.h"

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

RUN("postgres-rows", a_row_is_one_object_of_texts, times_without_a_zone_get_the_one_that_was_said,
    only_the_columns_that_are_named_are_read, a_query_joins_and_renames, a_query_may_look_behind_the_key_itself,
    pages_lose_no_row_of_equal_times, a_row_committed_late_is_met_in_the_overlap, rows_younger_than_the_lag_wait,
    a_change_is_read_and_no_change_is_not, a_new_column_is_read_without_a_restart, rows_before_the_start_are_not_ours,
    a_span_is_read_again_and_ends, after_a_restart_it_goes_on_and_repeats_nothing,
    what_was_not_acknowledged_comes_again, without_a_position_all_rows_come_again, a_position_that_is_none_is_said,
    another_query_under_the_same_name_starts_anew)
