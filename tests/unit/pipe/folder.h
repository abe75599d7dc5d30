#pragma once

/* A folder of the test's own, gone at the end. */

#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int entry_remove(const char *path, const struct stat *status, int type, struct FTW *place)
{
        (void)status;
        (void)type;
        (void)place;
        return remove(path);
}

static const char *test_folder(char path[64])
{
        const char *base = getenv("TMPDIR");

        snprintf(path, 64, "%s/hub-pipe-XXXXXX", base && *base && strlen(base) < 40 ? base : "/tmp");
        ck_assert_ptr_nonnull(mkdtemp(path));
        return path;
}

static void test_folder_remove(const char *path)
{
        nftw(path, entry_remove, 8, FTW_DEPTH | FTW_PHYS);
}
