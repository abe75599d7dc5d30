#pragma once

/*
 * A folder of its own with hub.yaml, zones.yaml, privacy.keys and a copy of schemas, and a database of its own beside
 * it, for tests that run a command as main() would.
 */

#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/tool/command.h"
#include "tests/unit/db/database.h"

#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

typedef struct {
        char folder[64];
        char database[32];
        Buffer out, err; /* what the last command said */
} Bench;

static inline void bench_file(const Bench *bench, const char *name, const char *text)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", bench->folder, name);
        FILE *file = fopen(path, "w");

        ck_assert_ptr_nonnull(file);
        fputs(text, file);
        fclose(file);
}

static inline void bench_shell(const Bench *bench, const char *command)
{
        CLEANUP(mem_drop) char *line = text_format("cd %s && %s", bench->folder, command);

        ck_assert_int_eq(system(line), 0);
}

static inline void bench_open(Bench *bench, const char *brokers)
{
        CLEANUP(db_drop) Db *db = database_open();
        CLEANUP(mem_drop) char *config = NULL, *create = NULL;

        *bench = (Bench){ 0 };
        snprintf(bench->folder, sizeof(bench->folder), "/tmp/hub-bench-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(bench->folder));
        snprintf(bench->database, sizeof(bench->database), "m%d", (int)getpid());
        create = text_format("CREATE DATABASE %s", bench->database);
        database_run(db, create);
        config = text_format(
                "postgres: { url: \"%s dbname=%s\" }\nkafka: { brokers: \"%s\" }\nprivacy: { keys: privacy.keys }\n"
                "zones: zones.yaml\nstate: state\n",
                getenv("HUB_TEST_DATABASE"), bench->database, brokers);
        bench_file(bench, "hub.yaml", config);
        bench_file(bench, "zones.yaml", "\"350206\": { name: Huli, partition: 0 }\n");
        bench_file(bench, "privacy.keys",
                   "1 pseudonym 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
                   "1 seal 202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f\n");
        bench_shell(bench, "chmod 0400 privacy.keys && cp -r " HUB_SCHEMAS_SOURCE "/. .");
        setenv("HUB_SCHEMAS", bench->folder, 1);
}

static inline void bench_close(Bench *bench)
{
        bench_shell(bench, "rm -rf \"$PWD\"");
        buffer_free(&bench->out);
        buffer_free(&bench->err);
}

static inline Db *bench_database(const Bench *bench)
{
        CLEANUP(mem_drop) char *url = text_format("%s dbname=%s", getenv("HUB_TEST_DATABASE"), bench->database);
        const DbOptions options = { .url = url, .connect_timeout_ms = 10000 };
        Error err = { 0 };
        Db *db = db_open(&options, "test", "", &err);

        ck_assert_msg(db != NULL, "%s", err.text);
        return db;
}

static inline void bench_redirect(const Bench *bench, const char *name, FILE *stream)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", bench->folder, name);

        fflush(stream);
        ck_assert_ptr_nonnull(freopen(path, "w", stream));
}

static inline void bench_read(const Bench *bench, const char *name, FILE *stream, Buffer *said)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", bench->folder, name);
        Error err = { 0 };

        fflush(stream);
        buffer_clear(said);
        buffer_room(said, 0);
        ck_assert_msg(file_read(said, path, 16 << 20, &err), "%s", err.text);
}

/* Runs a command with these arguments, which end with NULL, and --config; gives its exit code. */
static inline int bench_run(Bench *bench, int (*command)(int, char **), const char *const *arguments)
{
        CLEANUP(mem_drop) char *config = text_format("--config=%s/hub.yaml", bench->folder);
        CLEANUP(mem_drop) char *text = mem_new(1);
        char *argv[16] = { text };
        int argc = 1, code;

        for (; arguments[argc - 1]; argc++)
                argv[argc] = text_copy(arguments[argc - 1]);
        argv[argc] = config;
        bench_redirect(bench, "out", stdout);
        bench_redirect(bench, "err", stderr);
        optind = 0; /* glibc: getopt starts anew */
        code = command(argc + 1, argv);
        bench_read(bench, "out", stdout, &bench->out);
        bench_read(bench, "err", stderr, &bench->err);
        for (int i = 1; i < argc; i++) /* getopt may have moved the last one */
                if (argv[i] != config)
                        free(argv[i]);
        if (argv[argc] != config)
                free(argv[argc]);
        return code;
}

#define BENCH_RUN(bench, command, ...) bench_run((bench), (command), (const char *const[]){ __VA_ARGS__ })

/* Opened, its database migrated and filled. */
static inline void bench_fill(Bench *bench, const char *rows)
{
        CLEANUP(db_drop) Db *db = NULL;

        bench_open(bench, "127.0.0.1:1");
        db = bench_database(bench);
        database_run(db, "CREATE EXTENSION postgis");
        ck_assert_int_eq(BENCH_RUN(bench, command_migrate, NULL), EXIT_FINE);
        database_run(db, rows);
}
