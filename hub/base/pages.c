#include "hub/base/pages.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

void pages_pass(const char *bytes, size_t paged, size_t from, size_t to)
{
        const size_t page = (size_t)sysconf(_SC_PAGESIZE);
        size_t start = from / page * page, end = (to < paged ? to : paged) / page * page;

        /* A hint: what the kernel keeps does no harm. NOLINTNEXTLINE(performance-no-int-to-ptr) */
        if (end > start)
                (void)madvise((void *)((uintptr_t)bytes + start), end - start, MADV_DONTNEED);
}
