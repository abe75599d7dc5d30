#include "hub/keep/lock.h"

#include "hub/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static bool holder_error(int descriptor, const char *path, const char *instance, Error *err)
{
        char holder[32] = "";
        ssize_t size = pread(descriptor, holder, sizeof(holder) - 1, 0);

        holder[size > 0 ? strcspn(holder, "\n") : 0] = '\0';
        return error_set(err, ERR_FATAL, NULL, "instance %s runs already as process %s (lock %s)", instance,
                         holder[0] ? holder : "unknown", path);
}

/* The number is for people and `hub check`; the lock itself is what counts, so a full disk does not stop us. */
static void holder_write(int descriptor)
{
        char holder[32];
        int size = snprintf(holder, sizeof(holder), "%ld\n", (long)getpid());
        bool is_written = ftruncate(descriptor, 0) == 0 && pwrite(descriptor, holder, (size_t)size, 0) == size;

        (void)is_written;
}

bool lock_take(Lock *lock, const char *folder, const char *instance, Error *err)
{
        CLEANUP(mem_drop) char *path = text_format("%s/lock", folder);

        lock->descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (lock->descriptor < 0)
                return error_set(err, ERR_FATAL, NULL, "%s: %s", path, strerror(errno));
        if (flock(lock->descriptor, LOCK_EX | LOCK_NB) < 0) {
                (void)holder_error(lock->descriptor, path, instance, err);
                lock_release(lock);
                return false;
        }
        holder_write(lock->descriptor);
        return true;
}

void lock_release(Lock *lock)
{
        if (lock->descriptor >= 0)
                close(lock->descriptor);
        lock->descriptor = -1;
}
