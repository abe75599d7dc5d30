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

RUN("version", rows_give_back_all_that_they_were_made_of, a_version_shows_the_full_state)
