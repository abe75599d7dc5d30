#include "hub/keep/folder.h"

#include "hub/base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DRAFT ".new"

bool folder_make(const char *path, Error *err)
{
        CLEANUP(mem_drop) char *part = text_copy(path);

        for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
                *slash = '\0';
                if (mkdir(part, 0700) < 0 && errno != EEXIST)
                        return error_set(err, ERR_FATAL, NULL, "%s: %s", part, strerror(errno));
                *slash = '/';
        }
        if (mkdir(path, 0700) < 0 && errno != EEXIST)
                return error_set(err, ERR_FATAL, NULL, "%s: %s", path, strerror(errno));
        return true;
}

/* 0, or errno. */
static int all_write(int descriptor, const char *bytes, size_t size)
{
        while (size) {
                ssize_t written = write(descriptor, bytes, size);

                if (written < 0 && errno != EINTR)
                        return errno;
                bytes += written > 0 ? written : 0;
                size -= written > 0 ? (size_t)written : 0;
        }
        return fdatasync(descriptor) < 0 ? errno : 0;
}

static int draft_write(const char *path, const char *bytes, size_t size)
{
        int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), trouble;

        if (descriptor < 0)
                return errno;
        trouble = all_write(descriptor, bytes, size);
        if (close(descriptor) < 0 && !trouble)
                trouble = errno;
        return trouble;
}

static int folder_sync(const char *folder)
{
        int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), trouble;

        if (descriptor < 0)
                return errno;
        trouble = fsync(descriptor) < 0 ? errno : 0;
        close(descriptor);
        return trouble;
}

bool folder_store(const char *folder, const char *name, const char *bytes, size_t size, Error *err)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", folder, name);
        CLEANUP(mem_drop) char *draft = text_format("%s/%s" DRAFT, folder, name);
        int trouble = draft_write(draft, bytes, size);

        if (!trouble && rename(draft, path) < 0)
                trouble = errno;
        if (!trouble)
                trouble = folder_sync(folder);
        if (trouble)
                return error_set(err, ERR_RETRY, NULL, "%s: %s", path, strerror(trouble));
        return true;
}

void folder_tidy(const char *folder)
{
        DIR *directory = opendir(folder);

        if (!directory)
                return;
        for (const struct dirent *entry; (entry = readdir(directory));) {
                const size_t size = strlen(entry->d_name), end = sizeof(DRAFT) - 1;

                if (size > end && strcmp(entry->d_name + size - end, DRAFT) == 0)
                        (void)unlinkat(dirfd(directory), entry->d_name, 0);
        }
        closedir(directory);
}
