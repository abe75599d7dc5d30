#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/yaml.h"
#include "hub/source/file/file_options.h"
#include "hub/source/source.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"

#include <fcntl.h>
#include <sys/stat.h>

#define MIB (INT64_C(1) << 20)

typedef struct {
        char folder[64];
        FileOptions options;
        SourceSetup setup;
        Source *source;
        SourceRecord record;
        Error err;
} World;

static void source_start(World *world)
{
        world->source = source_file.open(&world->setup, &world->err);
        ck_assert_msg(world->source != NULL, "%s", world->err.text);
}

/* settings: as of --set, ends with NULL. */
static void world_open(World *world, const char *const *settings)
{
        CLEANUP(mem_drop) char *folder = NULL;
        const char *given[16] = { "every=10ms", NULL };
        size_t size = 2;

        memset(world, 0, sizeof(*world));
        folder = text_format("folder=%s", test_folder(world->folder));
        given[1] = folder;
        while (settings && *settings)
                given[size++] = *settings++;
        ck_assert_msg(options_set(source_file.options, source_file.options_size, given, size, ".", &world->options,
                                  &world->err),
                      "%s", world->err.text);
        ck_assert_msg(source_file.check(&world->options, &world->err), "%s", world->err.text);
        world->setup = (SourceSetup){
                .instance = "letters", .folder = world->folder, .options = &world->options, .once = true
        };
        source_start(world);
}

static void world_close(World *world)
{
        source_file.close(world->source);
        options_free(source_file.options, source_file.options_size, &world->options);
        test_folder_remove(world->folder);
}

static const char *const at_once[] = { "complete=rename", NULL };

static char *path_of(const World *world, const char *name)
{
        return text_format("%s/%s", world->folder, name);
}

static void put_sized(const World *world, const char *name, const char *text, int64_t size)
{
        CLEANUP(mem_drop) char *path = path_of(world, name);
        int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

        ck_assert_int_ge(file, 0);
        ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
        ck_assert_int_eq(ftruncate(file, size), 0);
        close(file);
}

static void put(const World *world, const char *name, const char *text)
{
        put_sized(world, name, text, (int64_t)strlen(text));
}

static void aged(const World *world, const char *name, time_t seconds)
{
        CLEANUP(mem_drop) char *path = path_of(world, name);
        const struct timespec times[] = { { seconds, 0 }, { seconds, 0 } };

        ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

static bool holds(const World *world, const char *name, const char *text)
{
        CLEANUP(mem_drop) char *path = path_of(world, name);
        char bytes[256] = "";
        FILE *file = fopen(path, "r");
        size_t size = file ? fread(bytes, 1, sizeof(bytes) - 1, file) : 0;

        if (file)
                fclose(file);
        return file && size == strlen(text) && memcmp(bytes, text, size) == 0;
}

static bool is_there(const World *world, const char *name)
{
        CLEANUP(mem_drop) char *path = path_of(world, name);

        return access(path, F_OK) == 0;
}

/* Until there is an answer that is not "nothing yet". */
static SourceResult next(World *world)
{
        SourceResult result = SOURCE_IDLE;

        for (int i = 0; i < 3000 && result == SOURCE_IDLE; i++)
                result = source_file.read(world->source, 10, &world->record, &world->err);
        return result;
}

static void next_is(World *world, const char *position, const char *text)
{
        ck_assert_int_eq(next(world), SOURCE_RECORD);
        ck_assert_str_eq(world->record.record.position, position);
        ck_assert_uint_eq(world->record.record.size, strlen(text));
        ck_assert_str_eq(world->record.record.bytes, text);
        ck_assert_int_eq(world->record.refusal.kind, ERR_NONE);
}

static bool acknowledge(World *world)
{
        return source_file.acknowledge(world->source, world->record.token, &world->err);
}

START_TEST(a_delivered_file_goes_to_done_and_not_before)
{
        CLEANUP(world_close) World world;
        CLEANUP(mem_drop) char *path = NULL;

        world_open(&world, at_once);
        path = path_of(&world, "batch.csv");
        put(&world, "batch.csv", "one");
        next_is(&world, "batch.csv", "one");
        ck_assert_str_eq(world.record.record.channel, path);
        ck_assert_int_gt(world.record.record.received_ms, 0);
        ck_assert_int_eq(next(&world), SOURCE_END);
        ck_assert(holds(&world, "batch.csv", "one"));
        ck_assert_msg(acknowledge(&world), "%s", world.err.text);
        ck_assert(!is_there(&world, "batch.csv"));
        ck_assert(holds(&world, "done/batch.csv", "one"));
}
END_TEST

/* A kill between delivery and move: the file is read whole again, whatever was delivered. */
START_TEST(what_is_not_acknowledged_is_read_again)
{
        CLEANUP(world_close) World world;

        world_open(&world, at_once);
        put(&world, "a", "one");
        put(&world, "b", "two");
        next_is(&world, "a", "one");
        ck_assert(acknowledge(&world));
        next_is(&world, "b", "two");
        source_file.close(world.source);
        source_start(&world);
        next_is(&world, "b", "two");
        ck_assert_int_eq(next(&world), SOURCE_END);
}
END_TEST

START_TEST(a_batch_sent_again_is_read_again_and_overwrites_nothing)
{
        CLEANUP(world_close) World world;

        world_open(&world, at_once);
        for (int i = 0; i < 3; i++) {
                put(&world, "batch.csv", i == 1 ? "other" : "same");
                next_is(&world, "batch.csv", i == 1 ? "other" : "same");
                ck_assert(acknowledge(&world));
        }
        ck_assert(holds(&world, "done/batch.csv", "same"));
        ck_assert(holds(&world, "done/batch.csv.2", "other"));
        ck_assert(holds(&world, "done/batch.csv.3", "same"));
}
END_TEST

START_TEST(a_rejected_file_goes_to_failed)
{
        CLEANUP(world_close) World world;

        world_open(&world, at_once);
        put(&world, "bad", "nonsense");
        put(&world, "good", "sense");
        next_is(&world, "bad", "nonsense");
        source_file.rejected(world.source, world.record.token);
        next_is(&world, "good", "sense");
        ck_assert(acknowledge(&world));
        ck_assert(holds(&world, "failed/bad", "nonsense"));
        ck_assert(holds(&world, "done/good", "sense"));
}
END_TEST

START_TEST(no_bytes_and_too_many_are_refused_with_their_reason)
{
        CLEANUP(world_close) World world;

        world_open(&world, at_once);
        put(&world, "empty", "");
        put_sized(&world, "large", "x", 128 * MIB + 1);
        ck_assert_int_eq(next(&world), SOURCE_RECORD);
        ck_assert_str_eq(world.record.record.position, "empty");
        ck_assert_str_eq(world.record.refusal.reason, "bad_length");
        ck_assert_uint_eq(world.record.record.size, 0);
        ck_assert_int_eq(next(&world), SOURCE_RECORD);
        ck_assert_str_eq(world.record.refusal.reason, "too_large");
        ck_assert_int_eq(world.record.refusal.kind, ERR_INPUT);
        ck_assert_str_eq(world.record.record.bytes, "");
        source_file.rejected(world.source, world.record.token);
        ck_assert(acknowledge(&world));
        ck_assert(is_there(&world, "failed/large"));
}
END_TEST

/* Copied to 128 KiB, mapped from there; 128 MiB are whole pages: behind the last byte of such a mapping begins nothing. */
START_TEST(the_largest_record_is_followed_by_a_nul)
{
        static const int64_t sizes[] = { 1, 4096, 4097, MIB / 8, MIB / 8 + 1, MIB / 8 + 4096, 128 * MIB };
        CLEANUP(world_close) World world;

        world_open(&world, at_once);
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
                put_sized(&world, "sized", "x", sizes[i]);
                ck_assert_int_eq(next(&world), SOURCE_RECORD);
                ck_assert_uint_eq(world.record.record.size, (size_t)sizes[i]);
                ck_assert_int_eq(world.record.record.bytes[0], 'x');
                ck_assert_int_eq(world.record.record.bytes[sizes[i]], '\0');
                ck_assert(acknowledge(&world));
        }
}
END_TEST

START_TEST(the_nul_stays_when_the_file_grows)
{
        CLEANUP(world_close) World world;
        CLEANUP(mem_drop) char *path = NULL;
        FILE *file;

        world_open(&world, at_once);
        path = path_of(&world, "growing");
        put(&world, "growing", "half");
        next_is(&world, "growing", "half");
        file = fopen(path, "a");
        fputs(" and half", file);
        fclose(file);
        ck_assert_str_eq(world.record.record.bytes, "half");
        ck_assert(acknowledge(&world));
        next_is(&world, "growing", "half and half");
        ck_assert(acknowledge(&world));
        ck_assert(holds(&world, "done/growing", "half and half"));
        ck_assert(!is_there(&world, "done/growing.2"));
}
END_TEST

static void append(const World *world, const char *name, const char *text)
{
        CLEANUP(mem_drop) char *path = path_of(world, name);
        FILE *file = fopen(path, "a");

        ck_assert_ptr_nonnull(file);
        fputs(text, file);
        fclose(file);
}

/* Who appends by name does not see that the file was taken; who has it open writes into done/ or failed/. */
START_TEST(what_grows_in_done_comes_back_and_is_read_whole)
{
        CLEANUP(world_close) World world;

        world_open(&world, at_once);
        put(&world, "growing", "half");
        next_is(&world, "growing", "half");
        ck_assert(acknowledge(&world));
        append(&world, "done/growing", " and half");
        next_is(&world, "growing", "half and half");
        source_file.rejected(world.source, world.record.token);
        ck_assert(acknowledge(&world));
        ck_assert(!is_there(&world, "done/growing"));
        append(&world, "failed/growing", " more");
        put(&world, "growing", "another");
        next_is(&world, "growing", "another");
        next_is(&world, "growing.2", "half and half more");
        ck_assert(acknowledge(&world));
        ck_assert(holds(&world, "done/growing", "another"));
        ck_assert(holds(&world, "done/growing.2", "half and half more"));
        ck_assert_int_eq(next(&world), SOURCE_END);
}
END_TEST

START_TEST(what_somebody_has_open_for_writing_is_not_read)
{
        CLEANUP(world_close) World world;
        CLEANUP(mem_drop) char *path = NULL;
        int writer, reader;

        world_open(&world, at_once);
        path = path_of(&world, "open");
        put(&world, "open", "half");
        reader = open(path, O_RDONLY);
        if (fcntl(reader, F_SETLEASE, F_RDLCK) < 0) {
                printf("skipped, no leases here: what_somebody_has_open_for_writing_is_not_read\n");
                close(reader);
                return;
        }
        close(reader);
        writer = open(path, O_WRONLY | O_APPEND);
        ck_assert_int_eq(next(&world), SOURCE_END);
        ck_assert(is_there(&world, "open"));
        ck_assert_int_eq(write(writer, " whole", 6), 6);
        close(writer);
        next_is(&world, "open", "half whole");
        ck_assert(acknowledge(&world));
        ck_assert(holds(&world, "done/open", "half whole"));
}
END_TEST

/* A pause of the writer, in the middle of a row or a document: it is waited for six times as long. */
START_TEST(what_ends_within_a_line_is_waited_for)
{
        static const char *const settings[] = { "quiet=2s", NULL };
        CLEANUP(world_close) World world;

        world_open(&world, settings);
        put(&world, "a.csv", "1,2\n3,");
        put(&world, "b.json", "{\"a\": [1, 2");
        put_sized(&world, "c.csv", "1\n", 3);
        put(&world, "d.csv", "\xff\xfe");
        put(&world, "e.csv", "1,2\n");
        ck_assert_int_eq(next(&world), SOURCE_RECORD);
        ck_assert_str_eq(world.record.record.position, "c.csv");
        next_is(&world, "e.csv", "1,2\n");
        ck_assert_int_eq(source_file.read(world.source, 10, &world.record, &world.err), SOURCE_IDLE);
        ck_assert_int_eq(source_file.lag(world.source), 3);
}
END_TEST

START_TEST(another_file_of_that_name_is_not_taken_for_it)
{
        CLEANUP(world_close) World world;
        CLEANUP(mem_drop) char *path = NULL, *fresh = NULL;

        world_open(&world, at_once);
        path = path_of(&world, "batch");
        fresh = path_of(&world, "fresh.tmp");
        put(&world, "batch", "old");
        next_is(&world, "batch", "old");
        put(&world, "fresh.tmp", "new");
        ck_assert_int_eq(rename(fresh, path), 0);
        ck_assert(acknowledge(&world));
        ck_assert(!is_there(&world, "done/batch"));
        next_is(&world, "batch", "new");
        unlink(path);
        ck_assert(acknowledge(&world));
        ck_assert_int_eq(next(&world), SOURCE_END);
}
END_TEST

START_TEST(a_file_that_is_written_has_another_name)
{
        static const char *const names[] = { "a.tmp", "b.part", ".c", "~d", "e~", "f.filepart" };
        CLEANUP(world_close) World world;
        CLEANUP(mem_drop) char *path = NULL, *whole = NULL;

        world_open(&world, at_once);
        path = path_of(&world, "a.tmp");
        whole = path_of(&world, "a.csv");
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
                put(&world, names[i], "half");
        ck_assert_int_eq(next(&world), SOURCE_END);
        ck_assert_int_eq(rename(path, whole), 0);
        next_is(&world, "a.csv", "half");
        ck_assert_int_eq(next(&world), SOURCE_END);
}
END_TEST

START_TEST(only_names_that_match_are_read)
{
        static const char *const settings[] = { "complete=rename", "match=*.csv,*.CSV", NULL };
        CLEANUP(world_close) World world;

        world_open(&world, settings);
        put(&world, "a.xlsx", "no");
        put(&world, "b.CSV", "yes");
        next_is(&world, "b.CSV", "yes");
        ck_assert_int_eq(next(&world), SOURCE_END);
}
END_TEST

START_TEST(a_file_that_is_not_quiet_yet_waits)
{
        static const char *const settings[] = { "quiet=1h", NULL };
        CLEANUP(world_close) World world;

        world_open(&world, settings);
        put(&world, "slow", "half");
        for (int i = 0; i < 10; i++)
                ck_assert_int_eq(source_file.read(world.source, 10, &world.record, &world.err), SOURCE_IDLE);
        ck_assert_int_eq(source_file.lag(world.source), 1);
}
END_TEST

START_TEST(a_file_that_is_quiet_is_read)
{
        static const char *const settings[] = { "quiet=20ms", NULL };
        CLEANUP(world_close) World world;

        world_open(&world, settings);
        put(&world, "slow", "whole");
        next_is(&world, "slow", "whole");
}
END_TEST

/* The marker of yesterday's file must not vouch for the half that is there of today's. */
START_TEST(a_marker_vouches_for_the_file_before_it_only)
{
        static const char *const settings[] = { "complete=marker", NULL };
        CLEANUP(world_close) World world;

        world_open(&world, settings);
        put(&world, "batch.csv", "bytes");
        ck_assert_int_eq(next(&world), SOURCE_END);
        put(&world, "batch.csv.ok", "");
        aged(&world, "batch.csv", 2000);
        aged(&world, "batch.csv.ok", 1000);
        ck_assert_int_eq(next(&world), SOURCE_END);
        aged(&world, "batch.csv.ok", 2000);
        next_is(&world, "batch.csv", "bytes");
        ck_assert(acknowledge(&world));
        ck_assert(holds(&world, "done/batch.csv", "bytes"));
        ck_assert(is_there(&world, "done/batch.csv.ok"));
        ck_assert(!is_there(&world, "batch.csv.ok"));
}
END_TEST

START_TEST(links_folders_and_pipes_stay_where_they_are)
{
        CLEANUP(world_close) World world;
        CLEANUP(mem_drop) char *link = NULL, *folder = NULL, *pipe = NULL;

        world_open(&world, at_once);
        link = path_of(&world, "link.csv");
        folder = path_of(&world, "folder.csv");
        pipe = path_of(&world, "pipe.csv");
        ck_assert_int_eq(symlink("/etc/passwd", link), 0);
        ck_assert_int_eq(mkdir(folder, 0700), 0);
        ck_assert_int_eq(mkfifo(pipe, 0600), 0);
        ck_assert_int_eq(next(&world), SOURCE_END);
        ck_assert_int_eq(source_file.lag(world.source), 0);
}
END_TEST

START_TEST(files_come_by_name)
{
        CLEANUP(world_close) World world;

        world_open(&world, at_once);
        put(&world, "b", "2");
        put(&world, "c", "3");
        put(&world, "a", "1");
        next_is(&world, "a", "1");
        next_is(&world, "b", "2");
        next_is(&world, "c", "3");
}
END_TEST

START_TEST(files_come_by_time)
{
        static const char *const settings[] = { "complete=rename", "order=time", NULL };
        CLEANUP(world_close) World world;

        world_open(&world, settings);
        put(&world, "b", "1");
        put(&world, "c", "3");
        put(&world, "a", "2");
        aged(&world, "b", 1000);
        aged(&world, "c", 3000);
        aged(&world, "a", 2000);
        next_is(&world, "b", "1");
        next_is(&world, "a", "2");
        next_is(&world, "c", "3");
}
END_TEST

START_TEST(a_dry_run_moves_nothing)
{
        CLEANUP(world_close) World world;

        world_open(&world, at_once);
        source_file.close(world.source);
        world.setup.folder = NULL;
        source_start(&world);
        put(&world, "a", "1");
        next_is(&world, "a", "1");
        ck_assert(acknowledge(&world));
        ck_assert_int_eq(next(&world), SOURCE_END);
        ck_assert(holds(&world, "a", "1"));
        ck_assert(!is_there(&world, "done"));
}
END_TEST

START_TEST(a_folder_that_is_away_is_waited_for)
{
        CLEANUP(world_close) World world;
        SourceResult result = SOURCE_AWAY;

        world_open(&world, at_once);
        source_file.close(world.source);
        free(world.options.folder);
        world.options.folder = path_of(&world, "share");
        source_start(&world);
        ck_assert_int_eq(next(&world), SOURCE_AWAY);
        ck_assert_int_eq(world.err.kind, ERR_RETRY);
        ck_assert_ptr_nonnull(strstr(world.err.text, world.options.folder));
        ck_assert_int_eq(next(&world), SOURCE_AWAY);
        ck_assert_int_eq(mkdir(world.options.folder, 0700), 0);
        put(&world, "share/a", "1");
        for (int i = 0; i < 3000 && result == SOURCE_AWAY; i++, usleep(10000))
                result = source_file.read(world.source, 10, &world.record, &world.err);
        ck_assert_int_eq(result, SOURCE_RECORD);
        ck_assert(acknowledge(&world));
        ck_assert(is_there(&world, "share/done/a"));
}
END_TEST

/* done/ was taken away: the file stays, is not read again, and goes when the folder is there again, which we make. */
START_TEST(a_move_that_fails_is_tried_again)
{
        CLEANUP(world_close) World world;
        CLEANUP(mem_drop) char *done = NULL;

        world_open(&world, at_once);
        done = path_of(&world, "done");
        put(&world, "a", "1");
        next_is(&world, "a", "1");
        ck_assert_int_eq(rmdir(done), 0);
        ck_assert(!acknowledge(&world));
        ck_assert_int_eq(world.err.kind, ERR_RETRY);
        ck_assert_ptr_nonnull(strstr(world.err.text, "done"));
        ck_assert_int_eq(next(&world), SOURCE_END);
        ck_assert(acknowledge(&world));
        ck_assert(holds(&world, "done/a", "1"));
}
END_TEST

/* "批次" in GB18030, and a line break. */
START_TEST(a_name_of_other_bytes_is_printable)
{
        CLEANUP(world_close) World world;

        world_open(&world, at_once);
        put(&world, "\xc5\xfa\xb4\xce\n1.csv", "1");
        next_is(&world, "%C5%FA%B4%CE%0A1.csv", "1");
        ck_assert(acknowledge(&world));
        ck_assert(is_there(&world, "done/\xc5\xfa\xb4\xce\n1.csv"));
}
END_TEST

START_TEST(the_check_knocks_at_the_folders)
{
        CLEANUP(world_close) World world;

        world_open(&world, at_once);
        ck_assert_msg(source_file.connect_check(&world.options, &world.err), "%s", world.err.text);
        world.options.done = text_copy("/proc/hub-done");
        ck_assert(!source_file.connect_check(&world.options, &world.err));
        ck_assert_ptr_nonnull(strstr(world.err.text, "file system"));
        free(world.options.done);
        world.options.done = NULL;
        put(&world, "file", "");
        free(world.options.folder);
        world.options.folder = path_of(&world, "file");
        ck_assert(!source_file.connect_check(&world.options, &world.err));
        ck_assert_ptr_nonnull(strstr(world.err.text, "not a folder"));
        free(world.options.folder);
        world.options.folder = path_of(&world, "absent");
        ck_assert(!source_file.connect_check(&world.options, &world.err));
        ck_assert_int_eq(world.err.kind, ERR_RETRY);
}
END_TEST

/* What cannot be moved in one step is said before the first file is read. */
START_TEST(another_file_system_is_a_wrong_configuration)
{
        CLEANUP(world_close) World world;

        world_open(&world, at_once);
        free(world.options.done);
        world.options.done = text_copy("/proc");
        source_file.close(world.source);
        source_start(&world);
        put(&world, "a", "1");
        ck_assert_int_eq(next(&world), SOURCE_BROKEN);
        ck_assert_int_eq(world.err.kind, ERR_FATAL);
}
END_TEST

START_TEST(what_the_table_cannot_say)
{
        FileOptions of = { .folder = (char[]){ "in" }, .marker = (char[]){ ".ok" } };
        Error err = { 0 };

        ck_assert_msg(source_file.check(&of, &err), "%s", err.text);
        of.done = (char[]){ "in" };
        ck_assert(!source_file.check(&of, &err));
        ck_assert_ptr_nonnull(strstr(err.text, "three folders"));
        of.done = NULL;
        of.marker = (char[]){ "" };
        ck_assert(!source_file.check(&of, &err));
        ck_assert_ptr_nonnull(strstr(err.text, "marker"));
}
END_TEST

RUN("file", a_delivered_file_goes_to_done_and_not_before, what_is_not_acknowledged_is_read_again,
    a_batch_sent_again_is_read_again_and_overwrites_nothing, a_rejected_file_goes_to_failed,
    no_bytes_and_too_many_are_refused_with_their_reason, the_largest_record_is_followed_by_a_nul,
    the_nul_stays_when_the_file_grows, what_grows_in_done_comes_back_and_is_read_whole,
    what_somebody_has_open_for_writing_is_not_read, what_ends_within_a_line_is_waited_for,
    another_file_of_that_name_is_not_taken_for_it, a_file_that_is_written_has_another_name,
    only_names_that_match_are_read, a_file_that_is_not_quiet_yet_waits, a_file_that_is_quiet_is_read,
    a_marker_vouches_for_the_file_before_it_only, links_folders_and_pipes_stay_where_they_are, files_come_by_name,
    files_come_by_time, a_dry_run_moves_nothing, a_folder_that_is_away_is_waited_for, a_move_that_fails_is_tried_again,
    a_name_of_other_bytes_is_printable, the_check_knocks_at_the_folders, another_file_system_is_a_wrong_configuration,
    what_the_table_cannot_say)
