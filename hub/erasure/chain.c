#include "hub/erasure/chain.h"

#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MOST = 256 * 1024 * 1024 };

static const char nothing_before[] = "0000000000000000000000000000000000000000000000000000000000000000";

void chain_free(Chain *chain)
{
        for (size_t i = 0; i < chain->size; i++)
                free(chain->items[i].entry);
        free(chain->items);
        *chain = (Chain){ 0 };
}

static bool link_check(const Chain *chain, const char *entry, size_t size, const char *hash, const char *what,
                       Error *err)
{
        const char *previous = chain->size ? chain->items[chain->size - 1].hash : nothing_before;
        const long long number = (long long)chain->size + 1;
        char sum[SHA256_TEXT_SIZE];
        Error ignored = { 0 };

        if (strcmp(sha256_text(entry, size, sum), hash) != 0)
                return error_set(err, ERR_RETRY, NULL, "%s line %lld: was changed after it was written", what, number);
        CLEANUP(json_drop) json_t *json = json_read_typed(entry, size, &ignored);
        if (!text_same(json_text(json, "previous"), previous) ||
            json_integer_value(json_object_get(json, "number")) != number)
                return error_set(err, ERR_RETRY, NULL, "%s line %lld: does not follow the line before", what, number);
        return true;
}

static bool link_add(Chain *chain, const char *entry, size_t size, const char *hash, const char *what, Error *err)
{
        if (!link_check(chain, entry, size, hash, what, err))
                return false;
        chain->items = mem_resize(chain->items, (chain->size + 1) * sizeof *chain->items);
        ChainLink *link = &chain->items[chain->size++];
        link->entry = mem_new(size + 1);
        memcpy(link->entry, entry, size);
        snprintf(link->hash, sizeof link->hash, "%s", hash);
        return true;
}

bool chain_file(Chain *chain, const char *path, Error *err)
{
        CLEANUP(buffer_free) Buffer text = { 0 };

        if (access(path, F_OK) != 0 && errno == ENOENT)
                return true;
        if (!file_read(&text, path, FILE_MOST, err))
                return false;
        for (char *line = text.bytes, *end; line && (end = strchr(line, '\n')); line = end + 1) {
                char *tab = memchr(line, '\t', (size_t)(end - line));

                *end = '\0';
                if (tab)
                        *tab = '\0';
                if (!link_add(chain, tab ? tab + 1 : line, (size_t)(end - (tab ? tab + 1 : line)), tab ? line : "",
                              path, err))
                        return false;
        }
        return true;
}

bool chain_rows(Chain *chain, Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!db_query(db, &rows, "SELECT entry, hash FROM ops.erasure ORDER BY number", NULL, 0, err))
                return false;
        for (size_t i = 0; i < db_rows(rows); i++)
                if (!link_add(chain, db_text(rows, i, 0), db_size(rows, i, 0), db_text(rows, i, 1), "ops.erasure", err))
                        return false;
        return true;
}

bool chain_agree(const Chain *file, const Chain *rows, Error *err)
{
        for (size_t i = 0; i < file->size && i < rows->size; i++)
                if (strcmp(file->items[i].hash, rows->items[i].hash) != 0)
                        return error_set(
                                err, ERR_RETRY, NULL,
                                "line %zu of the file is not line %zu of ops.erasure: they are of two databases", i + 1,
                                i + 1);
        return true;
}

/* Behind the last whole line. */
static bool end_find(int fd, off_t *end)
{
        char byte;

        *end = lseek(fd, 0, SEEK_END);
        while (*end > 0 && pread(fd, &byte, 1, *end - 1) == 1 && byte != '\n')
                --*end;
        return *end >= 0;
}

static bool line_write(int fd, const Buffer *line)
{
        off_t end;

        return end_find(fd, &end) && ftruncate(fd, end) == 0 &&
               pwrite(fd, line->bytes, line->size, end) == (ssize_t)line->size && fsync(fd) == 0;
}

bool chain_append(const char *path, const char *entry, const char *hash, Error *err)
{
        CLEANUP(buffer_free) Buffer line = { 0 };
        const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

        buffer_format(&line, "%s\t%s\n", hash, entry);
        const bool fine = fd >= 0 && line_write(fd, &line);
        if (!fine)
                error_set(err, ERR_FATAL, NULL, "%s: %s", path, strerror(errno));
        if (fd >= 0)
                close(fd);
        return fine;
}
