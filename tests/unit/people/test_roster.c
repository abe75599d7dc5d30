#include "hub/people/roster.h"

#include "hub/base/text.h"
#include "tests/unit/base/run.h"
#include "tests/unit/people/folder.h"

#define HASH                                                                                                           \
        "scrypt:1024:8:1:000102030405060708090a0b0c0d0e0f:"                                                            \
        "3482cfc53a9829e6162fdd8b7901f143d298b52aa6ebb0c47de5307d66db157e"

START_TEST(a_file_is_read_written_and_read_again)
{
        CLEANUP(roster_free) Roster roster = { 0 };
        CLEANUP(roster_free) Roster again = { 0 };
        char folder[40], zones[64];
        Error err = { 0 };

        folder_make(folder);
        CLEANUP(mem_drop)
        char *path =
                folder_file(folder, "users", "# who\n\nlin dispatcher 350206,350203 " HASH "\nwall  viewer\t*  -\n");
        ck_assert_msg(roster_load(&roster, ROSTER_USERS, path, &err), "%s", err.text);
        ck_assert_uint_eq(roster.size, 2);
        ck_assert_int_eq(roster_find(&roster, "lin")->role, ROLE_DISPATCHER);
        ck_assert_str_eq(roster_find(&roster, "lin")->zones[1], "350203");
        ck_assert(roster_find(&roster, "wall")->sees_all);
        ck_assert_ptr_null(roster_find(&roster, "li"));
        ck_assert(roster_put(&roster, "lin", "viewer", "350206", "-", &err));
        ck_assert(roster_put(&roster, "chen", "administrator", "*", HASH, &err));
        ck_assert(roster_remove(&roster, "wall") && !roster_remove(&roster, "wall"));
        ck_assert_msg(roster_save(&roster, path, &err), "%s", err.text);
        ck_assert_msg(roster_load(&again, ROSTER_USERS, path, &err), "%s", err.text);
        ck_assert_uint_eq(again.size, 2);
        ck_assert_int_eq(again.entries[0].role, ROLE_VIEWER);
        roster_zones(&again.entries[0], zones, sizeof(zones));
        ck_assert_str_eq(zones, "350206");
        ck_assert_str_eq(again.entries[1].secret, HASH);
        folder_remove(folder);
}
END_TEST

/* Whoever reads the file can try passwords at home; whoever writes it is in. */
START_TEST(a_file_that_others_may_use_is_refused)
{
        Roster roster;
        char folder[40];
        Error err = { 0 };

        folder_make(folder);
        CLEANUP(mem_drop) char *path = folder_file(folder, "users", "");
        ck_assert_int_eq(chmod(path, 0640), 0);
        ck_assert(!roster_load(&roster, ROSTER_USERS, path, &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
        folder_remove(folder);
}
END_TEST

START_TEST(a_wrong_line_is_named)
{
        static const char *const lines[] = {
                "lin dispatcher 350206",   "lin king * -",   "lin viewer 350206,,350203 -",
                "lin viewer * plain-text", "Lin viewer * -", "../lin viewer * -",
                "lin viewer * - more",     "lin nobody * -", "a viewer * -\na viewer * -"
        };
        char folder[40];

        folder_make(folder);
        for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
                CLEANUP(mem_drop) char *text = text_format("# one\n%s\n", lines[i]);
                CLEANUP(mem_drop) char *path = folder_file(folder, "users", text);
                Roster roster;
                Error err = { 0 };

                ck_assert_msg(!roster_load(&roster, ROSTER_USERS, path, &err), "%s", lines[i]);
                ck_assert_int_eq(err.kind, ERR_FATAL);
                ck_assert_msg(strstr(err.text, strchr(lines[i], '\n') ? "users:3" : "users:2") != NULL, "%s", err.text);
        }
        folder_remove(folder);
}
END_TEST

RUN("roster", a_file_is_read_written_and_read_again, a_file_that_others_may_use_is_refused, a_wrong_line_is_named)
