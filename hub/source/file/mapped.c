#include "hub/source/file/mapped.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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

bool mapped_open(Mapped *mapped, int descriptor, size_t size, Error *err)
{
        const size_t page = (size_t)sysconf(_SC_PAGESIZE), whole = size / page * page;
        void *room = mmap(NULL, whole + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        bool mapped_all;

        *mapped = (Mapped){ 0 };
        if (room == MAP_FAILED)
                return error_set(err, ERR_RETRY, NULL, "no room for %zu bytes: %s", size, strerror(errno));
        *mapped = (Mapped){ .bytes = room, .size = size, .room = whole + page };
        mapped_all = !whole || mmap(room, whole, PROT_READ, MAP_PRIVATE | MAP_FIXED, descriptor, 0) != MAP_FAILED;
        if (mapped_all && tail_read(mapped, descriptor, whole))
                return true;
        error_set(err, ERR_RETRY, NULL, "%s", errno == ENODATA ? "it was cut while it was opened" : strerror(errno));
        mapped_close(mapped);
        return false;
}

void mapped_close(Mapped *mapped)
{
        if (mapped->bytes)
                munmap(mapped->bytes, mapped->room);
        *mapped = (Mapped){ 0 };
}
