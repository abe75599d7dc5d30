/* Few labels: learning moves no farther than they carry. */

#include "hub/learn/learn_folds.h"
#include "hub/learn/learn_grace.h"
#include "hub/learn/learn_suggest.h"
#include "tests/unit/base/run.h"
#include "tests/unit/learn/school.h"

#include <math.h>

enum { LAMPS = 30, STRANGE_M = 25, WIDE_M = 25 };

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
        ck_assert_uint_eq(list.size, (size_t)3 * LAMPS);
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

/* Losses of the firm way and of a looser one: a tenth less for each row; or a tenth less in sum, of rows that differ by two. */
START_TEST(the_firm_way_is_left_only_for_what_is_no_chance)
{
        double losses[2 * 40];

        for (int i = 0; i < 40; i++) {
                losses[i] = 3;
                losses[40 + i] = 2.9;
        }
        ck_assert_uint_eq(learn_firmest(losses, 2, 40), 1);
        for (int i = 0; i < 40; i++)
                losses[40 + i] = i % 2 ? 1.9 : 3.9;
        ck_assert_uint_eq(learn_firmest(losses, 2, 40), 0);
}
END_TEST

/* F1 of 0.8 at -1000 and 0.78 at -500; half of the best is a chance of 0.4, log-odds -405. */
static int step_of(int64_t truth, int64_t second)
{
        Counts steps[9];

        for (int i = 0; i < 9; i++)
                steps[i] = (Counts){ truth, truth, truth / 2 };
        steps[2].both = truth * 80 / 100;
        steps[3].both = truth * second / 100;
        return learn_step(steps, 9);
}

START_TEST(among_thresholds_that_chance_could_tell_apart_the_expected_one_is_taken)
{
        ck_assert_int_eq(step_of(100, 78), 3);
        ck_assert_int_eq(step_of(100000, 78), 3);
        ck_assert_int_eq(step_of(100000, 77), 2);
        /* of 100 that count in two folds each there are 50: 8 points */
        ck_assert_int_eq(step_of(100, 72), 3);
        ck_assert_int_eq(step_of(100, 71), 2);
}
END_TEST

static void closing_add(School *school, int number, int minute)
{
        Arena *arena = school->world.arena;
        const Report report = { .source_id = arena_format(arena, "c%03d", number),
                                .revision = "2",
                                .category = "L01",
                                .title = "L01",
                                .state = STATE_CLOSED,
                                .outcome = OUTCOME_DONE,
                                .east_m = number * 700,
                                .accuracy_m = 5,
                                .minute = minute - 30,
                                .updated_minute = minute };

        report_add(school, &report, NULL);
}

/* Lamps that are closed, and reported once more so many minutes later: 60, 70, 80 ... */
static void closed_open(School *school, int pairs)
{
        school_found(school);
        for (int i = 0; i < pairs; i++) {
                const char *incident = arena_format(school->world.arena, "lamp%d", i);

                line_add(school, i * 2, "L01", i * 1400, i * 1000, incident);
                closing_add(school, i * 2, i * 1000 + 30);
                line_add(school, i * 2 + 1, "L01", i * 1400, i * 1000 + 90 + i * 10, incident);
        }
}

START_TEST(what_is_often_reported_after_its_closing_gets_so_long_a_grace)
{
        School school;
        Error err = { 0 };

        closed_open(&school, 9);
        ck_assert_msg(learn_grace(&school.lesson, school.lesson.rules, &err), "%s", err.text);
        /* the seventh of nine: six or so in eight came by then */
        ck_assert_int_eq(rules_category(school.lesson.rules, "L01")->grace_ms, (60 + 6 * 10) * INT64_C(60000));
        ck_assert_int_eq(rules_category(school.lesson.rules, "G01")->grace_ms,
                         rules_category(school.shipped, "G01")->grace_ms);
        school_close(&school);
        closed_open(&school, 7);
        ck_assert(learn_grace(&school.lesson, school.lesson.rules, &err));
        ck_assert_int_eq(rules_category(school.lesson.rules, "L01")->grace_ms,
                         rules_category(school.shipped, "L01")->grace_ms);
        school_close(&school);
}
END_TEST

/* Two that are the same, so far apart that the shipped rules keep them so; one that nobody labelled beside, so far off too. */
static void wide_open(School *school)
{
        school_found(school);
        for (int i = 0; i < LAMPS; i++) {
                const char *incident = arena_format(school->world.arena, "lamp%d", i);

                for (int twin = 0; twin < 2; twin++)
                        line_add(school, i * 5 + twin, "L01", i * 1400 + twin * WIDE_M, i * 200 + twin * 60, incident);
                for (int lone = 0; lone < 2; lone++)
                        line_add(school, i * 5 + 2 + lone, "L01", i * 1400 + 700 + lone * WIDE_M, i * 200 + lone * 60,
                                 NULL);
                line_add(school, i * 5 + 4, "L01", i * 1400 + WIDE_M, i * 200 + 90, NULL);
        }
}

START_TEST(what_joins_more_of_what_nobody_labelled_is_not_handed_out)
{
        School school;
        Evidence evidence;
        Error err = { 0 };
        CLEANUP(buffer_free) Buffer text = { 0 };

        wide_open(&school);
        ck_assert_msg(learn(&school.lesson, &evidence, &err), "%s", err.text);
        ck_assert_double_gt(counts_f1(&evidence.learnt), counts_f1(&evidence.shipped) + evidence.margin);
        ck_assert(evidence.loose);
        ck_assert(evidence.kept);
        learn_tell(&text, &school.lesson, &evidence);
        ck_assert_ptr_nonnull(strstr(text.bytes, "Recommended: the shipped rules: those that were learnt join more"));
        school_close(&school);
}
END_TEST

START_TEST(more_is_what_chance_does_not_tell)
{
        ck_assert(!learn_is_loose(100, 111));
        ck_assert(learn_is_loose(100, 112));
        ck_assert(!learn_is_loose(0, 1));
        ck_assert(learn_is_loose(0, 2));
        ck_assert(!learn_is_loose(9, 3));
}
END_TEST

/* Twenty-one of one hour at one spot, two of another one. */
START_TEST(many_of_one_round_are_not_so_many_witnesses)
{
        School school;
        LearnRows rows;
        Error err = { 0 };

        school_found(&school);
        for (int i = 0; i < 21; i++)
                line_add(&school, i, "L01", 0, i, "round");
        for (int twin = 0; twin < 2; twin++)
                line_add(&school, 21 + twin, "L01", 7000, 600 + twin, "lamp");
        ck_assert_msg(learn_rows(&school.lesson, &rows, &err), "%s", err.text);
        ck_assert_uint_eq(rows.rows_size, 21);
        for (size_t i = 0; i < 20; i++)
                ck_assert_double_eq_tol(rows.rows[i].weight, 1 / (1 + 0.05 * 20), 1e-9);
        ck_assert_double_eq_tol(rows.rows[20].weight, 1 / 1.05, 1e-9);
        ck_assert_double_eq_tol(learn_witness(&rows, 20), 1 / (1 + 0.05 * 20), 1e-9);
        ck_assert_double_eq_tol(learn_witness(&rows, 22), 1 / 1.05, 1e-9);
        learn_rows_free(&rows);
        school_close(&school);
}
END_TEST

RUN("learn_thin", many_of_one_round_are_not_so_many_witnesses,
    what_joins_more_of_what_nobody_labelled_is_not_handed_out, more_is_what_chance_does_not_tell,
    what_is_often_reported_after_its_closing_gets_so_long_a_grace, the_firm_way_is_left_only_for_what_is_no_chance,
    among_thresholds_that_chance_could_tell_apart_the_expected_one_is_taken, what_nobody_spoke_of_is_not_made_alike,
    what_does_not_beat_the_shipped_rules_is_not_handed_out, a_wanted_precision_is_reached_in_the_folds,
    a_line_through_the_margins_makes_them_mean_what_they_say)
