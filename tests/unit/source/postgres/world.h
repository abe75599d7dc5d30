#pragma once

/* A source of rows under test beside the database of its owner; each process of Check has a schema of its own. */

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

static inline void owner_run(World *world, const char *sql)
{
        database_run(world->owner, sql);
}

/* What the owner's schema is called, so that tables of tests do not meet. */
static inline void owner_open(World *world)
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
static inline void options_take(World *world, const char *const *settings)
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

static inline void source_start(World *world)
{
        world->setup.checkpoint = world->checkpoint;
        world->source = source_postgres.open(&world->setup, &world->err);
        ck_assert_msg(world->source != NULL, "%s", world->err.text);
}

static inline void world_open(World *world, const char *tables, const char *const *settings)
{
        owner_open(world);
        owner_run(world, tables);
        options_take(world, settings);
        ck_assert_msg(source_postgres.check(&world->options, &world->err), "%s", world->err.text);
        world->setup = (SourceSetup){ .instance = "vendors", .folder = world->folder, .options = &world->options };
        source_start(world);
}

/* As the runner does it: what is acknowledged last may be kept a moment later. */
static inline void position_take(World *world)
{
        const char *position = source_postgres.position(world->source);

        free(world->checkpoint);
        world->checkpoint = text_copy(position);
}

/* A kill: nothing more is kept but what position() told last. */
static inline void source_kill(World *world)
{
        source_postgres.close(world->source);
        world->source = NULL;
}

static inline void world_close(World *world)
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
static inline SourceResult next(World *world)
{
        SourceResult result = SOURCE_IDLE;

        for (int i = 0; i < 3000 && (result == SOURCE_IDLE || result == SOURCE_AWAY); i++)
                result = source_postgres.read(world->source, 5, &world->record, &world->err);
        return result;
}

static inline void next_is(World *world, const char *key, const char *bytes)
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

static inline void acknowledge(World *world)
{
        ck_assert_msg(source_postgres.acknowledge(world->source, world->record.token, &world->err), "%s",
                      world->err.text);
}

/* Owned: the log of what is known. Its name has a hash. */
static inline char *log_find(const World *world)
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
static inline void acknowledge_kept(World *world, uint64_t token)
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

static inline void next_taken(World *world, const char *key)
{
        next_is(world, key, NULL);
        acknowledge(world);
}

/* Looks enough that a poll and a scan would have shown what is there: every is 10 ms. */
static inline void nothing_comes(World *world)
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
