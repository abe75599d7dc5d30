#include "tests/unit/base/run.h"
#include "tests/unit/learn/school.h"

#include <unistd.h>

static size_t wrong(const School *school)
{
        LabelledList list = { 0 };
        Error err = { 0 };
        size_t count = 0;

        ck_assert(learn_run(&school->lesson, (ZoneTeacher){ 0 }, &list, SIZE_MAX, &err));
        ck_assert_uint_eq(list.size, school->lesson.size);
        for (size_t i = 0; i + 1 < list.size; i += 2)
                count += text_same(list.items[i].truth, list.items[i + 1].truth) !=
                         text_same(list.items[i].incident, list.items[i + 1].incident);
        labelled_free(&list);
        return count;
}

START_TEST(what_the_labels_say_is_what_is_decided)
{
        School school;
        Evidence evidence;
        Error err = { 0 };

        school_open(&school, CASES / 2, true);
        ck_assert_uint_ge(wrong(&school),
                          CASES / 4 - 4); /* every pair of graffiti, but for those that came in between */
        ck_assert_msg(learn(&school.lesson, &evidence, &err), "%s", err.text);
        ck_assert_uint_eq(wrong(&school), 0);
        ck_assert_int_eq(evidence.subjects, CASES);
        ck_assert(!evidence.kept);
        ck_assert_double_ge(counts_f1(&evidence.learnt), 0.99);
        school_close(&school);
}
END_TEST

START_TEST(points_of_distance_never_rise_with_the_metres)
{
        School school;
        Evidence evidence;
        Error err = { 0 };

        school_open(&school, CASES / 2, true);
        ck_assert(learn(&school.lesson, &evidence, &err));
        const PointTable *distance = &rules_set(school.lesson.rules)->tables[FEATURE_DISTANCE];
        for (size_t i = 1; i <= distance->size; i++)
                ck_assert_int_le(distance->points[i], distance->points[i - 1]);
        school_close(&school);
}
END_TEST

START_TEST(a_learnt_file_is_the_same_each_time_and_loads_as_it_was_learnt)
{
        Buffer first = { 0 };

        for (int time = 0; time < 2; time++) {
                School school;
                Evidence evidence;
                Error err = { 0 };
                Buffer text = { 0 };
                char path[] = "/tmp/rules-XXXXXX";

                school_open(&school, CASES / 2, true);
                ck_assert(learn(&school.lesson, &evidence, &err));
                learn_write(&text, &school.lesson, &evidence);
                if (time == 0) {
                        const int file = mkstemp(path);

                        ck_assert_int_eq(write(file, text.bytes, text.size), (ssize_t)text.size);
                        close(file);
                        Rules *again = rules_load(path, &err);
                        ck_assert_msg(again != NULL, "%s", err.text);
                        ck_assert_mem_eq(rules_set(again)->tables, rules_set(school.lesson.rules)->tables,
                                         sizeof rules_set(again)->tables);
                        ck_assert_mem_eq(rules_category(again, "L01"), rules_category(school.lesson.rules, "L01"),
                                         offsetof(CategoryRules, calendar));
                        rules_free(again);
                        unlink(path);
                        first = text;
                } else {
                        ck_assert_str_eq(first.bytes, text.bytes);
                        buffer_free(&text);
                }
                school_close(&school);
        }
        buffer_free(&first);
}
END_TEST

/* Lamps twenty metres apart are two, graffiti are one as at five: what twenty metres cost is each category's own. */
START_TEST(how_far_the_same_reaches_is_learnt_by_category)
{
        School school;
        Evidence evidence;
        Error err = { 0 };

        school_found(&school);
        for (int i = 0; i < CASES / 2; i++) {
                const bool lamp = i % 2 == 0, far = i % 4 >= 2;

                for (int twin = 0; twin < 2; twin++)
                        line_add(&school, i * 2 + twin, lamp ? "L01" : "G01", i * 700 + twin * (far ? 25 : 5),
                                 i * 10 + twin * 60,
                                 arena_format(school.world.arena, "i%d-%d", i, lamp && far ? twin : 0));
        }
        ck_assert_msg(learn(&school.lesson, &evidence, &err), "%s", err.text);
        ck_assert(!evidence.kept);
        ck_assert_int_lt(rules_category(school.lesson.rules, "L01")->own[CATEGORY_APART], -100);
        ck_assert_int_gt(rules_category(school.lesson.rules, "G01")->own[CATEGORY_APART], 100);
        ck_assert_uint_eq(wrong(&school), 0);
        school_close(&school);
}
END_TEST

START_TEST(too_little_is_refused_with_numbers)
{
        School school;
        Evidence evidence;
        Error err = { 0 };

        school_open(&school, 6, true);
        ck_assert(!learn(&school.lesson, &evidence, &err));
        ck_assert_ptr_nonnull(strstr(err.text, "of 12 labelled subjects"));
        school_close(&school);
        school_open(&school, 20, false);
        err = (Error){ 0 };
        ck_assert(!learn(&school.lesson, &evidence, &err));
        ck_assert_ptr_nonnull(strstr(err.text, "of 0 labelled subjects"));
        school_close(&school);
}
END_TEST

RUN("learn", what_the_labels_say_is_what_is_decided, points_of_distance_never_rise_with_the_metres,
    a_learnt_file_is_the_same_each_time_and_loads_as_it_was_learnt, too_little_is_refused_with_numbers,
    how_far_the_same_reaches_is_learnt_by_category)
