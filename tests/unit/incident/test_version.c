#include "hub/base/json.h"
#include "hub/incident/version.h"
#include "tests/unit/base/run.h"
#include "tests/unit/zone/world.h"

START_TEST(a_version_shows_the_full_state)
{
        World world;
        Error err = { 0 };

        world_open(&world);
        world_report(&world,
                     (Report){ .source_id = "a", .accuracy_m = 10, .title = "占道 \"经营\"", .description = "桌子" });
        world_report(&world, (Report){ .source_id = "b",
                                       .platform = "p09",
                                       .east_m = 4,
                                       .accuracy_m = 20,
                                       .minute = 9,
                                       .description = "桌子" });
        const Changes *changes = zone_changes(world.zone);
        const VersionChange *last = &changes->versions[changes->versions_size - 1];
        CLEANUP(json_drop) json_t *shown = json_read_typed(last->payload, strlen(last->payload), &err);
        ck_assert_msg(shown != NULL, "%s", err.text);
        ck_assert_int_eq(json_integer_value(json_at(shown, "reports")), 2);
        ck_assert_int_eq(json_integer_value(json_at(shown, "version")), 2);
        ck_assert_str_eq(json_text(shown, "change"), "joined");
        ck_assert_str_eq(json_text(shown, "title"), "占道 \"经营\"");
        ck_assert_str_eq(json_text(shown, "founding"), "p01::a:1");
        ck_assert_str_eq(json_text(shown, "newest.0.event"), "p09::b:1");
        ck_assert_int_eq(json_integer_value(json_at(shown, "newest.0.why.score")),
                         world.decision.choice.score.mean.total);
        ck_assert_ptr_null(json_at(shown, "newest.1.why"));
        ck_assert_str_eq(json_text(shown, "platforms.0"), "p01");
        ck_assert_str_eq(json_text(shown, "platforms.1"), "p09");
        ck_assert_int_eq(json_integer_value(json_at(shown, "position.radius_m")), 10);
        ck_assert_double_eq_tol(json_real_value(json_at(shown, "position.lon")), world_lon(0), 1e-7);
        ck_assert_str_eq(json_text(shown, "number"),
                         arena_format(world.arena, "20231205-%.8s", json_text(shown, "number") + 9));
        ck_assert_str_eq(json_text(shown, "rules"), rules_version(world.rules));
        world_close(&world);
}
END_TEST

START_TEST(rows_give_back_all_that_they_were_made_of)
{
        World world;
        Error err = { 0 };
        CLEANUP(buffer_free) Buffer before = { 0 };
        CLEANUP(buffer_free) Buffer after = { 0 };

        world_open(&world);
        world_report(&world, (Report){ .source_id = "a", .accuracy_m = 10, .description = "桌子摆到人行道" });
        world_report(&world,
                     (Report){ .source_id = "b", .accuracy_m = 10, .minute = 5, .description = "人行道有桌子" });
        world_report(&world, (Report){ .source_id = "b",
                                       .revision = "2",
                                       .east_m = 2000,
                                       .accuracy_m = 10,
                                       .minute = 5,
                                       .updated_minute = 9,
                                       .address = "湖里区枋湖西路88号金山小区3号楼",
                                       .description = "石头酒吧旁的桌子，枋湖菜市场附近",
                                       .state = STATE_CLOSED,
                                       .outcome = OUTCOME_DUPLICATE });
        Incident *incident = world_incident(&world)->members[0]->incident;
        incident_assign(incident, "禾山中队", "user:lin", 1701738000000);
        Member *member = incident->members[1];
        member_object(member, OBJECT_ASSET, "SL \"1\"");
        ck_assert(member->doubtful && member->scored && member->closed != TIME_NONE && member->wording.all.size > 0);
        member_write(&before, member);
        Member *again = member_read(before.bytes, before.size, world.rules, &err);
        ck_assert_msg(again != NULL, "%s", err.text);
        member_write(&after, again);
        ck_assert_str_eq(after.bytes, before.bytes);
        /* the rows of two writers agree even where both leave something out */
        ck_assert(again->doubtful && again->scored && again->score == member->score && again->closed == member->closed);
        ck_assert(again->outcome == member->outcome && again->number == member->number &&
                  again->point.lon == member->point.lon);
        ck_assert_uint_eq(again->wording.all.size, member->wording.all.size);
        ck_assert_uint_eq(again->wording.signs.size, 3);
        ck_assert_mem_eq(&again->wording.signs, &member->wording.signs, sizeof again->wording.signs);
        ck_assert_uint_gt(again->wording.rarest.size, 0);
        ck_assert_int_eq(wording_shared(&again->wording, &member->wording),
                         wording_shared(&member->wording, &member->wording));
        ck_assert_uint_eq(again->objects_size, 1);
        member_free(again);
        buffer_clear(&before);
        buffer_clear(&after);
        incident_write(&before, incident);
        Incident *twin = incident_read(before.bytes, before.size, &err);
        ck_assert_msg(twin != NULL, "%s", err.text);
        incident_write(&after, twin);
        ck_assert_str_eq(after.bytes, before.bytes);
        ck_assert(twin->version == incident->version && twin->shown == incident->shown &&
                  twin->touched == incident->touched);
        ck_assert_str_eq(twin->title, incident->title);
        ck_assert_str_eq(twin->assigned_by, "user:lin");
        ck_assert_int_eq(twin->assigned_at, 1701738000000);
        incident_free(twin);
        world_close(&world);
}
END_TEST

/* What the columns of a row say is written apart: put in front again, it is the same member. */
START_TEST(a_row_beside_its_columns_is_read)
{
        World world;
        Error err = { 0 };
        CLEANUP(buffer_free) Buffer whole = { 0 };
        CLEANUP(buffer_free) Buffer beside = { 0 };
        CLEANUP(buffer_free) Buffer glued = { 0 };
        CLEANUP(buffer_free) Buffer after = { 0 };

        world_open(&world);
        world_report(&world, (Report){ .source_id = "a",
                                       .accuracy_m = 10,
                                       .address = "湖里区枋湖西路88号",
                                       .description = "桌子摆到人行道" });
        Member *member = world_incident(&world)->members[0];
        member->accuracy_cm = 1050; /* no whole metres */
        member_write(&whole, member);
        member_write_beside(&beside, member);
        ck_assert_ptr_eq(strstr(beside.bytes, "{\"number\":"), beside.bytes);
        ck_assert_ptr_nonnull(strstr(beside.bytes, "\"accuracy_cm\":1050,"));
        ck_assert_ptr_null(strstr(beside.bytes, "\"title\""));
        ck_assert_ptr_null(strstr(beside.bytes, "\"occurred\""));
        buffer_format(
                &glued,
                "{\"state\":\"%s\",\"severity\":\"%s\",\"subject\":\"%s\",\"first_event\":\"%s\",\"last_event\":\"%s\","
                "\"platform\":\"%s\",\"category\":\"%s\",\"title\":\"%s\",\"occurred\":%lld,\"point\":[%d,%d],%s",
                state_name(member->state), severity_name(member->severity), member->subject, member->first_event,
                member->last_event, member->platform, member->category, member->title, (long long)member->occurred,
                member->point.lon, member->point.lat, beside.bytes + 1);
        Member *again = member_read(glued.bytes, glued.size, world.rules, &err);
        ck_assert_msg(again != NULL, "%s", err.text);
        member_write(&after, again);
        ck_assert_str_eq(after.bytes, whole.bytes);
        member_free(again);
        world_close(&world);
}
END_TEST

/* The same of an incident: what is assigned, merged or repeated has columns, too. */
START_TEST(an_incident_beside_its_columns_is_read)
{
        World world;
        Error err = { 0 };
        CLEANUP(buffer_free) Buffer whole = { 0 };
        CLEANUP(buffer_free) Buffer beside = { 0 };
        CLEANUP(buffer_free) Buffer glued = { 0 };
        CLEANUP(buffer_free) Buffer after = { 0 };

        world_open(&world);
        world_report(&world, (Report){ .source_id = "a", .accuracy_m = 10, .description = "桌子\"摆到人行道" });
        Incident *incident = (Incident *)(uintptr_t)world_incident(&world);
        snprintf(incident->recurrence_of, sizeof incident->recurrence_of, "i-earlier");
        incident->suggested_size = 1;
        incident->suggested[0] = (Suggestion){ .incident = "i-twin", .score = -1200 };
        incident_write(&whole, incident);
        incident_write_beside(&beside, incident);
        ck_assert_ptr_eq(strstr(beside.bytes, "{\"shown\":\""), beside.bytes);
        for (size_t i = 0; i < 4; i++)
                ck_assert_ptr_null(
                        strstr(beside.bytes, (const char *const[]){ "\"title\"", "\"founding\"", "\"version\"",
                                                                    "\"recurrence_of\"" }[i]));
        buffer_format(
                &glued,
                "{\"id\":\"%s\",\"number\":\"%s\",\"version\":%d,\"opened\":%lld,\"recurrence_of\":\"%s\",\"category\":"
                "\"%s\",\"title\":\"%s\",\"founding\":\"%s\",%s",
                incident->id, incident->number, incident->version, (long long)incident->opened, incident->recurrence_of,
                incident->category, incident->title, incident->founding_event, beside.bytes + 1);
        Incident *again = incident_read(glued.bytes, glued.size, &err);
        ck_assert_msg(again != NULL, "%s", err.text);
        incident_write(&after, again);
        ck_assert_str_eq(after.bytes, whole.bytes);
        ck_assert_int_eq(again->suggested[0].score, -1200);
        incident_free(again);
        world_close(&world);
}
END_TEST

/* Before words were packed they stood as lists of numbers. */
START_TEST(a_row_of_an_earlier_hub_is_read)
{
        static const char row[] =
                "{\"state\":\"received\",\"severity\":\"medium\",\"subject\":\"p01::a\",\"first_event\":\"p01::a:1\","
                "\"last_event\":\"p01::a:1\",\"platform\":\"p01\",\"category\":\"E0504\",\"title\":\"店外经营\","
                "\"objects\":[],\"grams\":[25,7,3,900,4],\"lead\":[9,7,3],\"rarest\":[0,7,64,900,128],"
                "\"whole\":\"00000000000000ff\",\"rares\":[4000000000,5],\"places\":[17,3],\"houses\":[1,2,1,3,0,0],"
                "\"signs\":[[3,0,100,200]]}";
        World world;
        Error err = { 0 };
        CLEANUP(buffer_free) Buffer written = { 0 };

        world_open(&world);
        Member *member = member_read(row, sizeof row - 1, world.rules, &err);
        ck_assert_msg(member != NULL, "%s", err.text);
        member_write(&written, member);
        Member *again = member_read(written.bytes, written.size, world.rules, &err);
        ck_assert_msg(again != NULL, "%s", err.text);
        Member *const both[] = { member, again };
        for (size_t i = 0; i < 2; i++) {
                const Wording *wording = &both[i]->wording;

                ck_assert_uint_eq(wording->all.size, 2);
                ck_assert_uint_eq(wording->all.norm, 25);
                ck_assert(wording->all.items[1].code == 900 && wording->all.items[1].weight == 4);
                ck_assert_int_eq(grams_cosine(&wording->all, &wording->lead), 600);
                ck_assert_int_eq(wording_shared(wording, wording), 3);
                ck_assert_int_eq(wording_rares(wording, wording), 2);
                ck_assert_uint_eq(wording->whole, 255);
                ck_assert(wording->places.size == 1 && wording->places.items[0].level == LEVEL_SPOT);
                ck_assert(wording->houses.size == 2 && wording->houses.items[1].street == 3 &&
                          !wording->houses.items[1].road);
                ck_assert(wording->signs.size == 1 && wording->signs.items[0].size == 2 &&
                          wording->signs.items[0].letters[1] == 200);
                member_free(both[i]);
        }
        world_close(&world);
}
END_TEST

/* Words that were cut would make other incidents: better none is read. */
START_TEST(a_row_whose_words_are_damaged_is_refused)
{
        static const char row[] =
                "{\"state\":\"received\",\"severity\":\"medium\",\"subject\":\"p01::a\",\"first_event\":\"p01::a:1\","
                "\"last_event\":\"p01::a:1\",\"platform\":\"p01\",\"category\":\"E0504\",\"title\":\"店外经营\","
                "\"wording\":\"AQUB\"}";
        World world;
        Error err = { 0 };

        world_open(&world);
        ck_assert_ptr_null(member_read(row, sizeof row - 1, world.rules, &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_str_eq(err.text, "row of subject p01::a: its words are damaged");
        world_close(&world);
}
END_TEST

RUN("version", rows_give_back_all_that_they_were_made_of, a_row_beside_its_columns_is_read,
    an_incident_beside_its_columns_is_read, a_row_of_an_earlier_hub_is_read, a_row_whose_words_are_damaged_is_refused,
    a_version_shows_the_full_state)
