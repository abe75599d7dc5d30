#include "tests/torture/fault.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>

static long calls, fail_at;
static int fail_with;

void fault_arm(long at, int error)
{
        calls = 0;
        fail_at = at;
        fail_with = error;
}

long fault_calls(void)
{
        return calls;
}

static bool is_due(void)
{
        return ++calls == fail_at;
}

/* Of a call that moves bytes and is to do half, `half` is what it does. */
#define MOVES(name, half, parameters, arguments, halved)                                                               \
        ssize_t __real_##name parameters;                                                                              \
        ssize_t __wrap_##name parameters;                                                                              \
        ssize_t __wrap_##name parameters                                                                               \
        {                                                                                                              \
                if (!is_due())                                                                                         \
                        return __real_##name arguments;                                                                \
                if (fail_with == FAULT_HALF)                                                                           \
                        return (half) ? __real_##name halved : __real_##name arguments;                                \
                errno = fail_with;                                                                                     \
                return -1;                                                                                             \
        }

#define FAILS(type, name, failed, parameters, arguments)                                                               \
        type __real_##name parameters;                                                                                 \
        type __wrap_##name parameters;                                                                                 \
        type __wrap_##name parameters                                                                                  \
        {                                                                                                              \
                if (!is_due() || fail_with == FAULT_HALF)                                                              \
                        return __real_##name arguments;                                                                \
                errno = fail_with;                                                                                     \
                return failed;                                                                                         \
        }

#include "tests/torture/moves.def"
FAILS(int, fsync, -1, (int file), (file))
FAILS(int, fdatasync, -1, (int file), (file))
FAILS(int, ftruncate64, -1, (int file, off_t size), (file, size))
FAILS(int, posix_fallocate64, fail_with, (int file, off_t at, off_t size), (file, at, size))
FAILS(int, rename, -1, (const char *from, const char *to), (from, to))
FAILS(int, mkdir, -1, (const char *path, mode_t mode), (path, mode))
FAILS(int, unlinkat, -1, (int folder, const char *path, int flags), (folder, path, flags))
FAILS(int, fchmod, -1, (int file, mode_t mode), (file, mode))
FAILS(int, fstat64, -1, (int file, struct stat *status), (file, status))
FAILS(DIR *, fdopendir, NULL, (int file), (file))
FAILS(struct dirent *, readdir64, NULL, (DIR * folder), (folder))

/* It is closed all the same. */
int __real_close(int file);
int __wrap_close(int file);
int __wrap_close(int file)
{
        const bool is_failed = is_due() && fail_with != FAULT_HALF;
        const int done = __real_close(file);

        if (!is_failed)
                return done;
        errno = fail_with;
        return -1;
}

#define OPENS(name, parameters, arguments)                                                                             \
        int __real_##name parameters;                                                                                  \
        int __wrap_##name parameters;                                                                                  \
        int __wrap_##name parameters                                                                                   \
        {                                                                                                              \
                va_list more;                                                                                          \
                mode_t mode = 0;                                                                                       \
                                                                                                                       \
                va_start(more, flags);                                                                                 \
                if (flags & O_CREAT)                                                                                   \
                        mode = va_arg(more, mode_t);                                                                   \
                va_end(more);                                                                                          \
                if (!is_due() || fail_with == FAULT_HALF)                                                              \
                        return __real_##name arguments;                                                                \
                errno = fail_with;                                                                                     \
                return -1;                                                                                             \
        }

OPENS(open64, (const char *path, int flags, ...), (path, flags, mode))
OPENS(openat64, (int folder, const char *path, int flags, ...), (folder, path, flags, mode))
