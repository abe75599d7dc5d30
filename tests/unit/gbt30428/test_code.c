#include "hub/gbt30428/code.h"

#include "hub/base/text.h"
#include "tests/unit/base/run.h"

/* GB/T 30428.2: 0504 is 店外经营 among events; 01 is 公用设施 among components and 市容环境 among events. */

START_TEST(a_class_is_known_by_its_number_or_its_name)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();

        ck_assert_str_eq(gbt30428_class("5", NULL, false, arena), "05");
        ck_assert_str_eq(gbt30428_class("05", "市容环境", false, arena), "05");
        ck_assert_str_eq(gbt30428_class("a3f0", "市容环境", false, arena), "01");
        ck_assert_str_eq(gbt30428_class(NULL, "市容环境", true, arena), "03");
        ck_assert_str_eq(gbt30428_class("4746", "交通设施", true, arena), "02");
        ck_assert_ptr_null(gbt30428_class("4746", "别的", false, arena));
        ck_assert_ptr_null(gbt30428_class(NULL, NULL, true, arena));
}
END_TEST

START_TEST(what_is_missing_of_a_code_the_class_says)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();

        ck_assert_str_eq(gbt30428_code("05", "504", false, arena), "0504");
        ck_assert_str_eq(gbt30428_code("05", "604", false, arena), "604");
        ck_assert_str_eq(gbt30428_code("05", "4", true, arena), "0504");
        ck_assert_str_eq(gbt30428_code("05", "04", true, arena), "0504");
        ck_assert_str_eq(gbt30428_code("05", "04", false, arena), "04");
        ck_assert_str_eq(gbt30428_code(NULL, "04", true, arena), "04");
        ck_assert_ptr_null(gbt30428_code("05", NULL, true, arena));
}
END_TEST

START_TEST(a_number_of_a_platforms_own_is_no_code)
{
        ck_assert(gbt30428_is_code("05", "0504", false));
        ck_assert(!gbt30428_is_code("32", "4746", true));
        ck_assert(gbt30428_is_code(NULL, "0504", false));
        ck_assert(!gbt30428_is_code(NULL, "4746", false));
        ck_assert(gbt30428_is_code(NULL, "4746", true));
        ck_assert(!gbt30428_is_code("05", NULL, true));
}
END_TEST

RUN("gbt30428_code", a_class_is_known_by_its_number_or_its_name, what_is_missing_of_a_code_the_class_says,
    a_number_of_a_platforms_own_is_no_code)
