#include "hub/geo/division.h"
#include "tests/unit/base/run.h"

START_TEST(a_division_covers_what_lies_in_it)
{
        ck_assert(division_is("350206") && division_is("350206003") && division_is("350206003000"));
        ck_assert(!division_is(NULL) && !division_is("006109") && !division_is("3502") && !division_is("35020X"));
        ck_assert(division_covers("350200", "350206") && division_covers("350206003000", "350206"));
        ck_assert(division_covers("350000", "350206") && division_covers("350206", "350206"));
        ck_assert(!division_covers("350203", "350206") && !division_covers("110000", "350206"));
        ck_assert(!division_covers("350100", "350206"));
}
END_TEST

RUN("division", a_division_covers_what_lies_in_it)
