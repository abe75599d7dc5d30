#include "tests/unit/source/postgres/world.h"

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

RUN("postgres-gone", a_row_that_is_gone_becomes_a_key_without_bytes_once,
    a_row_that_was_handed_over_and_is_gone_after_a_kill_is_taken_back,
    a_deletion_is_found_after_a_restart_and_comes_back_when_the_row_does, what_no_look_can_show_is_found_by_the_scan,
    a_scan_that_misses_most_is_not_believed_at_once, ids_may_be_asked_for_in_other_words)
