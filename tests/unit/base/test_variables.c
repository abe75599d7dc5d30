#include "hub/base/memory.h"
#include "hub/base/variables.h"
#include "tests/unit/base/run.h"

START_TEST(names_are_replaced_once)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        Error err = { 0 };

        setenv("HUB_TEST_A", "<${HUB_TEST_B}>", 1);
        unsetenv("HUB_TEST_B");
        ck_assert(variables_replace(&out, "x${HUB_TEST_A}${HUB_TEST_B:-y}$z", &err));
        ck_assert_str_eq(out.bytes, "x<${HUB_TEST_B}>y$z");
}
END_TEST

/* A password that is missing must be said by name, not by a refused login an hour later. */
START_TEST(what_is_not_set_is_said)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        Error err = { 0 };

        setenv("HUB_TEST_A", "", 1);
        ck_assert(!variables_replace(&out, "${HUB_TEST_A}", &err));
        ck_assert_str_eq(err.text, "${HUB_TEST_A} is not set and has no default");
        ck_assert(!variables_replace(&out, "${HUB_TEST_A-}", &err));
        ck_assert_str_eq(err.text, "\"${\" is not followed by NAME} or NAME:-default}");
}
END_TEST

RUN("variables", names_are_replaced_once, what_is_not_set_is_said)
