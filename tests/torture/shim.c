/*
 * A library to be preloaded (LD_PRELOAD): one call of the program that it is in fails, as calls do on a bad day. SHIM_WHAT is
 * `memory`: an allocation of a library (our own abort when there is none, hub/base/memory.h; librdkafka's do as well), or `io`:
 * a call on files and sockets. SHIM_AT is its number, counted from main() on; 0: none. SHIM_ERROR is its errno (5); -1: it does
 * half of what was asked, where it can. SHIM_COUNT names a file that gets the number of calls when the program ends, SHIM_STRUCK
 * one that is made when the call fails.
 */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { RANGES_MOST = 200 };

typedef struct {
        uintptr_t begin, end;
        bool is_program, is_spared;
} Range;

static Range ranges[RANGES_MOST];
static size_t ranges_size;
static atomic_long calls;
static long fail_at;
static int fail_with = EIO;
static const char *struck;
static bool is_memory, is_begun;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);

static int range_note(struct dl_phdr_info *info, size_t size, void *context)
{
        (void)size;
        (void)context;
        for (int i = 0; i < info->dlpi_phnum && ranges_size < RANGES_MOST; i++) {
                const ElfW(Phdr) *part = &info->dlpi_phdr[i];

                if (part->p_type != PT_LOAD || !(part->p_flags & PF_X))
                        continue;
                ranges[ranges_size] = (Range){
                        .begin = info->dlpi_addr + part->p_vaddr,
                        .end = info->dlpi_addr + part->p_vaddr + part->p_memsz,
                        .is_program = ranges_size == 0,
                        .is_spared = strstr(info->dlpi_name, "librdkafka") || strstr(info->dlpi_name, "ld-linux") ||
                                     strstr(info->dlpi_name, "test-shim"),
                };
                ranges_size++;
        }
        return 0;
}

static const Range *range_of(const void *caller)
{
        for (size_t i = 0; i < ranges_size; i++)
                if ((uintptr_t)caller >= ranges[i].begin && (uintptr_t)caller < ranges[i].end)
                        return &ranges[i];
        return NULL;
}

/* Is it this one's turn? */
static bool is_due(bool memory, const void *caller)
{
        const Range *range;

        if (!is_begun || memory != is_memory)
                return false;
        range = range_of(caller);
        if (!range || range->is_spared || (memory && range->is_program))
                return false;
        if (atomic_fetch_add(&calls, 1) + 1 != fail_at)
                return false;
        if (struck) /* by the kernel alone: what we stand in for may be what is called */
                syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, struck, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
        return true;
}

#define CALLER __builtin_return_address(0)

/* ---- main ---- */

static int (*real_main)(int, char **, char **);

static void count_write(void)
{
        const char *path = getenv("SHIM_COUNT");
        char text[32];
        int file;

        is_begun = false;
        file = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
        if (file < 0)
                return;
        snprintf(text, sizeof(text), "%ld\n", atomic_load(&calls));
        if (write(file, text, strlen(text)) < 0)
                abort();
        close(file);
}

static int shim_main(int argc, char **argv, char **environment)
{
        const char *what = getenv("SHIM_WHAT"), *at = getenv("SHIM_AT"), *error = getenv("SHIM_ERROR");

        dl_iterate_phdr(range_note, NULL);
        is_memory = what && strcmp(what, "memory") == 0;
        fail_at = at ? atol(at) : 0;
        fail_with = error ? atoi(error) : EIO;
        struck = getenv("SHIM_STRUCK");
        atexit(count_write);
        is_begun = what != NULL;
        return real_main(argc, argv, environment);
}

int __libc_start_main(int (*program)(int, char **, char **), int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*loader)(void), void *stack);

int __libc_start_main(int (*program)(int, char **, char **), int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*loader)(void), void *stack)
{
        int (*real)(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void), void (*)(void),
                    void *);
        void *found = dlsym(RTLD_NEXT, "__libc_start_main");

        memcpy(&real, &found, sizeof(real));
        real_main = program;
        return real(shim_main, argc, argv, init, fini, loader, stack);
}

/* ---- memory ---- */

void *malloc(size_t size)
{
        if (is_due(true, CALLER)) {
                errno = ENOMEM;
                return NULL;
        }
        return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
        if (is_due(true, CALLER)) {
                errno = ENOMEM;
                return NULL;
        }
        return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
        if (is_due(true, CALLER)) {
                errno = ENOMEM;
                return NULL;
        }
        return __libc_realloc(block, size);
}

/* ---- files and sockets ---- */

#define REAL(name)                                                                                                     \
        static __typeof__(&name) real;                                                                                 \
        if (!real) {                                                                                                   \
                void *found = dlsym(RTLD_NEXT, #name);                                                                 \
                memcpy(&real, &found, sizeof(real));                                                                   \
        }

/* A call that moves bytes: half of them, or none. */
#define MOVES(name, half, parameters, arguments, halved)                                                               \
        ssize_t name parameters                                                                                        \
        {                                                                                                              \
                REAL(name)                                                                                             \
                if (!is_due(false, CALLER))                                                                            \
                        return real arguments;                                                                         \
                if (fail_with < 0)                                                                                     \
                        return (half) ? real halved : real arguments;                                                  \
                errno = fail_with;                                                                                     \
                return -1;                                                                                             \
        }

#define FAILS(name, parameters, arguments)                                                                             \
        int name parameters                                                                                            \
        {                                                                                                              \
                REAL(name)                                                                                             \
                if (fail_with < 0 || !is_due(false, CALLER))                                                           \
                        return real arguments;                                                                         \
                errno = fail_with;                                                                                     \
                return -1;                                                                                             \
        }

#include "tests/torture/moves.def"
MOVES(send, size / 2, (int file, const void *bytes, size_t size, int flags), (file, bytes, size, flags),
      (file, bytes, size / 2, flags))
MOVES(recv, size / 2, (int file, void *into, size_t size, int flags), (file, into, size, flags),
      (file, into, size / 2, flags))
FAILS(fsync, (int file), (file))
FAILS(fdatasync, (int file), (file))
FAILS(ftruncate64, (int file, off64_t size), (file, size))
FAILS(posix_fallocate64, (int file, off64_t at, off64_t size), (file, at, size))
FAILS(rename, (const char *from, const char *to), (from, to))
FAILS(mkdir, (const char *path, mode_t mode), (path, mode))
FAILS(unlinkat, (int folder, const char *path, int flags), (folder, path, flags))
FAILS(fstat64, (int file, struct stat64 *status), (file, status))
FAILS(stat64, (const char *path, struct stat64 *status), (path, status))
FAILS(socket, (int family, int type, int protocol), (family, type, protocol))
FAILS(setsockopt, (int file, int level, int name, const void *value, socklen_t size), (file, level, name, value, size))

int open64(const char *path, int flags, ...)
{
        REAL(open64)
        va_list more;
        mode_t mode;

        va_start(more, flags);
        mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
        va_end(more);
        if (fail_with < 0 || !is_due(false, CALLER))
                return real(path, flags, mode);
        errno = fail_with;
        return -1;
}

int openat64(int folder, const char *path, int flags, ...)
{
        REAL(openat64)
        va_list more;
        mode_t mode;

        va_start(more, flags);
        mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
        va_end(more);
        if (fail_with < 0 || !is_due(false, CALLER))
                return real(folder, path, flags, mode);
        errno = fail_with;
        return -1;
}
