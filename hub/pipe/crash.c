#include "hub/pipe/crash.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SLOTS = 64, STACK = 64 * 1024 };

typedef struct {
        uint64_t key; /* of a position; 0: free */
        uint64_t deaths;
} Slot;

/* In the file, in this machine's own byte order: it never leaves it. */
typedef struct {
        uint64_t current;  /* being translated, 0: nothing is */
        Slot slots[SLOTS]; /* several: behind one poison record there may be another */
} Page;

struct Crash {
        void *mapping;
        volatile Page *page; /* the same: a signal handler reads it */
        void *stack;
};

static const int deadly[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE };

/* Process-wide because a signal handler is told nothing else. */
static volatile Page *crash_page;

/* The slot of key, else the one with the fewest deaths. Async-signal-safe, as all of death_count(). */
static volatile Slot *slot_find(volatile Page *page, uint64_t key)
{
        volatile Slot *found = &page->slots[0];

        for (int i = 0; i < SLOTS; i++) {
                if (page->slots[i].key == key)
                        return &page->slots[i];
                if (page->slots[i].deaths < found->deaths)
                        found = &page->slots[i];
        }
        return found;
}

/* SA_RESETHAND put the default action back: raising again ends the process as it would have ended, core and all. */
static void death_count(int signal_number)
{
        if (crash_page && crash_page->current) {
                volatile Slot *slot = slot_find(crash_page, crash_page->current);

                if (slot->key != crash_page->current)
                        slot->deaths = 0;
                slot->key = crash_page->current;
                slot->deaths++;
                crash_page->current = 0;
        }
        raise(signal_number);
}

/* A stack of its own, or a recursion without end could not be counted. */
static void handlers_set(Crash *crash)
{
        struct sigaction action = { .sa_handler = death_count, .sa_flags = (int)SA_RESETHAND | SA_ONSTACK };
        stack_t stack = { .ss_size = STACK };

        crash->stack = mem_new(STACK);
        stack.ss_sp = crash->stack;
        sigaltstack(&stack, NULL);
        for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
                sigaction(deadly[i], &action, NULL);
}

static void *page_map(const char *path)
{
        int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        void *page = MAP_FAILED;

        if (descriptor < 0)
                return MAP_FAILED;
        if (ftruncate(descriptor, sizeof(Page)) == 0 && posix_fallocate(descriptor, 0, sizeof(Page)) == 0)
                page = mmap(NULL, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        close(descriptor);
        return page;
}

Crash *crash_open(const char *folder, Error *err)
{
        CLEANUP(mem_drop) char *path = text_format("%s/crash", folder);
        void *page = page_map(path);
        Crash *crash;

        if (page == MAP_FAILED) {
                (void)error_set(err, ERR_FATAL, NULL, "%s: %s", path, strerror(errno));
                return NULL;
        }
        crash = mem_new(sizeof(Crash));
        crash->mapping = page;
        crash->page = page;
        crash->page->current = 0; /* SIGKILL or a power cut left it: not the record's fault */
        crash_page = crash->page;
        handlers_set(crash);
        return crash;
}

uint64_t crash_key(const char *position)
{
        return hash64(position, strlen(position)) | 1;
}

bool crash_poisoned(const Crash *crash, uint64_t key)
{
        const volatile Slot *slot = slot_find(crash->page, key);

        return slot->key == key && slot->deaths >= CRASH_MOST;
}

void crash_enter(Crash *crash, uint64_t key)
{
        crash->page->current = key;
}

void crash_leave(Crash *crash)
{
        crash->page->current = 0;
}

void crash_forget(Crash *crash, uint64_t key)
{
        volatile Slot *slot = slot_find(crash->page, key);

        if (slot->key != key)
                return;
        slot->key = 0;
        slot->deaths = 0;
}

void crash_close(Crash *crash)
{
        stack_t none = { .ss_flags = SS_DISABLE };

        if (!crash)
                return;
        for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
                signal(deadly[i], SIG_DFL);
        sigaltstack(&none, NULL);
        crash_page = NULL;
        munmap(crash->mapping, sizeof(Page));
        free(crash->stack);
        free(crash);
}
