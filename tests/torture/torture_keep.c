/*
 * What an instance keeps on disk, with every call on files failed once in turn: the spool, the checkpoint, what was said of
 * subjects. A process of its own each time. What a caller was told to be kept is there after a restart; nobody crashes, nothing
 * leaks, and what is read back is whole. Exit 1: a promise was broken.
 */

#include "tests/torture/fault.h"

#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/keep/changes.h"
#include "hub/keep/checkpoint.h"
#include "hub/source/spool/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MESSAGES = 10, FIRST = 8, SIZE = 24 * 1024, BROKEN = 3 };

/* What the tortured process was told; shared with the one that looks afterwards. */
typedef struct {
        bool kept[MESSAGES], settled[MESSAGES];
        int stored; /* checkpoint or state that was told to be stored last */
        int tried;  /* the last that was tried */
        long calls;
} Told;

typedef struct {
        const char *name;
        void (*before)(const char *folder, Told *told); /* without one; NULL: nothing was there before */
        void (*work)(const char *folder, Told *told);   /* with the fault */
        void (*look)(const char *folder, const Told *told);
} Subject;

static void require(bool fine, const char *what)
{
        if (fine)
                return;
        fprintf(stderr, "promise broken: %s\n", what);
        _exit(BROKEN);
}

/* ---- spool ---- */

static Spool *spool_of(const char *folder, Error *err)
{
        return spool_open(&(SpoolSetup){ .folder = folder, .limit = SPOOL_LEAST, .durable = true }, err);
}

static int number_of(const SpoolMessage *message)
{
        require(message->size == SIZE, "a message has its size");
        for (size_t i = 0; i < message->size; i++)
                require(message->bytes[i] == message->bytes[0], "a message is whole");
        return message->bytes[0] - 'a';
}

/* Every other message is read and acknowledged: the files change at both ends. A reader whose spool is broken ends, as the runner does. */
static bool spool_take(Spool *spool, Told *told)
{
        SpoolRecord record;
        Error err = { 0 };

        if (!spool_read(spool, 0, &record, &err))
                return false;
        if (!record.token)
                return true;
        told->settled[number_of(&record.message)] = true;
        spool_acknowledge(spool, record.token);
        return true;
}

static bool spool_give(Spool *spool, int number, Told *told)
{
        char bytes[SIZE];
        Error err = { 0 };

        memset(bytes, 'a' + number, sizeof(bytes));
        told->kept[number] =
                spool_add(spool, &(SpoolMessage){ .topic = "t", .bytes = bytes, .size = sizeof(bytes) }, &err);
        return told->kept[number];
}

static void spool_work(const char *folder, Told *told)
{
        Error err = { 0 };
        Spool *spool = spool_of(folder, &err);

        for (int i = 0; spool && i < FIRST && spool_give(spool, i, told); i++)
                if (i % 4 == 3 && !spool_take(spool, told))
                        break;
        spool_close(spool);
}

/* A restart that goes wrong somewhere, and goes on: then with all that is there, for what is passed over would be settled with what comes behind it. */
static void spool_again(const char *folder, Told *told)
{
        Error err = { 0 };
        Spool *spool = spool_of(folder, &err);
        int64_t owed = 0;

        for (int i = 0; i < FIRST; i++)
                owed += told->kept[i] && !told->settled[i];
        require(!spool || spool_waiting(spool) >= owed, "a spool that is opened has all its messages");
        for (int i = FIRST; spool && i < MESSAGES && spool_give(spool, i, told); i++)
                if (!spool_take(spool, told))
                        break;
        spool_close(spool);
}

static void spool_look(const char *folder, const Told *told)
{
        bool found[MESSAGES] = { false };
        Error err = { 0 };
        Spool *spool = spool_of(folder, &err);
        SpoolRecord record;

        require(spool, err.text);
        for (int last = -1;;) {
                require(spool_read(spool, 0, &record, &err), err.text);
                if (!record.token)
                        break;
                require(number_of(&record.message) > last, "messages come in their order");
                last = number_of(&record.message);
                found[last] = true;
        }
        for (int i = 0; i < MESSAGES; i++)
                require(!told->kept[i] || told->settled[i] || found[i], "a message that was kept is there");
        spool_close(spool);
}

/* ---- checkpoint ---- */

static void checkpoint_work(const char *folder, Told *told)
{
        for (int i = 1; i <= 3; i++) {
                char position[16];
                Error err = { 0 };
                CLEANUP(json_drop) json_t *seen = json_pack("[s]", "an id");

                snprintf(position, sizeof(position), "%d", i);
                told->tried = i;
                if (checkpoint_store(folder, position, seen, &err))
                        told->stored = i;
        }
}

/* The last one that was told to be stored, or one that was tried after it. */
static void checkpoint_look(const char *folder, const Told *told)
{
        CLEANUP(checkpoint_free) Checkpoint found = { 0 };
        Error err = { 0 };
        int position;

        require(checkpoint_load(&found, folder, &err), err.text);
        position = found.position ? atoi(found.position) : 0;
        require(position >= told->stored && position <= told->tried, "the checkpoint is the last or a later one");
        require(!position || json_array_size(found.seen) == 1, "it is whole");
}

/* ---- changes ---- */

static void changes_work(const char *folder, Told *told)
{
        Error err = { 0 };
        Changes *changes = changes_open(folder, &err);

        for (int i = 1; changes && i <= 3; i++) {
                char state[16];

                snprintf(state, sizeof(state), "%d", i);
                changes_begin(changes, (uint64_t)i);
                changes_note(changes, "subject", state);
                changes_settled(changes, (uint64_t)i);
                told->tried = i;
                if (changes_store(changes, &err))
                        told->stored = i;
        }
        if (changes)
                changes_close(changes);
}

static void changes_look(const char *folder, const Told *told)
{
        Error err = { 0 };
        Changes *changes = changes_open(folder, &err);
        bool found = told->stored == 0;
        char state[16];

        require(changes, err.text);
        for (int i = told->stored; i && i <= told->tried; i++) {
                snprintf(state, sizeof(state), "%d", i);
                found = found || changes_same(changes, "subject", state);
        }
        require(found, "the state is the last that was stored, or a later one");
        changes_close(changes);
}

static const Subject subjects[] = {
        { "spool", NULL, spool_work, spool_look },
        { "spool, opened again", spool_work, spool_again, spool_look },
        { "checkpoint", NULL, checkpoint_work, checkpoint_look },
        { "changes", NULL, changes_work, changes_look },
};

/* ---- one life after the other ---- */

static int entry_remove(const char *path, const struct stat *status, int kind, struct FTW *place)
{
        (void)status;
        (void)kind;
        (void)place;
        return remove(path);
}

/* Its exit code, or 128 and the signal. */
static int child_run(const Subject *subject, const char *folder, Told *told, long at, int error)
{
        int status;
        pid_t child = fork();

        if (child == 0) {
                if (at < 0) {
                        subject->look(folder, told);
                } else {
                        if (subject->before)
                                subject->before(folder, told);
                        fault_arm(at, error);
                        subject->work(folder, told);
                        told->calls = fault_calls();
                        fault_arm(0, 0);
                }
                exit(EXIT_SUCCESS);
        }
        if (child < 0 || waitpid(child, &status, 0) < 0)
                abort();
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* False: with that call failed, a promise was broken. */
static bool life(const Subject *subject, Told *told, long at, int error)
{
        char folder[] = "/tmp/hub-torture-XXXXXX";
        int code;

        memset(told, 0, sizeof(*told));
        if (!mkdtemp(folder))
                abort();
        code = child_run(subject, folder, told, at, error);
        if (!code)
                code = child_run(subject, folder, told, -1, 0);
        nftw(folder, entry_remove, 8, FTW_DEPTH | FTW_PHYS);
        if (code)
                printf("not ok %s: call %ld of %ld failed with %d: exit %d\n", subject->name, at, told->calls, error,
                       code);
        return code == 0;
}

static int torture(const Subject *subject, Told *told)
{
        static const int errors[] = { EIO, ENOSPC, FAULT_HALF };
        long total, lives = 0, broken = !life(subject, told, 0, 0);

        total = told->calls;
        for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
                for (long at = 1; at <= total; at++, lives++)
                        broken += !life(subject, told, at, errors[i]);
        printf("%s: %ld calls, %ld lives, %ld broken\n", subject->name, total, lives, broken);
        return broken || total == 0;
}

int main(void)
{
        Told *told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        int failed = 0;

        if (told == MAP_FAILED)
                abort();
        setvbuf(stdout, NULL, _IONBF, 0); /* a child has nothing of it to write again */
        for (size_t i = 0; i < sizeof(subjects) / sizeof(*subjects); i++)
                failed |= torture(&subjects[i], told);
        return failed;
}
