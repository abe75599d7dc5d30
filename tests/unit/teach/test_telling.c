#include "hub/teach/telling.h"

#include "tests/unit/base/run.h"

START_TEST(the_nearest_to_the_threshold_are_asked_first)
{
        const Question questions[] = { { -3000, "a", 0 }, { 100, "b", 0 }, { -700, "c", 0 }, { 1500, "d", 0 } };
        size_t chosen[4];

        ck_assert_uint_eq(telling_choose(questions, 4, chosen, 3), 3);
        ck_assert_uint_eq(chosen[0], 1);
        ck_assert_uint_eq(chosen[1], 2);
        ck_assert_uint_eq(chosen[2], 3);
        ck_assert_uint_eq(telling_choose(questions, 4, chosen, 9), 4);
}
END_TEST

/* Chances of 50, 48, 45 and 27 of 100: worth 250, 250, 247 and 198 of a thousand, halved with each of a kind. */
START_TEST(every_kind_has_its_turn)
{
        const Question questions[] = {
                { 0, "lamp", 0 }, { -100, "lamp", 0 }, { -200, "lamp", 0 }, { -1000, "bin", 0 }
        };
        size_t chosen[4];

        telling_choose(questions, 4, chosen, 4);
        ck_assert_uint_eq(chosen[0], 0);
        ck_assert_uint_eq(chosen[1], 3);
        ck_assert_uint_eq(chosen[2], 1);
        ck_assert_uint_eq(chosen[3], 2);
}
END_TEST

START_TEST(what_was_answered_often_waits)
{
        const Question questions[] = { { 0, "lamp", 9 }, { -2000, "bin", 0 } };
        size_t chosen[2];

        telling_choose(questions, 2, chosen, 2);
        ck_assert_uint_eq(chosen[0], 1);
}
END_TEST

RUN("telling", the_nearest_to_the_threshold_are_asked_first, every_kind_has_its_turn, what_was_answered_often_waits)
