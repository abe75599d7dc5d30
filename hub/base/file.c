#include "hub/base/file.h"

#include "hub/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void descriptor_drop(int *descriptor)
{
        if (*descriptor >= 0)
                close(*descriptor);
}

/* read(2) until the end of the file; returns 0, or errno. */
static int read_all(int descriptor, Buffer *out, size_t most)
{
        enum { STEP = 64 * 1024 };
        size_t start = out->size;
        ssize_t got;

        do {
                buffer_room(out, STEP);
                got = read(descriptor, out->bytes + out->size, STEP);
                if (got > 0)
                        out->size += (size_t)got;
        } while ((got > 0 && out->size - start <= most) || (got < 0 && errno == EINTR));
        out->bytes[out->size] = '\0';
        return got < 0 ? errno : 0;
}

ErrorKind file_trouble(int error)
{
        static const int passing[] = { EIO, EINTR, EAGAIN, EBUSY, ENOMEM, EMFILE, ENFILE, ESTALE, ETIMEDOUT };

        for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
                if (error == passing[i])
                        return ERR_RETRY;
        return ERR_FATAL;
}

ErrorKind file_glob_trouble(const char *pattern)
{
        CLEANUP(mem_drop) char *folder = file_folder(pattern);

        return access(folder, R_OK | X_OK) == 0 ? ERR_RETRY : file_trouble(errno);
}

bool file_read(Buffer *out, const char *path, size_t most, Error *err)
{
        CLEANUP(descriptor_drop) int descriptor = open(path, O_RDONLY | O_CLOEXEC);
        size_t start = out->size;
        int trouble = descriptor < 0 ? errno : read_all(descriptor, out, most);

        if (!trouble && out->size - start <= most)
                return true;
        if (out->bytes) {
                out->size = start;
                out->bytes[start] = '\0';
        }
        if (trouble)
                return error_set(err, file_trouble(trouble), NULL, "%s: %s", path, strerror(trouble));
        return error_set(err, ERR_FATAL, NULL, "%s: larger than %zu bytes", path, most);
}

char *file_folder(const char *path)
{
        const char *slash = strrchr(path, '/');

        if (!slash)
                return text_copy(".");
        return mem_copy(path, slash == path ? 1 : (size_t)(slash - path));
}

char *file_beside(const char *folder, const char *path)
{
        if (path[0] == '/' || !folder || !folder[0] || strcmp(folder, ".") == 0)
                return text_copy(path);
        return text_format("%s%s%s", folder, strcmp(folder, "/") == 0 ? "" : "/", path);
}
