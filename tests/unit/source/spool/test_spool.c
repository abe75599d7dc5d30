#include "hub/base/memory.h"
#include "hub/source/spool/segment.h"
#include "hub/source/spool/spool.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIMIT = SPOOL_LEAST, BIG = 30000 };

static Spool *open_resting(const char *folder, int64_t rest_ms)
{
        const SpoolSetup setup = { .folder = folder, .limit = LIMIT, .durable = true, .rest_ms = rest_ms };
        Error err = { 0 };
        Spool *spool = spool_open(&setup, &err);

        ck_assert_msg(spool, "%s", err.text);
        return spool;
}

static Spool *open_fine(const char *folder)
{
        return open_resting(folder, 3600 * 1000);
}

static bool add(Spool *spool, const char *topic, const char *text, size_t size)
{
        const SpoolMessage message = {
                .topic = topic, .bytes = text, .size = size, .retained = true, .received_ms = -7
        };
        Error err = { 0 };

        return spool_add(spool, &message, &err);
}

static void add_text(Spool *spool, const char *text)
{
        ck_assert(add(spool, "t", text, strlen(text)));
}

static SpoolRecord next(Spool *spool)
{
        SpoolRecord record;
        Error err = { 0 };

        ck_assert_msg(spool_read(spool, 0, &record, &err), "%s", err.text);
        return record;
}

static void expect(Spool *spool, const char *text)
{
        SpoolRecord record = next(spool);

        ck_assert_msg(record.token, "nothing came, but \"%s\" should", text);
        ck_assert_str_eq(record.message.bytes, text);
}

static size_t segments(const char *folder)
{
        CLEANUP(mem_drop) char *command = text_format("ls %s/spool | grep -c '\\.spool$'", folder);
        FILE *listing = popen(command, "r");
        size_t size = 0;

        ck_assert_int_eq(fscanf(listing, "%zu", &size), 1);
        pclose(listing);
        return size;
}

/* The adapter must get what the broker sent, byte for byte, with its topic. */
START_TEST(gives_back_what_it_got)
{
        static const char bytes[] = "a\0b";
        char folder[64];
        Spool *spool = open_fine(test_folder(folder));
        Error err = { 0 };
        SpoolRecord record;

        ck_assert(spool_ready(spool, &err));
        ck_assert(add(spool, "frigate/events", bytes, sizeof(bytes)));
        ck_assert(add(spool, "empty", "", 0));
        ck_assert_int_eq(spool_waiting(spool), 2);
        record = next(spool);
        ck_assert_str_eq(record.message.topic, "frigate/events");
        ck_assert_uint_eq(record.message.size, sizeof(bytes));
        ck_assert_mem_eq(record.message.bytes, bytes, sizeof(bytes));
        ck_assert(record.message.retained && !record.message.repeated);
        ck_assert_int_eq(record.message.received_ms, -7);
        ck_assert_str_eq(record.position, "1:0");
        record = next(spool);
        ck_assert_str_eq(record.message.topic, "empty");
        ck_assert_uint_eq(record.message.size, 0);
        ck_assert_int_eq(record.message.bytes[0], 0);
        ck_assert_uint_eq(next(spool).token, 0);
        spool_close(spool);
        test_folder_remove(folder);
}
END_TEST

/* Messages hold personal data in the clear. */
START_TEST(nobody_else_can_read_it)
{
        char folder[64];
        Spool *spool = open_fine(test_folder(folder));
        CLEANUP(mem_drop) char *inner = text_format("%s/spool", folder);
        CLEANUP(mem_drop) char *file = text_format("%s/0000000001.spool", inner);
        struct stat status;

        add_text(spool, "one");
        ck_assert_int_eq(stat(inner, &status), 0);
        ck_assert_uint_eq(status.st_mode & 0777, 0700);
        ck_assert_int_eq(stat(file, &status), 0);
        ck_assert_uint_eq(status.st_mode & 0777, 0600);
        spool_close(spool);
        test_folder_remove(folder);
}
END_TEST

/* A restart must neither lose what Kafka has not, nor send all again. */
START_TEST(a_restart_goes_on_behind_what_is_acknowledged)
{
        char folder[64], position[32];
        Spool *spool = open_fine(test_folder(folder));
        SpoolRecord record;

        add_text(spool, "one");
        add_text(spool, "two");
        add_text(spool, "three");
        spool_acknowledge(spool, next(spool).token);
        snprintf(position, sizeof(position), "%s", next(spool).position);
        spool_close(spool);

        spool = open_fine(folder);
        ck_assert_int_eq(spool_waiting(spool), 2);
        record = next(spool);
        ck_assert_str_eq(record.message.bytes, "two");
        ck_assert_str_eq(record.position, position);
        add_text(spool, "four");
        expect(spool, "three");
        record = next(spool);
        ck_assert_str_eq(record.message.bytes, "four");
        spool_acknowledge(spool, record.token);
        spool_close(spool);

        spool = open_fine(folder);
        ck_assert_int_eq(spool_waiting(spool), 0);
        ck_assert_uint_eq(next(spool).token, 0);
        add_text(spool, "five");
        ck_assert_uint_gt(next(spool).token, record.token);
        spool_close(spool);
        test_folder_remove(folder);
}
END_TEST

/* What spool_add() took is in the file when it returns: the broker has its PUBACK then. */
START_TEST(survives_a_kill)
{
        char folder[64], byte;
        int told[2], taken = 0;
        pid_t child;
        Spool *spool;

        test_folder(folder);
        ck_assert_int_eq(pipe(told), 0);
        child = fork();
        if (child == 0) {
                spool = open_fine(folder);
                for (int i = 0;; i++) {
                        char text[16];

                        snprintf(text, sizeof(text), "%d", i);
                        add_text(spool, text);
                        if (write(told[1], "+", 1) != 1)
                                _exit(1);
                }
        }
        close(told[1]);
        for (; taken < 50 && read(told[0], &byte, 1) == 1; taken++)
                continue;
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        for (; read(told[0], &byte, 1) == 1; taken++)
                continue;
        spool = open_fine(folder);
        ck_assert_int_ge(spool_waiting(spool), taken);
        for (int i = 0; i < taken; i++) {
                char text[16];

                snprintf(text, sizeof(text), "%d", i);
                expect(spool, text);
        }
        spool_close(spool);
        test_folder_remove(folder);
}
END_TEST

static void file_cut(const char *folder, off_t size)
{
        CLEANUP(mem_drop) char *file = text_format("%s/spool/0000000001.spool", folder);

        ck_assert_int_eq(truncate(file, size), 0);
}

/* A kill or a power cut tears the last write anywhere: the records before it must come, the torn one must not. */
START_TEST(a_torn_tail_is_cut_off_wherever_it_is_torn)
{
        const off_t record = SEGMENT_HEADER + 9 + 2 + 5; /* received and flags, topic "t", text of 5 */

        for (off_t kept = 0; kept <= record; kept++) {
                char folder[64];
                Spool *spool = open_fine(test_folder(folder));

                add_text(spool, "first");
                add_text(spool, "final");
                spool_close(spool);
                file_cut(folder, record + kept);

                spool = open_fine(folder);
                ck_assert_int_eq(spool_waiting(spool), kept == record ? 2 : 1);
                add_text(spool, "after");
                expect(spool, "first");
                if (kept == record)
                        expect(spool, "final");
                expect(spool, "after");
                ck_assert_uint_eq(next(spool).token, 0);
                spool_close(spool);
                test_folder_remove(folder);
        }
}
END_TEST

/* The same, with room taken beforehand: behind the tear stand zeros, or old bytes. */
START_TEST(a_record_that_does_not_check_is_cut_off)
{
        const off_t record = SEGMENT_HEADER + 9 + 2 + 5;

        for (off_t at = 0; at < record; at++) {
                char folder[64];
                Spool *spool = open_fine(test_folder(folder));
                CLEANUP(mem_drop) char *file = text_format("%s/spool/0000000001.spool", folder);
                int descriptor;

                add_text(spool, "first");
                add_text(spool, "final");
                spool_close(spool);
                descriptor = open(file, O_WRONLY);
                ck_assert_int_eq(pwrite(descriptor, "\xa5", 1, record + at), 1);
                close(descriptor);

                spool = open_fine(folder);
                ck_assert_int_eq(spool_waiting(spool), 1);
                expect(spool, "first");
                spool_close(spool);
                test_folder_remove(folder);
        }
}
END_TEST

static uint64_t fill(Spool *spool, int *added)
{
        static char big[BIG];

        for (*added = 0; !spool_full(spool); (*added)++) {
                snprintf(big, sizeof(big), "%d", *added);
                memset(big + strlen(big), 'x', BIG - strlen(big));
                ck_assert(add(spool, "t", big, BIG));
                ck_assert_int_lt(*added, 1000);
        }
        return 0;
}

/* Full means: no more please. What is on its way still finds room, and below half the broker may send again. */
START_TEST(full_until_drained_below_half)
{
        char folder[64];
        Spool *spool = open_fine(test_folder(folder));
        int added, read = 0;
        Error err = { 0 };

        fill(spool, &added);
        ck_assert_int_ge(added * BIG, LIMIT - BIG);
        ck_assert(!spool_ready(spool, &err));
        ck_assert_int_eq(err.kind, ERR_RETRY);
        add_text(spool, "on its way");
        for (; !spool_ready(spool, &err); read++) {
                SpoolRecord record = next(spool);

                ck_assert(record.token);
                ck_assert_int_eq(atoi(record.message.bytes), read);
                spool_acknowledge(spool, record.token);
        }
        ck_assert_int_ge(read, added / 2);
        ck_assert_int_lt(read, added / 2 + 3);
        ck_assert(!spool_full(spool));
        for (; read < added; read++)
                ck_assert_int_eq(atoi(next(spool).message.bytes), read);
        expect(spool, "on its way");
        spool_close(spool);
        test_folder_remove(folder);
}
END_TEST

/* Disk that is acknowledged is given back. */
START_TEST(acknowledged_segments_go)
{
        char folder[64];
        Spool *spool = open_fine(test_folder(folder));
        uint64_t token = 0;
        int added;

        fill(spool, &added);
        ck_assert_uint_ge(segments(folder), 16);
        for (int i = 0; i < added; i++)
                token = next(spool).token;
        ck_assert_uint_ge(segments(folder), 16);
        spool_acknowledge(spool, token);
        ck_assert_uint_le(segments(folder), 2);
        spool_close(spool);
        spool = open_fine(folder);
        ck_assert_uint_eq(segments(folder), 0);
        spool_close(spool);
        test_folder_remove(folder);
}
END_TEST

/* What was delivered is personal and of no more use. */
START_TEST(a_spool_that_rests_keeps_nothing)
{
        char folder[64];
        Spool *spool = open_resting(test_folder(folder), 0);
        uint64_t token;

        add_text(spool, "one");
        token = next(spool).token;
        ck_assert_uint_eq(next(spool).token, 0);
        ck_assert_uint_eq(segments(folder), 2); /* it, and the spare */
        spool_acknowledge(spool, token);
        ck_assert_uint_eq(next(spool).token, 0);
        ck_assert_uint_eq(segments(folder), 1);
        add_text(spool, "two");
        expect(spool, "two");
        add_text(spool, "three");
        spool_close(spool);
        ck_assert_uint_eq(segments(folder), 1);
        spool = open_fine(folder);
        expect(spool, "two");
        spool_acknowledge(spool, next(spool).token);
        spool_close(spool);
        ck_assert_uint_eq(segments(folder), 0);
        test_folder_remove(folder);
}
END_TEST

/* A full disk shows one segment early, so that no message that the broker sent already is refused. */
START_TEST(a_disk_without_room_is_said_while_there_still_is_some)
{
        const struct rlimit tiny = { LIMIT / 16 - 1, RLIM_INFINITY };
        struct rlimit old;
        char folder[64];
        Spool *spool = open_fine(test_folder(folder));
        Error err = { 0 };
        int added;

        ck_assert(spool_ready(spool, &err));
        add_text(spool, "one");
        ck_assert(!spool_full(spool));
        getrlimit(RLIMIT_FSIZE, &old);
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &tiny);
        fill(spool, &added);
        ck_assert_int_le(added, 4);
        ck_assert(!spool_ready(spool, &err));
        add_text(spool, "on its way");
        setrlimit(RLIMIT_FSIZE, &old);
        ck_assert_msg(spool_ready(spool, &err), "%s", err.text);
        expect(spool, "one");
        for (int i = 0; i < added; i++)
                ck_assert_int_eq(atoi(next(spool).message.bytes), i);
        expect(spool, "on its way");
        spool_close(spool);
        test_folder_remove(folder);
}
END_TEST

/* Never half of a message: it would be taken for a whole one. */
START_TEST(too_long_a_message_is_refused)
{
        char folder[64];
        Spool *spool = open_fine(test_folder(folder));
        size_t most = spool_message_most(spool) - 1;
        CLEANUP(mem_drop) char *text = mem_new(most + 1);

        ck_assert(add(spool, "t", text, most));
        ck_assert(!add(spool, "t", text, most + 1));
        ck_assert_uint_eq(next(spool).message.size, most);
        ck_assert_uint_eq(next(spool).token, 0);
        spool_close(spool);
        test_folder_remove(folder);
}
END_TEST

/* A dry run keeps nothing on disk. */
START_TEST(without_a_folder_it_is_memory)
{
        Spool *spool = open_fine(NULL);
        int added;

        fill(spool, &added);
        for (int i = 0; i < added; i++) {
                SpoolRecord record = next(spool);

                ck_assert_int_eq(atoi(record.message.bytes), i);
                spool_acknowledge(spool, record.token);
        }
        ck_assert_uint_eq(next(spool).token, 0);
        spool_close(spool);
}
END_TEST

/* The published check value of CRC-32. */
START_TEST(the_check_is_crc_32)
{
        ck_assert_uint_eq(segment_crc("123456789", 9), 0xcbf43926);
}
END_TEST

RUN("spool", gives_back_what_it_got, nobody_else_can_read_it, a_restart_goes_on_behind_what_is_acknowledged,
    survives_a_kill, a_torn_tail_is_cut_off_wherever_it_is_torn, a_record_that_does_not_check_is_cut_off,
    full_until_drained_below_half, acknowledged_segments_go, a_spool_that_rests_keeps_nothing,
    a_disk_without_room_is_said_while_there_still_is_some, too_long_a_message_is_refused, without_a_folder_it_is_memory,
    the_check_is_crc_32)
