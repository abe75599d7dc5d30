#include "hub/source/file/mapped.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { COPIED_MOST = 128 * 1024 };

/* What does not fill a page is copied: of a mapped last page the bytes behind the end are not ours to vouch for. */
static bool tail_read(const Mapped *mapped, int descriptor, size_t whole)
{
        size_t got = whole;

        while (got < mapped->size) {
                ssize_t more = pread(descriptor, mapped->bytes + got, mapped->size - got, (off_t)got);

                if (more == 0)
                        errno = ENODATA;
                if (more == 0 || (more < 0 && errno != EINTR))
                        return false;
                got += more > 0 ? (size_t)more : 0;
        }
        return true;
}

/* Pages at an address of their own, and one more behind them. */
static bool pages_open(Mapped *mapped, int descriptor, size_t size, size_t page)
{
        const size_t whole = size / page * page;
        void *room = mmap(NULL, whole + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (room == MAP_FAILED)
                return false;
        mapped->bytes = room;
        mapped->room = whole + page;
        mapped->paged = whole;
        return mmap(room, whole, PROT_READ, MAP_PRIVATE | MAP_FIXED, descriptor, 0) != MAP_FAILED;
}

bool mapped_open(Mapped *mapped, int descriptor, size_t size, Error *err)
{
        const size_t page = (size_t)sysconf(_SC_PAGESIZE);
        bool is_open = true;

        mapped_close(mapped);
        mapped->size = size;
        if (size <= COPIED_MOST) { /* a map and its faults cost more than the copy */
                buffer_room(&mapped->copy, size);
                mapped->bytes = mapped->copy.bytes;
                mapped->bytes[size] = '\0';
        } else {
                is_open = pages_open(mapped, descriptor, size, page);
        }
        if (is_open && tail_read(mapped, descriptor, mapped->paged))
                return true;
        error_set(err, ERR_RETRY, NULL, "%s", errno == ENODATA ? "it was cut while it was opened" : strerror(errno));
        mapped_close(mapped);
        return false;
}

void mapped_close(Mapped *mapped)
{
        if (mapped->room)
                munmap(mapped->bytes, mapped->room);
        *mapped = (Mapped){ .copy = mapped->copy };
}

void mapped_free(Mapped *mapped)
{
        mapped_close(mapped);
        buffer_free(&mapped->copy);
}

/* A lease on reading is given only where nobody writes (fcntl(2)). Should somebody begin before it is handed back: SIGURG does nothing. */
bool mapped_is_written(int descriptor)
{
        bool is_written;

        if (fcntl(descriptor, F_SETSIG, SIGURG) < 0)
                return false;
        is_written = fcntl(descriptor, F_SETLEASE, F_RDLCK) < 0 && errno == EAGAIN;
        if (!is_written)
                (void)fcntl(descriptor, F_SETLEASE, F_UNLCK);
        return is_written;
}

/* UTF-16 ends with a zero byte, before or behind. */
bool mapped_ends(int folder, const char *name, off_t size)
{
        int descriptor = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        char last[2] = "";
        ssize_t got = descriptor < 0 ? 0 : pread(descriptor, last, sizeof(last), size < 2 ? 0 : size - 2);
        const char *end = got == 2 && last[1] ? last + 1 : last;

        if (descriptor >= 0)
                close(descriptor);
        return *end && strchr("\r\n}]>", *end);
}
