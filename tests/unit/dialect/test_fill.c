#include "hub/dialect/fill.h"

#include "hub/base/json.h"
#include "tests/unit/base/run.h"

#include <string.h>

static Event event_new(void)
{
        Event event;

        event_init(&event, KIND_REPORT);
        event.source.id = "own";
        return event;
}

START_TEST(what_the_site_said_of_a_category_stays)
{
        Event event = event_new();

        fill_category("E0101", METHOD_RULE, &event);
        fill_category("E0202", METHOD_DEFAULT, &event);
        ck_assert_str_eq(event.category.code, "E0101");
        ck_assert_int_eq(event.category.method, METHOD_RULE);
}
END_TEST

START_TEST(a_mapped_word_is_a_code_or_a_name)
{
        Event event = event_new();

        fill_mapped("hawker", "E0501", "rule 7", &event);
        ck_assert_str_eq(event.category.code, "E0501");
        ck_assert_str_eq(event.category.raw_code, "hawker");
        ck_assert_str_eq(event.category.raw_name, "rule 7");
        fill_mapped("hawker", "OUTSTORE", "rule 7", &event);
        ck_assert_ptr_null(event.category.code);
        ck_assert_str_eq(event.category.raw_name, "OUTSTORE");
        fill_mapped("hawker", NULL, NULL, &event);
        ck_assert(!event.category.raw_name && event.category.method == METHOD_NONE);
}
END_TEST

START_TEST(a_case_is_linked_once_and_not_to_itself)
{
        Event event = event_new();

        ck_assert(fill_link("case", "7", &event));
        ck_assert(!fill_link("task", "7", &event));
        ck_assert(!fill_link("case", "own", &event));
        ck_assert(!fill_link("case", "2.0231e+16", &event));
        ck_assert(!fill_link("case", NULL, &event));
        ck_assert_uint_eq(event.links_size, 1);
}
END_TEST

START_TEST(a_table_says_where_other_numbers_stand)
{
        static const LinkMember members[] = { { "a.no", "task" }, { "b", "record" }, { "c", "case" }, { 0 } };
        static const char text[] = "{\"a\": {\"no\": \"7\"}, \"c\": \"8\"}";
        Event event = event_new();
        Error err;
        CLEANUP(json_drop) json_t *item = json_read(text, sizeof(text) - 1, &err);

        fill_links(members, item, &event);
        ck_assert_uint_eq(event.links_size, 2);
        ck_assert(strcmp(event.links[0].rel, "task") == 0 && strcmp(event.links[0].source_id, "7") == 0);
        ck_assert(strcmp(event.links[1].rel, "case") == 0 && strcmp(event.links[1].source_id, "8") == 0);
}
END_TEST

START_TEST(what_is_no_number_is_said)
{
        static const EventMeasurement area = { .factor = "area", .unit = "m2" };
        static const char text[] =
                "{\"a\": \"6.4\", \"below\": -1, \"over\": 101, \"word\": \"large\", \"none\": null}";
        static const char *const wrong[] = { "below", "over", "word" };
        Event event = event_new();
        Error err = { 0 };
        CLEANUP(json_drop) json_t *item = json_read(text, strlen(text), &err);

        fill_measurement(item, "a", &area, 100, &event);
        fill_measurement(item, "none", &area, 100, &event);
        fill_measurement(item, "absent", &area, 100, &event);
        ck_assert(event.measurements_size == 1 && event.measurements[0].value == 6.4 && !event.quality);
        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                event.quality = 0;
                fill_measurement(item, wrong[i], &area, 100, &event);
                ck_assert_msg(event.measurements_size == 1 && event.quality == QUALITY_PARTIAL, "%s", wrong[i]);
        }
}
END_TEST

START_TEST(a_code_names_district_and_subdistrict)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        Event event = event_new();

        ck_assert(fill_division("350206000000", arena, &event) && !event.place.subdistrict);
        ck_assert(fill_division("350206004001", arena, &event));
        ck_assert_str_eq(event.place.district, "350206");
        ck_assert_str_eq(event.place.subdistrict, "350206004");
        ck_assert(!fill_division("湖里", arena, &event) && !fill_division("35020", arena, &event) &&
                  !fill_division("3502060040011", arena, &event) && !fill_division(NULL, arena, &event));
}
END_TEST

START_TEST(a_deletion_has_a_key)
{
        char space[] = "a";
        const CaseOptions options = { .space = space };
        const Record record = { .position = "t/0/7" };
        CLEANUP(arena_drop) Arena *arena = arena_new();
        Error err = { 0 };
        Event event;

        ck_assert(fill_deleted(&options, &record, KIND_REGISTRY, "7", arena, &event, &err));
        ck_assert_str_eq(event.source.revision, "t/0/7-deleted");
        ck_assert(event.kind == KIND_REGISTRY && event.status.state == STATE_DELETED);
        ck_assert(!fill_deleted(&options, &record, KIND_REPORT, NULL, arena, &event, &err));
        ck_assert_str_eq(err.reason, "missing_field");
}
END_TEST

RUN("fill", a_table_says_where_other_numbers_stand, what_the_site_said_of_a_category_stays,
    a_mapped_word_is_a_code_or_a_name, a_case_is_linked_once_and_not_to_itself, what_is_no_number_is_said,
    a_code_names_district_and_subdistrict, a_deletion_has_a_key)
