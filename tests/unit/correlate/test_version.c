#include "hub/base/json.h"
#include "hub/correlate/version.h"
#include "tests/unit/base/run.h"
#include "tests/unit/correlate/world.h"

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

START_TEST(a_partial_revision_keeps_the_place)
{
        World world;

        world_open(&world);
        world_report(&world, (Report){ .source_id = "a", .accuracy_m = 10 });
        const Report bare = { .source_id = "a", .revision = "2", .updated_minute = 5 };
        EventValue value = world_value(world.arena, &bare);
        value.event.quality |= QUALITY_PARTIAL;
        zone_apply(world.zone, &value, (LogPosition){ 0, 1 }, false, &world.decision);
        ck_assert(geo_known(world_incident(&world)->point));
        const Report whole = { .source_id = "a", .revision = "3", .updated_minute = 9 };
        value = world_value(world.arena, &whole);
        zone_apply(world.zone, &value, (LogPosition){ 0, 2 }, false, &world.decision);
        ck_assert(!geo_known(world_incident(&world)->point));
        world_close(&world);
}
END_TEST

RUN("version", a_version_shows_the_full_state, a_partial_revision_keeps_the_place)
