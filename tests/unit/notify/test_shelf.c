#include "hub/keep/folder.h"
#include "hub/notify/shelf.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"

static void store(const char *folder, const char *name)
{
        Error err;

        ck_assert(folder_store(folder, name, "{}", 2, &err));
}

static bool is_there(const char *folder, const char *name)
{
        char path[256];

        snprintf(path, sizeof(path), "%s/%s", folder, name);
        return access(path, F_OK) == 0;
}

/* A kill between the new file and its name leaves the former: what it holds is in no list, so that no erasure would empty it. */
START_TEST(what_a_kill_left_half_written_goes)
{
        char path[64];
        Shelf shelf;
        Error err;

        ck_assert(shelf_open(&shelf, test_folder(path), "desk", &err));
        for (int dead = 0; dead < 2; dead++) {
                store(dead ? shelf.dead : shelf.waiting, "7.json");
                store(dead ? shelf.dead : shelf.waiting, "8.json.new");
        }
        shelf_tidy(&shelf);
        for (int dead = 0; dead < 2; dead++) {
                ck_assert(is_there(dead ? shelf.dead : shelf.waiting, "7.json"));
                ck_assert(!is_there(dead ? shelf.dead : shelf.waiting, "8.json.new"));
        }
        shelf_close(&shelf);
        test_folder_remove(path);
}
END_TEST

RUN("shelf", what_a_kill_left_half_written_goes)
