#pragma once

/* The main() of a unit test: runs the tests in order, each in a process of its own; prints what failed. */

#include <check.h>
#include <stddef.h>
#include <stdlib.h>

static int run(const char *name, const TTest *const *tests, size_t size)
{
        Suite *suite = suite_create(name);
        TCase *group = tcase_create(name);
        SRunner *runner;
        int failed;

        for (size_t i = 0; i < size; i++)
                tcase_add_test(group, tests[i]);
        tcase_set_timeout(group, 60);
        suite_add_tcase(suite, group);
        runner = srunner_create(suite);
        srunner_run_all(runner, CK_NORMAL);
        failed = srunner_ntests_failed(runner);
        srunner_free(runner);
        return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define RUN(name, ...)                                                                                                 \
        int main(void)                                                                                                 \
        {                                                                                                              \
                const TTest *const tests[] = { __VA_ARGS__ };                                                          \
                return run(name, tests, sizeof(tests) / sizeof(tests[0]));                                             \
        }
