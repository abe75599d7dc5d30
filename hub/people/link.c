#include "hub/people/link.h"

#include "hub/base/buffer.h"
#include "hub/base/crypto.h"
#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MOST = 256 };

static char *path_of(const char *folder, const char *key)
{
        char digest[SHA256_TEXT_SIZE];

        return text_format("%s/%s", folder, sha256_text(key, strlen(key), digest));
}

static bool folder_make(const char *folder, Error *err)
{
        CLEANUP(mem_drop) char *above = file_folder(folder);

        if ((mkdir(above, 0755) == 0 || errno == EEXIST) && (mkdir(folder, 0700) == 0 || errno == EEXIST))
                return true;
        return error_set(err, ERR_FATAL, NULL, "%s: %s", folder, strerror(errno));
}

bool link_make(const char *folder, const char *name, int64_t lasts_ms, char key[TOKEN_SIZE], Error *err)
{
        CLEANUP(mem_drop) char *path = NULL;
        char text[FILE_MOST];

        if (!folder_make(folder, err))
                return false;
        token_make(key);
        path = path_of(folder, key);
        const int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (descriptor < 0)
                return error_set(err, ERR_FATAL, NULL, "%s: %s", path, strerror(errno));
        const int size = snprintf(text, sizeof(text), "%s %" PRId64 "\n", name, time_wall() + lasts_ms);
        const bool is_written = write(descriptor, text, (size_t)size) == size;
        close(descriptor);
        return is_written || error_set(err, ERR_FATAL, NULL, "%s: %s", path, strerror(errno));
}

/* "NAME ENDS" and a line's end. */
static bool name_read(char *line, char name[LINK_NAME_SIZE], int64_t *ends)
{
        char *blank = strchr(line, ' ');

        if (!blank || blank - line >= LINK_NAME_SIZE)
                return false;
        *blank = '\0';
        memcpy(name, line, (size_t)(blank - line) + 1);
        blank[1 + strcspn(blank + 1, "\n")] = '\0';
        return text_read_integer(blank + 1, ends);
}

bool link_use(const char *folder, const char *key, char name[LINK_NAME_SIZE])
{
        CLEANUP(mem_drop) char *path = NULL;
        CLEANUP(buffer_free) Buffer text = { 0 };
        int64_t ends;
        Error err = { 0 };

        if (!token_form(key))
                return false;
        path = path_of(folder, key);
        if (!file_read(&text, path, FILE_MOST, &err) || unlink(path) != 0)
                return false;
        return name_read(text.bytes, name, &ends) && time_wall() < ends;
}
