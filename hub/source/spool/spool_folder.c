#include "hub/source/spool/spool_folder.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/source/spool/segment.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of `acknowledged`: token and its CRC-32, little-endian. Twelve bytes in one page: a kill leaves the old ones or the new. */
enum { TOKEN_SIZE = 8, MARK_SIZE = 12 };

static bool system_error(const char *path, Error *err)
{
        return error_set(err, ERR_FATAL, NULL, "%s: %s", path, strerror(errno));
}

static void bytes_put(uint8_t *at, uint64_t value, int size)
{
        for (int i = 0; i < size; i++)
                at[i] = (uint8_t)(value >> 8 * i);
}

static uint64_t bytes_get(const uint8_t *at, int size)
{
        uint64_t value = 0;

        for (int i = 0; i < size; i++)
                value |= (uint64_t)at[i] << 8 * i;
        return value;
}

bool spool_folder_open(SpoolFolder *folder, const char *parent, Error *err)
{
        CLEANUP(mem_drop) char *path = text_format("%s/spool", parent);

        if (mkdir(path, 0700) < 0 && errno != EEXIST)
                return system_error(path, err);
        folder->descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (folder->descriptor < 0 || fchmod(folder->descriptor, 0700) < 0)
                return system_error(path, err);
        folder->acknowledged =
                openat(folder->descriptor, "acknowledged", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        return folder->acknowledged >= 0 || system_error(path, err);
}

static int number_compare(const void *one, const void *other)
{
        const uint32_t *left = one, *right = other;

        return (*left > *right) - (*left < *right);
}

static void folder_drop(DIR **folder)
{
        if (*folder)
                closedir(*folder);
}

static DIR *listing_open(const SpoolFolder *folder)
{
        int descriptor = openat(folder->descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *listing = descriptor < 0 ? NULL : fdopendir(descriptor);

        if (!listing && descriptor >= 0)
                close(descriptor);
        return listing;
}

bool spool_folder_numbers(const SpoolFolder *folder, uint32_t **numbers, size_t *size, Error *err)
{
        CLEANUP(folder_drop) DIR *listing = listing_open(folder);
        uint32_t number;

        *size = 0;
        if (!listing)
                return system_error("spool", err);
        errno = 0; /* only so an error is told from the end: a segment that is passed over would be taken for settled */
        for (struct dirent *entry; (entry = readdir(listing)); errno = 0) {
                if (!segment_number(entry->d_name, &number))
                        continue;
                *numbers = mem_resize(*numbers, (*size + 1) * sizeof(number));
                (*numbers)[(*size)++] = number;
        }
        if (errno)
                return system_error("spool", err);
        if (*size)
                qsort(*numbers, *size, sizeof(number), number_compare);
        return true;
}

uint64_t spool_folder_acknowledged(const SpoolFolder *folder)
{
        uint8_t mark[MARK_SIZE];

        if (pread(folder->acknowledged, mark, sizeof(mark), 0) != (ssize_t)sizeof(mark) ||
            bytes_get(mark + TOKEN_SIZE, 4) != segment_crc(mark, TOKEN_SIZE))
                return 0;
        return bytes_get(mark, TOKEN_SIZE);
}

/* Without fsync: what a power cut takes back comes again. */
void spool_folder_acknowledge(const SpoolFolder *folder, uint64_t token)
{
        uint8_t mark[MARK_SIZE];

        if (folder->acknowledged < 0)
                return;
        bytes_put(mark, token, TOKEN_SIZE);
        bytes_put(mark + TOKEN_SIZE, segment_crc(mark, TOKEN_SIZE), 4);
        if (pwrite(folder->acknowledged, mark, sizeof(mark), 0) != (ssize_t)sizeof(mark))
                log_limited(LOG_WARNING, "what is acknowledged could not be noted: it may come again",
                            (LogKey[]){ LOG_TEXT("why", strerror(errno)), { 0 } });
}

void spool_folder_close(SpoolFolder *folder)
{
        if (folder->descriptor >= 0)
                close(folder->descriptor);
        if (folder->acknowledged >= 0)
                close(folder->acknowledged);
        *folder = SPOOL_FOLDER_NONE;
}
