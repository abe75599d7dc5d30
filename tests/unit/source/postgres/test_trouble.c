#include "tests/unit/source/postgres/world.h"

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

RUN("postgres-trouble", a_row_that_the_server_cannot_give_is_refused_alone, a_cut_connection_is_made_anew,
    a_table_that_is_away_is_waited_for, nothing_can_be_written_there, a_query_that_takes_too_long_is_stopped,
    a_database_without_a_character_set_is_read_as_gb18030, what_cannot_work_is_said_without_a_database,
    a_knock_tries_every_statement)
