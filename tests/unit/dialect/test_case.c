#include "hub/dialect/case.h"

#include "hub/base/json.h"
#include "hub/base/text.h"
#include "tests/unit/base/run.h"

#include <string.h>

/* Expected hashes: python3 hashlib.sha256(b"status=...\n...").hexdigest()[:16]. Times: GNU date -d ... +%s. */

static const CaseMember members[] = {
        { "no", CASE_ID },
        { "step", CASE_STEP },
        { "state", CASE_STATUS },
        { "stage", CASE_STAGE },
        { "note", CASE_STATUS_NOTE },
        { "archived", CASE_ARCHIVED },
        { "gone", CASE_DELETED },
        { "begun", CASE_OCCURRED },
        { "changed", CASE_UPDATED },
        { "due", CASE_DEADLINE },
        { "done", CASE_CLOSED },
        { "done_day", CASE_END_OF_DAY_CLOSED },
        { "until", CASE_VALID_TO },
        { "kind", CASE_CATEGORY },
        { "gravity", CASE_SEVERITY },
        { "title", CASE_TITLE },
        { "link", CASE_URL },
        { "person", CASE_REPORTER },
        { "tel", CASE_REPORTER_ID },
        { "other", CASE_OTHER_CASE },
        { "pictures", CASE_MEDIA },
        { 0 },
};
static const SeverityWords severities[] = { { "urgent", SEVERITY_HIGH }, { 0 } };
static const CaseForm form = { .members = members, .severities = severities };

typedef struct {
        CaseOptions options;
        Arena *arena;
        json_t *item;
        Event event;
        Error err;
} World;

static World world_new(void)
{
        return (World){ .options = { .crs = CRS_WGS84, .accuracy_m = 30, .zone_ms = 8 * 3600000 },
                        .arena = arena_new() };
}

static void world_free(World *world)
{
        json_decref(world->item);
        arena_free(world->arena);
}

static bool world_try(World *world, const CaseForm *of, const char *text)
{
        Case found = { 0 };

        json_decref(world->item);
        world->item = json_read(text, strlen(text), &world->err);
        ck_assert_ptr_nonnull(world->item);
        world->err = (Error){ 0 };
        case_read(of, &world->options, world->item, world->arena, &found);
        return case_event(of, &world->options, &found, world->arena, &world->event, &world->err);
}

static const Event *event_of(World *world, const char *text)
{
        ck_assert_msg(world_try(world, &form, text), "%s: %s", text, world->err.text);
        return &world->event;
}

static void refused(World *world, const char *text, const char *reason, const char *says)
{
        ck_assert_msg(!world_try(world, &form, text), "%s", text);
        ck_assert_int_eq(world->err.kind, ERR_INPUT);
        ck_assert_str_eq(world->err.reason, reason);
        ck_assert_ptr_nonnull(strstr(world->err.text, says));
}

START_TEST(two_contents_under_one_time_are_two_revisions)
{
        CLEANUP(world_free) World world = world_new();

        ck_assert_str_eq(event_of(&world, "{\"no\": 1, \"state\": \"已派遣\", \"changed\": \"2023-12-05 10:20\"}")
                                 ->source.revision,
                         "2023-12-05 10:20-e838875a1cd94fd8");
        ck_assert_str_eq(event_of(&world, "{\"no\": 1, \"state\": \"已结案\", \"changed\": \"2023-12-05 10:20\"}")
                                 ->source.revision,
                         "2023-12-05 10:20-9839994819c8f2ea");
        ck_assert_str_eq(event_of(&world, "{\"no\": 1, \"state\": \"已结案\"}")->source.revision, "155a2f0a50a55a8c");
}
END_TEST

START_TEST(a_counter_is_the_revision)
{
        CLEANUP(world_free) World world = world_new();

        ck_assert_str_eq(event_of(&world, "{\"no\": 1, \"state\": \"结案\", \"changed\": \"2023-12-05\", \"step\": 7}")
                                 ->source.revision,
                         "2023-12-05-7");
        ck_assert_str_eq(event_of(&world, "{\"no\": 1, \"state\": \"结案\", \"step\": 7}")->source.revision, "7");
}
END_TEST

START_TEST(an_address_is_no_revision)
{
        CLEANUP(world_free) World world = world_new();

        ck_assert_str_eq(event_of(&world, "{\"no\": 1, \"state\": \"已结案\", \"link\": \"https://a/1?t=7\", "
                                          "\"pictures\": \"https://a/2\"}")
                                 ->source.revision,
                         "155a2f0a50a55a8c");
        ck_assert_str_eq(world.event.source.url, "https://a/1?t=7");
        ck_assert_str_eq(world.event.media[0].url, "https://a/2");
}
END_TEST

START_TEST(blanks_of_every_width_are_blanks)
{
        CLEANUP(world_free) World world = world_new();
        const Event *event =
                event_of(&world, "{\"no\": \"　A 1\\u00a0\", \"state\": \"\\u200b已结案　\", \"title\": \"\\ufeff \", "
                                 "\"kind\": \" － \"}");

        ck_assert_str_eq(event->source.id, "A 1");
        ck_assert_int_eq(event->status.state, STATE_CLOSED);
        ck_assert_str_eq(event->status.raw, "已结案");
        ck_assert(!event->title && !event->category.raw_name && event->quality == 0);
}
END_TEST

START_TEST(a_flag_is_true_only_by_a_word_for_yes)
{
        static const struct {
                const char *flag;
                EventState state;
                bool partial;
        } flags[] = { { "\"Y\"", STATE_CLOSED, false },      { "1", STATE_CLOSED, false },
                      { "true", STATE_CLOSED, false },       { "\"是　\"", STATE_CLOSED, false },
                      { "\"已归档\"", STATE_CLOSED, false }, { "\"N\"", STATE_RECEIVED, true },
                      { "\"否\"", STATE_RECEIVED, true },    { "\"FALSE\"", STATE_RECEIVED, true },
                      { "0", STATE_RECEIVED, true },         { "null", STATE_RECEIVED, true },
                      { "\"未归档\"", STATE_RECEIVED, true } };
        CLEANUP(world_free) World world = world_new();

        for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
                CLEANUP(mem_drop)
                char *text = text_format("{\"no\": 1, \"state\": \"待审核\", \"archived\": %s}", flags[i].flag);
                const Event *event = event_of(&world, text);

                ck_assert_msg(event->status.state == flags[i].state, "%s", flags[i].flag);
                ck_assert_msg((event->quality == QUALITY_PARTIAL) == flags[i].partial, "%s", flags[i].flag);
        }
        ck_assert_uint_eq(event_of(&world, "{\"no\": 1, \"state\": \"结案\", \"archived\": \"N\"}")->quality, 0);
        ck_assert_uint_eq(event_of(&world, "{\"no\": 1, \"state\": \"结案\", \"archived\": \"perhaps\"}")->quality,
                          QUALITY_PARTIAL);
        ck_assert_int_eq(event_of(&world, "{\"no\": 1, \"archived\": \"1\"}")->status.state, STATE_CLOSED);
}
END_TEST

START_TEST(a_word_that_is_known_goes_before_one_that_is_not)
{
        char word[] = "重复", state[] = "closed:duplicate", *keys[] = { word }, *values[] = { state };
        CLEANUP(world_free) World world = world_new();

        world.options.states = (TextTable){ keys, values, 1 };
        ck_assert_str_eq(event_of(&world, "{\"no\": 1, \"state\": \"新词\", \"stage\": \"结案\"}")->status.raw, "结案");
        ck_assert_str_eq(event_of(&world, "{\"no\": 1, \"state\": \"新词\", \"stage\": \"旧词\"}")->status.raw, "新词");
        ck_assert_uint_eq(world.event.quality, QUALITY_PARTIAL);
        ck_assert_int_eq(event_of(&world, "{\"no\": 1, \"state\": \"结案\", \"note\": \"重复\"}")->status.outcome,
                         OUTCOME_DUPLICATE);
        ck_assert_str_eq(event_of(&world, "{\"no\": 1, \"state\": \"结案\", \"note\": \"张三说的\"}")->status.raw,
                         "结案");
        refused(&world, "{\"no\": 1}", "missing_field", "state: missing");
}
END_TEST

START_TEST(a_number_that_lost_its_end_is_no_id)
{
        static const char *const bad[] = { "3.5020623120501e+17", "\"1.23E+17\"", "350206202311260000", "\"2E+16\"",
                                           "{\"value\": \"1\"}",  "[1]",          "\"[\\\"1\\\"]\"",    NULL };
        static const char *const good[] = { "350206231205000001",
                                            "\"350206231205000100\"",
                                            "\"2023120500010000\"",
                                            "\"20231205E001\"",
                                            "\"1000\"",
                                            "\"350206231206000000\"",
                                            "\"[2023]15号\"",
                                            "35020600000000000000000000000000000000001",
                                            NULL };
        CLEANUP(world_free) World world = world_new();

        for (size_t i = 0; bad[i]; i++) {
                CLEANUP(mem_drop) char *text = text_format("{\"no\": %s, \"state\": \"结案\"}", bad[i]);

                refused(&world, text, "bad_id", "no: ");
        }
        for (size_t i = 0; good[i]; i++) {
                CLEANUP(mem_drop) char *text = text_format("{\"no\": %s, \"state\": \"结案\"}", good[i]);

                (void)event_of(&world, text);
        }
        refused(&world, "{\"no\": \"-\", \"state\": \"结案\"}", "missing_field", "no: missing");
        world.options.whole_ids = true;
        ck_assert_str_eq(event_of(&world, "{\"no\": 350206202311260000, \"state\": \"结案\"}")->source.id,
                         "350206202311260000");
        refused(&world, "{\"no\": 1.5e17, \"state\": \"结案\"}", "bad_id", "no: ");
}
END_TEST

START_TEST(a_time_that_only_is_good_to_know_costs_no_case)
{
        CLEANUP(world_free) World world = world_new();
        const Event *event = event_of(
                &world, "{\"no\": 1, \"state\": \"结案\", \"begun\": \"2023-12-05 10:19:07\", \"changed\": \"soon\", "
                        "\"due\": \"2023-02-30\", \"done\": \"?\"}");

        ck_assert_int_eq(event->time.occurred, INT64_C(1701742747000));
        ck_assert(event->time.updated == TIME_NONE && event->time.deadline == TIME_NONE &&
                  event->time.closed == TIME_NONE);
        ck_assert_uint_eq(event->quality, QUALITY_PARTIAL);
        refused(&world, "{\"no\": 1, \"state\": \"结案\", \"begun\": \"soon\", \"changed\": \"2023-12-05\"}",
                "bad_time", "begun: ");
        refused(&world, "{\"no\": 1, \"state\": \"结案\", \"changed\": \"soon\"}", "bad_time", "changed: ");
}
END_TEST

START_TEST(a_day_ends_where_the_site_is)
{
        CLEANUP(world_free) World world = world_new();

        world.options.zone_ms = -7 * 3600000;
        ck_assert_int_eq(
                event_of(&world, "{\"no\": 1, \"state\": \"结案\", \"done_day\": \"2021-03-30\"}")->time.closed,
                INT64_C(1617174000000)); /* 2021-03-31T00:00:00-07:00 */
        ck_assert_int_eq(
                event_of(&world, "{\"no\": 1, \"state\": \"处置\", \"done_day\": \"2021-03-30\"}")->time.closed,
                TIME_NONE);
}
END_TEST

START_TEST(the_newest_time_is_no_matter_of_spelling)
{
        static const char *const times[] = { "2023-12-05 08:05:00", "2023-12-05 10:05:00", "soon",
                                             "2023/12/05 09:59:00", NULL };
        CLEANUP(world_free) World world = world_new();
        Case found = { 0 };

        for (size_t i = 0; times[i]; i++)
                case_newest(&world.options, "steps.time", times[i], CASE_UPDATED, &found);
        ck_assert_str_eq(found.texts[CASE_UPDATED], "2023-12-05 10:05:00");
        found.texts[CASE_UPDATED] = "soon";
        case_newest(&world.options, "steps.time", "2023-12-05 08:00:00", CASE_UPDATED, &found);
        ck_assert_str_eq(found.texts[CASE_UPDATED], "2023-12-05 08:00:00");
        case_newest(&world.options, "steps.time", NULL, CASE_UPDATED, &found);
        ck_assert_str_eq(found.paths[CASE_UPDATED], "steps.time");
}
END_TEST

START_TEST(what_a_site_calls_otherwise_goes_first)
{
        char number[] = "case.number", tel[] = "tel", id[] = "id", asset[] = "asset", idd[] = "idd";
        char *keys[] = { number, tel }, *values[] = { id, asset }, *wrong[] = { idd, asset };
        CLEANUP(world_free) World world = world_new();
        Error err;

        world.options.members = (TextTable){ keys, values, 2 };
        ck_assert_str_eq(
                event_of(&world, "{\"no\": 1, \"case\": {\"number\": 2}, \"state\": \"结案\", \"tel\": \"L-7\"}")
                        ->source.id,
                "2");
        ck_assert_str_eq(world.event.objects[0].id, "L-7");
        ck_assert(case_members_check("members", &world.options.members, &err));
        world.options.members.values = wrong;
        ck_assert(!case_members_check("members", &world.options.members, &err) &&
                  strstr(err.text, "did you mean \"id\""));
}
END_TEST

START_TEST(a_case_that_tells_no_state_may_have_one)
{
        static const CaseForm warning = {
                .kind = KIND_WARNING, .members = members, .state = STATE_RECEIVED, .fallback = "E2110"
        };
        CLEANUP(world_free) World world = world_new();

        ck_assert(world_try(&world, &warning, "{\"no\": 1, \"gravity\": \"urgent\"}"));
        ck_assert(world.event.kind == KIND_WARNING && world.event.status.state == STATE_RECEIVED);
        ck_assert(world.event.severity == SEVERITY_NONE && world.event.quality == 0);
        ck_assert_str_eq(world.event.category.fallback, "E2110");
        ck_assert_int_eq(event_of(&world, "{\"no\": 1, \"state\": \"结案\", \"gravity\": \"URGENT\"}")->severity,
                         SEVERITY_HIGH);
}
END_TEST

START_TEST(what_is_deleted_is_gone_whatever_its_word_says)
{
        World world = world_new();
        const Event *event = event_of(&world, "{\"no\":\"1\",\"begun\":\"2023-12-05 08:00:00\",\"state\":\"已结案\","
                                              "\"done\":\"2023-12-05 09:00:00\",\"gone\":\"1\"}");

        ck_assert_int_eq(event->status.state, STATE_DELETED);
        ck_assert(event->time.closed == TIME_NONE && event->quality == 0);
        event = event_of(&world,
                         "{\"no\":\"1\",\"begun\":\"2023-12-05 08:00:00\",\"state\":\"已结案\",\"gone\":\"perhaps\"}");
        ck_assert(event->status.state == STATE_CLOSED && event->quality == QUALITY_PARTIAL);
        world_free(&world);
}
END_TEST

/* date -d '2024-01-01 00:00:00+08:00' +%s: when that day had ended. */
START_TEST(a_form_says_that_a_time_of_closing_closes_and_that_days_are_whole)
{
        static const CaseForm days = {
                .members = members, .state = STATE_RECEIVED, .closed_says_so = true, .whole_days = true
        };
        World world = world_new();

        ck_assert(
                world_try(&world, &days,
                          "{\"no\":\"1\",\"begun\":\"2023-12-05\",\"done\":\"2023-12-06\",\"until\":\"2023-12-31\"}"));
        ck_assert_int_eq(world.event.status.state, STATE_CLOSED);
        ck_assert_int_eq(world.event.valid.to / 1000, 1704038400);
        ck_assert(world_try(&world, &days, "{\"no\":\"1\",\"begun\":\"2023-12-05\"}"));
        ck_assert_int_eq(world.event.status.state, STATE_RECEIVED);
        world_free(&world);
}
END_TEST

/* Written where nobody has closed it yet. */
START_TEST(a_time_that_means_never_closes_nothing)
{
        static const CaseForm says_so = { .members = members, .state = STATE_RECEIVED, .closed_says_so = true };
        static const char *const never[] = { "0001-01-01 00:00:00",
                                             "1970-01-01 08:00:00",
                                             "9999-12-31",
                                             "0000-00-00",
                                             "1900-01-00",
                                             "未处理",
                                             "无",
                                             "N/A" };
        CLEANUP(world_free) World world = world_new();

        for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
                CLEANUP(mem_drop) char *text = text_format("{\"no\": 1, \"done\": \"%s\"}", never[i]);

                ck_assert_msg(world_try(&world, &says_so, text), "%s", world.err.text);
                ck_assert_msg(world.event.status.state == STATE_RECEIVED, "%s", never[i]);
                ck_assert_msg(world.event.time.closed == TIME_NONE, "%s", never[i]);
        }
        ck_assert(world_try(&world, &says_so, "{\"no\": 1, \"done\": \"12/5/2023\"}"));
        ck_assert_int_eq(world.event.status.state, STATE_CLOSED); /* on some day */
}
END_TEST

START_TEST(a_word_for_no_time_costs_no_case)
{
        CLEANUP(world_free) World world = world_new();
        const Event *event = event_of(&world, "{\"no\": 1, \"state\": \"结案\", \"begun\": \"不详\", \"changed\": "
                                              "\"N/A\", \"due\": \"待定\"}");

        ck_assert_int_eq(event->time.occurred, TIME_NONE);
        ck_assert_int_eq(event->time.updated, TIME_NONE);
        ck_assert_int_eq(event->time.deadline, TIME_NONE);
}
END_TEST

START_TEST(a_step_stands_behind_the_time_of_its_change)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        Case found = { 0 };

        ck_assert_str_eq(case_revision(&found, "7", arena), "7");
        found.texts[CASE_UPDATED] = "2023-12-05";
        ck_assert_str_eq(case_revision(&found, "7", arena), "2023-12-05-7");
}
END_TEST

/* A phase that is called 结案 may be one in which the case is not closed yet. */
START_TEST(what_the_dialect_makes_of_a_stage_goes_behind_the_sites_own_word_only)
{
        char phase[] = "结案", closed[] = "closed";
        char *keys[] = { phase }, *values[] = { closed };
        CLEANUP(world_free) World world = world_new();
        Case found = { .texts = { [CASE_ID] = "1", [CASE_STAGE] = "结案" },
                       .stage = STATE_VERIFYING,
                       .quality = QUALITY_CLOCK_MISSING };

        ck_assert(case_event(&form, &world.options, &found, world.arena, &world.event, &world.err));
        ck_assert_int_eq(world.event.status.state, STATE_VERIFYING);
        ck_assert_str_eq(world.event.status.raw, "结案");
        ck_assert_uint_eq(world.event.quality, QUALITY_CLOCK_MISSING);
        world.options.states = (TextTable){ keys, values, 1 };
        ck_assert(case_event(&form, &world.options, &found, world.arena, &world.event, &world.err));
        ck_assert_int_eq(world.event.status.state, STATE_CLOSED);
        found.texts[CASE_STATUS] = "作废";
        ck_assert(case_event(&form, &world.options, &found, world.arena, &world.event, &world.err));
        ck_assert_int_eq(world.event.status.state, STATE_VOID);
}
END_TEST

/* Of one role the first that says something; an error calls it by its own name, or by the first of them. */
START_TEST(several_members_of_one_role_stand_in_one_row)
{
        static const CaseMember many[] = { { "no|number|case.no", CASE_ID }, { "at|changed", CASE_UPDATED }, { 0 } };
        static const CaseForm of_many = { .members = many, .state = STATE_RECEIVED };
        CLEANUP(world_free) World world = world_new();

        ck_assert(
                world_try(&world, &of_many,
                          "{\"no\": \"-\", \"number\": \"\", \"case\": {\"no\": \"7\"}, \"changed\": \"2023-12-05\"}"));
        ck_assert_str_eq(world.event.source.id, "7");
        ck_assert(!world_try(&world, &of_many, "{\"changed\": \"2023-12-05\"}"));
        ck_assert_str_eq(world.err.text, "no: missing");
        ck_assert(!world_try(&world, &of_many, "{\"no\": \"7\", \"changed\": \"2023-12-35\"}"));
        ck_assert_msg(strncmp(world.err.text, "changed: ", strlen("changed: ")) == 0, "%s", world.err.text);
}
END_TEST

START_TEST(a_later_word_on_a_case_is_no_beginning)
{
        CLEANUP(world_free) World world = world_new();
        Case found = { .texts = { [CASE_ID] = "1", [CASE_STATUS] = "结案", [CASE_UPDATED] = "2023-12-05 08:00:00" } };

        ck_assert(case_event(&form, &world.options, &found, world.arena, &world.event, &world.err));
        ck_assert_int_eq(world.event.time.occurred, world.event.time.updated);
        found.later = true;
        ck_assert(case_event(&form, &world.options, &found, world.arena, &world.event, &world.err));
        ck_assert(world.event.time.occurred == TIME_NONE && world.event.time.updated != TIME_NONE);
        found.texts[CASE_UPDATED] = "2023-12-35";
        ck_assert(case_event(&form, &world.options, &found, world.arena, &world.event, &world.err));
        ck_assert_uint_eq(world.event.quality, QUALITY_PARTIAL);
}
END_TEST

START_TEST(what_only_a_case_has_is_its_number)
{
        static const char *const texts[] = { "{\"no\": \"7\"}", "{\"no\": [1]}", "{\"other\": 1}" };
        static const char *const numbers[] = { "7", "", NULL };
        CLEANUP(world_free) World world = world_new();

        for (size_t i = 0; i < 3; i++) {
                Error err;
                CLEANUP(json_drop) json_t *item = json_read(texts[i], strlen(texts[i]), &err);

                ck_assert(text_same(case_number(&form, &world.options, item, world.arena), numbers[i]));
                world.options.whole_ids = true;
                ck_assert(text_same(case_number(&form, &world.options, item, world.arena), i < 2 ? "" : NULL));
                world.options.whole_ids = false;
        }
}
END_TEST

RUN("case", two_contents_under_one_time_are_two_revisions, a_counter_is_the_revision, an_address_is_no_revision,
    blanks_of_every_width_are_blanks, a_flag_is_true_only_by_a_word_for_yes,
    a_word_that_is_known_goes_before_one_that_is_not, a_number_that_lost_its_end_is_no_id,
    a_time_that_only_is_good_to_know_costs_no_case, a_day_ends_where_the_site_is,
    the_newest_time_is_no_matter_of_spelling, what_a_site_calls_otherwise_goes_first,
    a_case_that_tells_no_state_may_have_one, what_is_deleted_is_gone_whatever_its_word_says,
    a_form_says_that_a_time_of_closing_closes_and_that_days_are_whole, a_time_that_means_never_closes_nothing,
    a_word_for_no_time_costs_no_case, a_step_stands_behind_the_time_of_its_change,
    what_the_dialect_makes_of_a_stage_goes_behind_the_sites_own_word_only, several_members_of_one_role_stand_in_one_row,
    a_later_word_on_a_case_is_no_beginning, what_only_a_case_has_is_its_number)
