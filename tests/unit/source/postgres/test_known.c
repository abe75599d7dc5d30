#include "hub/base/buffer.h"
#include "hub/base/memory.h"
#include "hub/source/postgres/known.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static Known *opened(const char *folder)
{
        Error err = { 0 };
        Known *known = known_open(folder, 0xab, &err);

        ck_assert_msg(known != NULL, "%s", err.text);
        return known;
}

static void kept(Known *known)
{
        Error err = { 0 };

        ck_assert_msg(known_keep(known, &err), "%s", err.text);
}

static void numbered_put(Known *known, int from, int to, uint64_t digest)
{
        for (int i = from; i < to; i++) {
                char id[24];

                snprintf(id, sizeof(id), "%d", i);
                known_put(known, id, digest);
        }
}

/* All of it in order, as "id=digest id=digest "; owned by the caller's buffer. */
static const char *listed(Known *known, Buffer *text)
{
        KnownEntry entry;
        Error err = { 0 };

        buffer_clear(text);
        buffer_text(text, "");
        ck_assert_msg(known_begin(known, &entry, &err), "%s", err.text);
        for (; entry.id; known_next(known, &entry))
                buffer_format(text, "%s=%llu ", entry.id, (unsigned long long)entry.digest);
        return text->bytes;
}

START_TEST(what_was_kept_is_known_after_a_kill_and_nothing_else)
{
        char folder[64];
        Known *known;

        test_folder(folder);
        known = opened(folder);
        known_put(known, "417", 0xa1);
        known_put(known, "9", 0xb2);
        known_put(known, "9", 0xb3);
        known_put(known, "B-12", 0xc4);
        known_put(known, "B-12", 0);
        kept(known);
        known_put(known, "418", 0xd5);
        known_close(known);
        known = opened(folder);
        ck_assert(known_has(known, "417", 0xa1));
        ck_assert(!known_has(known, "417", 0xa2));
        ck_assert(known_has(known, "9", 0xb3));
        ck_assert(!known_has(known, "9", 0xb2));
        ck_assert(!known_has(known, "B-12", 0xc4));
        ck_assert(!known_has(known, "B-12", 0));
        ck_assert(!known_has(known, "418", 0xd5));
        known_close(known);
        test_folder_remove(folder);
}
END_TEST

/* A power cut tears the last write; what is written behind it later must be found again. */
START_TEST(half_an_entry_at_the_end_is_cut)
{
        char folder[64];
        CLEANUP(mem_drop) char *path = NULL;
        Known *known;
        struct stat about;

        test_folder(folder);
        path = text_format("%s/known-00000000000000ab.log", folder);
        known = opened(folder);
        known_put(known, "1", 1);
        known_put(known, "22", 2);
        kept(known);
        known_close(known);
        ck_assert_int_eq(stat(path, &about), 0);
        ck_assert_int_eq(truncate(path, about.st_size - 1), 0);
        known = opened(folder);
        ck_assert(known_has(known, "1", 1));
        ck_assert(!known_has(known, "22", 2));
        known_put(known, "3", 3);
        kept(known);
        known_close(known);
        known = opened(folder);
        ck_assert(known_has(known, "3", 3));
        known_close(known);
        test_folder_remove(folder);
}
END_TEST

/* By bytes, as COLLATE "C" has it: a scan compares in that order. Ids hold anything but a NUL. */
START_TEST(a_scan_sees_all_in_the_order_of_bytes)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        char folder[64];
        Known *known;

        test_folder(folder);
        known = opened(folder);
        known_put(known, "b", 2);
        known_put(known, "湖里", 5);
        known_put(known, "B", 1);
        known_put(known, "a\n 0", 3);
        ck_assert_str_eq(listed(known, &text), "B=1 a\n 0=3 b=2 湖里=5 ");
        known_put(known, "b", 0);
        known_put(known, "C", 7);
        known_put(known, "湖里", 6);
        known_put(known, "湖里区", 8);
        ck_assert_str_eq(listed(known, &text), "B=1 C=7 a\n 0=3 湖里=6 湖里区=8 ");
        ck_assert_uint_eq(known_size(known), 5);
        known_close(known);
        known = opened(folder);
        ck_assert_str_eq(listed(known, &text), "B=1 C=7 a\n 0=3 湖里=6 湖里区=8 ");
        known_close(known);
        test_folder_remove(folder);
}
END_TEST

/* 200,000 ids pass the memory's bound several times; each is found, changed ones as they are last. */
START_TEST(a_bulk_import_is_known_whole)
{
        char folder[64];
        CLEANUP(mem_drop) char *log = NULL;
        Known *known;
        struct stat about;

        test_folder(folder);
        log = text_format("%s/known-00000000000000ab.log", folder);
        known = opened(folder);
        for (int i = 0; i < 200000; i += 1000) {
                numbered_put(known, i, i + 1000, 7);
                kept(known);
        }
        numbered_put(known, 5000, 6000, 8);
        numbered_put(known, 199000, 199500, 0);
        kept(known);
        ck_assert_int_eq(stat(log, &about), 0);
        ck_assert_int_lt(about.st_size, 65536 * 24);
        known_close(known);
        known = opened(folder);
        for (int i = 0; i < 200000; i += 13) {
                char id[24];
                bool is_gone = i >= 199000 && i < 199500;

                snprintf(id, sizeof(id), "%d", i);
                ck_assert_msg(known_has(known, id, i >= 5000 && i < 6000 ? 8 : 7) == !is_gone, "%s", id);
        }
        ck_assert(!known_has(known, "200000", 7));
        ck_assert(!known_has(known, "", 7));
        known_close(known);
        test_folder_remove(folder);
}
END_TEST

/* Killed when the merged file stands and the log is not yet empty. */
START_TEST(a_log_that_was_merged_already_does_no_harm)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        char folder[64];
        CLEANUP(mem_drop) char *log = NULL;
        char bytes[256];
        Known *known;
        ssize_t size;
        int file;

        test_folder(folder);
        log = text_format("%s/known-00000000000000ab.log", folder);
        known = opened(folder);
        known_put(known, "1", 1);
        (void)listed(known, &text);
        known_put(known, "1", 0);
        known_put(known, "2", 2);
        kept(known);
        file = open(log, O_RDONLY);
        size = read(file, bytes, sizeof(bytes));
        close(file);
        ck_assert_int_gt(size, 0);
        ck_assert_str_eq(listed(known, &text), "2=2 ");
        known_close(known);
        file = open(log, O_WRONLY);
        ck_assert_int_eq(write(file, bytes, (size_t)size), size);
        close(file);
        known = opened(folder);
        ck_assert_str_eq(listed(known, &text), "2=2 ");
        known_close(known);
        test_folder_remove(folder);
}
END_TEST

/* Without its position all rows come again; and yet a deletion is seen. */
START_TEST(doubted_it_knows_ids_and_no_rows)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        char folder[64];
        Known *known;
        Error err = { 0 };

        test_folder(folder);
        known = opened(folder);
        known_put(known, "1", 11);
        (void)listed(known, &text);
        known_put(known, "2", 12);
        known_put(known, "3", 13);
        known_put(known, "3", 0);
        kept(known);
        ck_assert(known_doubt(known, &err));
        ck_assert(!known_has(known, "1", 11) && !known_has(known, "2", 12));
        known_close(known);
        known = opened(folder);
        ck_assert_str_eq(listed(known, &text), "1=1 2=1 ");
        ck_assert_uint_eq(known_get(known, "2"), KNOWN_UNSURE);
        ck_assert_uint_eq(known_get(known, "3"), 0);
        known_close(known);
        test_folder_remove(folder);
}
END_TEST

START_TEST(a_damaged_file_is_named)
{
        char folder[64];
        CLEANUP(mem_drop) char *path = NULL;
        Error err = { 0 };
        int file;

        test_folder(folder);
        path = text_format("%s/known-00000000000000ab", folder);
        file = open(path, O_WRONLY | O_CREAT, 0600);
        ck_assert_int_eq(write(file, "0000000000000001 1\0rubbish", 26), 26);
        close(file);
        ck_assert_ptr_null(known_open(folder, 0xab, &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_ptr_nonnull(strstr(err.text, "/known-00000000000000ab: damaged at byte 19"));
        test_folder_remove(folder);
}
END_TEST

START_TEST(without_a_folder_it_is_a_memory)
{
        Known *known = opened(NULL);

        known_put(known, "1", 1);
        kept(known);
        ck_assert(known_has(known, "1", 1));
        known_close(known);
}
END_TEST

RUN("known", what_was_kept_is_known_after_a_kill_and_nothing_else, half_an_entry_at_the_end_is_cut,
    a_scan_sees_all_in_the_order_of_bytes, a_bulk_import_is_known_whole, a_log_that_was_merged_already_does_no_harm,
    doubted_it_knows_ids_and_no_rows, a_damaged_file_is_named, without_a_folder_it_is_a_memory)
