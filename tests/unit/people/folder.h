#pragma once

/* A folder of the test's own, with files that only their owner may read. */

#include "hub/base/memory.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static inline void folder_make(char path[40])
{
        snprintf(path, 40, "/tmp/test-people-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(path));
}

static inline char *folder_file(const char *folder, const char *name, const char *text)
{
        char *path = text_format("%s/%s", folder, name);
        const int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

        ck_assert_int_ge(descriptor, 0);
        ck_assert_int_eq(write(descriptor, text, strlen(text)), (ssize_t)strlen(text));
        close(descriptor);
        return path;
}

static inline void folder_remove(const char *folder)
{
        CLEANUP(mem_drop) char *command = text_format("rm -r %s", folder);

        ck_assert_int_eq(system(command), 0);
}
