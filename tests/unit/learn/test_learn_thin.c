/* Few labels: learning moves no farther than they carry. */

#include "hub/learn/learn_model.h"
#include "tests/unit/base/run.h"
#include "tests/unit/learn/school.h"

#include <math.h>

enum { LAMPS = 30, STRANGE_M = 25 };

/*
 * Lamps reported twice, five metres and an hour apart; a report that nobody labelled stands by, from before. Of what is not
 * the same the labels say nothing at all.
 */
static void lamps_open(School *school, int strange_m)
{
        school_found(school);
        for (int i = 0; i < LAMPS; i++) {
                const char *incident = arena_format(school->world.arena, "lamp%d", i);

                line_add(school, i * 3, "L01", i * 700 - strange_m, i * 200, NULL);
                for (int twin = 0; twin < 2; twin++)
                        line_add(school, i * 3 + 1 + twin, "L01", i * 700 + twin * 5, i * 200 + 30 + twin * 60,
                                 incident);
        }
}

/* How many of those stand with the two after. */
static int strangers_joined(const School *school, const Rules *rules)
{
        Lesson lesson = school->lesson;
        LabelledList list = { 0 };
        Error err = { 0 };
        int count = 0;

        lesson.rules = (Rules *)(uintptr_t)rules;
        ck_assert(learn_run(&lesson, (ZoneTeacher){ 0 }, &list, SIZE_MAX, &err));
        ck_assert_uint_eq(list.size, 3 * LAMPS);
        for (size_t i = 0; i < list.size; i += 3)
                count += text_same(list.items[i].incident, list.items[i + 2].incident);
        labelled_free(&list);
        return count;
}

START_TEST(what_nobody_spoke_of_is_not_made_alike)
{
        School school;
        Evidence evidence;
        Error err = { 0 };

        lamps_open(&school, STRANGE_M);
        const int before = strangers_joined(&school, school.shipped);
        ck_assert_int_eq(before, 0);
        ck_assert_msg(learn(&school.lesson, &evidence, &err), "%s", err.text);
        /* the tables themselves, whether they are handed out or not */
        ck_assert_int_eq(strangers_joined(&school, school.lesson.rules), 0);
        school_close(&school);
}
END_TEST

START_TEST(what_does_not_beat_the_shipped_rules_is_not_handed_out)
{
        School school;
        Evidence evidence;
        Error err = { 0 };
        CLEANUP(buffer_free) Buffer text = { 0 };
        CLEANUP(buffer_free) Buffer shipped = { 0 };

        lamps_open(&school, 400);
        ck_assert_msg(learn(&school.lesson, &evidence, &err), "%s", err.text);
        ck_assert_double_eq(counts_f1(&evidence.shipped), 1); /* they join every pair already */
        ck_assert(evidence.kept);
        learn_write(&text, &school.lesson, &evidence);
        rules_write(&shipped, school.shipped);
        ck_assert_ptr_nonnull(strstr(text.bytes, shipped.bytes));
        ck_assert_ptr_nonnull(strstr(text.bytes, "Recommended: the shipped rules"));
        school_close(&school);
}
END_TEST

START_TEST(a_wanted_precision_is_reached_in_the_folds)
{
        School school;
        Evidence evidence;
        Error err = { 0 };

        school_open(&school, CASES / 2, true);
        school.lesson.precision = 990;
        ck_assert_msg(learn(&school.lesson, &evidence, &err), "%s", err.text);
        ck_assert_double_ge(counts_precision(&evidence.learnt), 0.99);
        ck_assert_int_le(rules_set(school.lesson.rules)->suggest, rules_set(school.lesson.rules)->merge);
        school_close(&school);
}
END_TEST

/* Said 88 of 100 and 12 of 100 where 73 and 27 are seen: half as steep. And said with nothing to say it by: as it was. */
START_TEST(a_line_through_the_margins_makes_them_mean_what_they_say)
{
        double margins[200], targets[200], weights[200], slope, shift;

        for (int i = 0; i < 200; i++) {
                margins[i] = i < 100 ? 2 : -2;
                targets[i] = i < 100 ? i < 73 : i < 127;
                weights[i] = 100;
        }
        learn_line(margins, targets, weights, 200, &slope, &shift);
        ck_assert_double_eq_tol(slope * 2, log(73.0 / 27), 0.02);
        ck_assert_double_eq_tol(shift, 0, 0.02);
        learn_line(margins, targets, weights, 0, &slope, &shift);
        ck_assert_double_eq_tol(slope, 1, 1e-9);
        ck_assert_double_eq_tol(shift, 0, 1e-9);
}
END_TEST

RUN("learn_thin", what_nobody_spoke_of_is_not_made_alike, what_does_not_beat_the_shipped_rules_is_not_handed_out,
    a_wanted_precision_is_reached_in_the_folds, a_line_through_the_margins_makes_them_mean_what_they_say)
