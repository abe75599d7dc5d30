#include "hub/event/json.h"
#include "hub/pipe/output.h"
#include "tests/unit/base/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define RECEIVED INT64_C(1701736200000) /* 2023-12-05T00:30:00Z */

typedef struct {
        Output *output;
        Categories *categories;
        Privacy *privacy;
        EventReader *reader;
        EventValue value; /* the last event that reached the sink, as a reader sees it */
        size_t events, rejected, ignored;
        Error why;
} World;

static const Record record = {
        .bytes = "raw", .size = 3, .channel = "test", .position = "1:2", .received_ms = RECEIVED
};

static bool sink_event(void *context, const Event *event, const char *bytes, size_t size, Error *err)
{
        World *world = context;

        (void)event;
        world->events++;
        ck_assert_msg(event_read(world->reader, bytes, size, &world->value, err), "%s: %.*s", err->text, (int)size,
                      bytes);
        return true;
}

static void sink_rejected(void *context, const Record *of, const char *item, size_t size, const Error *why)
{
        World *world = context;

        ck_assert_ptr_eq(of, &record);
        ck_assert_mem_eq(item, record.bytes, size);
        world->rejected++;
        world->why = *why;
}

static void sink_ignored(void *context, const Record *of, const char *reason)
{
        World *world = context;

        ck_assert_ptr_eq(of, &record);
        ck_assert_str_eq(reason, "unchanged");
        world->ignored++;
}

static const OutputSink sink = { sink_event, sink_rejected, sink_ignored };

static void world_open(World *world, const char *zone)
{
        OutputSetup setup = { .instance = "grid", .platform = "p12", .zone = zone };
        Error err = { 0 };

        *world = (World){ .categories = categories_load(NULL, &err),
                          .privacy = privacy_test(),
                          .reader = event_reader_new() };
        ck_assert_msg(world->categories != NULL, "%s", err.text);
        setup.categories = world->categories;
        setup.privacy = world->privacy;
        world->output = output_new(&setup, &sink, world);
        output_begin(world->output, &record);
}

static void world_close(World *world)
{
        output_free(world->output);
        categories_free(world->categories);
        privacy_free(world->privacy);
        event_reader_free(world->reader);
}

static Event report_of(const char *id)
{
        Event event;

        event_init(&event, KIND_REPORT);
        event.source.id = id;
        event.source.revision = "1";
        event.status.state = STATE_RECEIVED;
        return event;
}

static const Event *emitted(World *world, const Event *event)
{
        Error err = { 0 };

        ck_assert_msg(emit(world->output, event, &err), "%s", err.text);
        return &world->value.event;
}

/* The least that an adapter gives becomes a whole report: each member that is "always there" is there. */
START_TEST(completes_a_bare_report)
{
        CLEANUP(world_close) World world;
        Event bare = report_of("a:1");
        const Event *event;

        world_open(&world, "350206");
        event = emitted(&world, &bare);
        ck_assert_str_eq(event->id, "p12::a%3A1:1");
        ck_assert_str_eq(event->subject, "p12::a%3A1");
        ck_assert_str_eq(event->platform, "p12");
        ck_assert_str_eq(event->instance, "grid");
        ck_assert_str_eq(event->zone, "350206");
        ck_assert_int_eq(event->time.received, RECEIVED);
        ck_assert_int_eq(event->time.occurred, RECEIVED);
        ck_assert(event->quality & QUALITY_CLOCK_MISSING);
        ck_assert(event->quality & QUALITY_TEST_KEY);
        ck_assert_str_eq(event->category.code, "E2199");
        ck_assert_int_eq(event->category.method, METHOD_DEFAULT);
        ck_assert_int_ne(event->severity, SEVERITY_NONE);
        ck_assert_str_eq(event->title, event->category.name);
        ck_assert_str_eq(event->raw.position, "1:2");
        ck_assert_uint_eq(event->raw.bytes, 3);
        ck_assert_uint_eq(strlen(event->raw.sha256), 64);
}
END_TEST

START_TEST(refuses_what_the_adapter_can_mend)
{
        CLEANUP(world_close) World world;
        Event broken[] = { report_of(NULL), report_of(""), report_of("a"), report_of("a") };

        world_open(&world, "350206");
        broken[2].source.revision = NULL;
        broken[3].status.state = STATE_NONE;
        for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
                Error err = { 0 };

                ck_assert(!emit(world.output, &broken[i], &err));
                ck_assert_int_eq(err.kind, ERR_INPUT);
                ck_assert_str_eq(err.reason, "missing_field");
        }
        ck_assert_uint_eq(world.events, 0);
}
END_TEST

/* Rows without a number would all be one case. */
START_TEST(a_word_for_none_names_no_case)
{
        static const char *const words[] = { "无", "N/A", "-", "-1", "null", "#N/A", "　未知 ", "true", NULL };
        CLEANUP(world_close) World world;

        world_open(&world, "350206");
        for (size_t i = 0; words[i]; i++) {
                Event nobody = report_of(words[i]);
                Error err = { 0 };

                ck_assert_msg(!emit(world.output, &nobody, &err), "%s", words[i]);
                ck_assert_str_eq(err.reason, "bad_id");
        }
        ck_assert_uint_eq(world.events, 0);
}
END_TEST

START_TEST(blanks_around_a_number_are_none_of_it)
{
        CLEANUP(world_close) World world;
        Event event = report_of("\xe2\x80\x8e"
                                "a-1\xe3\x80\x80\xef\xbb\xbf");
        Error err = { 0 };

        world_open(&world, "350206");
        ck_assert_msg(emit(world.output, &event, &err), "%s", err.text);
        ck_assert_str_eq(world.value.event.source.id, "a-1");
}
END_TEST

/* A registry row has no state, no time of its own and no category: none is made up. */
START_TEST(invents_nothing_for_a_registry_row)
{
        CLEANUP(world_close) World world;
        const Event *event;
        Event row;

        world_open(&world, "350206");
        event_init(&row, KIND_REGISTRY);
        row.source.id = "stall-1";
        row.source.revision = "7";
        event_add_object(&row, OBJECT_STALL, "1");
        event = emitted(&world, &row);
        ck_assert_int_eq(event->kind, KIND_REGISTRY);
        ck_assert_int_eq(event->time.occurred, TIME_NONE);
        ck_assert_ptr_null(event->category.code);
        ck_assert_ptr_null(event->title);
        ck_assert(!(event->quality & QUALITY_CLOCK_MISSING));
}
END_TEST

/* One such row joins nothing: the platform's engineer is to hear of it. */
START_TEST(a_kind_lacks_nothing)
{
        CLEANUP(world_close) World world;
        static const EventKind kinds[] = { KIND_REGISTRY, KIND_HEALTH, KIND_WARNING };

        world_open(&world, "350206");
        for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
                Error err = { 0 };
                Event event;

                event_init(&event, kinds[i]);
                event.source.id = "a";
                event.source.revision = "1";
                ck_assert(!emit(world.output, &event, &err));
                ck_assert_str_eq(err.reason, "missing_field");
                event.severity = SEVERITY_HIGH;
                event_add_object(&event, OBJECT_DEVICE, "7");
                emitted(&world, &event);
        }
}
END_TEST

START_TEST(a_link_to_another_case_is_of_this_platform)
{
        CLEANUP(world_close) World world;
        Event event = report_of("a");

        world_open(&world, "350206");
        event_add_case_link(&event, "repeat", "b 2");
        ck_assert_str_eq(emitted(&world, &event)->links[0].subject, "p12::b%202");
}
END_TEST

START_TEST(a_clock_ahead_is_marked)
{
        CLEANUP(world_close) World world;
        Event event = report_of("a");

        world_open(&world, "350206");
        event.time.occurred = RECEIVED + 10 * 60 * 1000;
        ck_assert(!(emitted(&world, &event)->quality & QUALITY_CLOCK_FUTURE));
        event.time.occurred++;
        ck_assert(emitted(&world, &event)->quality & QUALITY_CLOCK_FUTURE);
        ck_assert_int_eq(emitted(&world, &event)->time.occurred, event.time.occurred);
        event.time.updated = event.time.occurred;
        ck_assert_int_eq(emitted(&world, &event)->time.updated, TIME_NONE);
        ck_assert_str_eq(world.value.event.source.revision, "1");
}
END_TEST

START_TEST(a_position_outside_of_its_district_is_marked)
{
        CLEANUP(world_close) World huli, siming;
        Event event = report_of("a");

        world_open(&huli, "350206");
        world_open(&siming, "350203");
        event.position.method = POSITION_GPS;
        event.position.lon = 118.08;
        event.position.lat = 24.44;
        ck_assert(emitted(&huli, &event)->quality & QUALITY_OUT_OF_DISTRICT);
        ck_assert(!(emitted(&siming, &event)->quality & QUALITY_OUT_OF_DISTRICT));
        event.position.lat = 24.51;
        ck_assert(!(emitted(&huli, &event)->quality & QUALITY_OUT_OF_DISTRICT));
}
END_TEST

/* The adapter's own code stands, known to the table or not; else code, name, keywords decide. */
START_TEST(categories)
{
        CLEANUP(world_close) World world;
        Event event = report_of("a");

        world_open(&world, "350206");
        event.category.code = "E0504";
        ck_assert_str_eq(emitted(&world, &event)->category.code, "E0504");
        ck_assert_int_eq(world.value.event.category.method, METHOD_CODE);
        ck_assert_ptr_nonnull(world.value.event.category.name);
        event.category.code = "SD-77";
        ck_assert_str_eq(emitted(&world, &event)->category.code, "SD-77");
        ck_assert_str_eq(world.value.event.title, "SD-77");
        ck_assert_int_eq(world.value.event.severity, SEVERITY_INFO);
        event.category.code = NULL;
        event.category.raw_name = categories_code(world.categories, "E0504")->name;
        ck_assert_str_eq(emitted(&world, &event)->category.code, "E0504");
        ck_assert_int_eq(world.value.event.category.method, METHOD_NAME);
        ck_assert_str_eq(world.value.event.category.raw_name, event.category.raw_name);
}
END_TEST

/* Markup hides a phone number from nobody: it goes first, then the number is masked, then the text is cut. */
START_TEST(texts_are_plain_and_masked)
{
        CLEANUP(world_close) World world;
        Event event = report_of("a");
        char *endless = mem_new(100001);

        world_open(&world, "350206");
        event.title = "caf\xc3\xa9 <b>call</b> 138<i></i>00138000\n&lt;now&gt;";
        event.description = "line one\nline two, a@b.example";
        emitted(&world, &event);
        ck_assert_ptr_null(strstr(world.value.event.title, "<b>"));
        ck_assert_ptr_null(strstr(world.value.event.title, "13800138000"));
        ck_assert_ptr_nonnull(strstr(world.value.event.description, "line one\nline two"));
        ck_assert_ptr_null(strstr(world.value.event.description, "a@b.example"));
        ck_assert(world.value.event.quality & QUALITY_MASKED);
        memset(endless, 'x', 100000);
        event.description = endless;
        ck_assert_uint_eq(strlen(emitted(&world, &event)->description), EVENT_DESCRIPTION_MOST);
        event.title = "";
        ck_assert_str_eq(emitted(&world, &event)->title, world.value.event.category.name);
        free(endless);
}
END_TEST

START_TEST(personal_members_never_leave_in_the_clear)
{
        CLEANUP(world_close) World world;
        Event event = report_of("a");

        world_open(&world, "350206");
        event.reporter.id = "13800138000";
        event.reporter.name = "\xe9\x99\x88\xe5\xb0\x8f\xe6\x98\x8e";
        event_add_object(&event, OBJECT_PLATE,
                         "\xe9\x97\xbd"
                         "D12345");
        emitted(&world, &event);
        ck_assert_uint_eq(world.value.event.reporter.ids_size, 1);
        ck_assert(strchr(world.value.event.reporter.ids[0], ':') != NULL);
        ck_assert_str_eq(world.value.event.reporter.name, "\xe9\x99\x88*");
        ck_assert_uint_eq(world.value.event.objects_size, 1);
        ck_assert_ptr_null(strstr(world.value.event.objects[0].id, "D12345"));
        ck_assert_str_eq(event.reporter.id, "13800138000");
}
END_TEST

START_TEST(a_resend_is_the_same_event)
{
        CLEANUP(world_close) World world;
        Event event = report_of("a");
        char first[256];

        world_open(&world, "350206");
        snprintf(first, sizeof(first), "%s", emitted(&world, &event)->id);
        ck_assert_str_eq(emitted(&world, &event)->id, first);
        event.source.revision = "2";
        ck_assert_str_ne(emitted(&world, &event)->id, first);
}
END_TEST

START_TEST(rejects_and_ignores_reach_the_sink)
{
        CLEANUP(world_close) World world;
        Error why = { 0 };

        world_open(&world, "350206");
        (void)error_set(&why, ERR_INPUT, "bad_time", "when: no time");
        reject(world.output, "ra", 2, &why);
        output_reject(world.output, &why);
        ignored(world.output, "unchanged");
        ck_assert_uint_eq(world.rejected, 2);
        ck_assert_uint_eq(world.ignored, 1);
        ck_assert_str_eq(world.why.reason, "bad_time");
}
END_TEST

/* A sensor that says "full" each minute is one event; a state that returns is another; another subject is its own. */
START_TEST(what_does_not_change_is_said_once)
{
        CLEANUP(world_close) World world;
        Event event = report_of("a"), other = report_of("a"), nameless = report_of(NULL);
        Error err = { 0 };

        world_open(&world, "350206");
        other.space = "b";
        ck_assert(emit_change(world.output, &event, "full", &err));
        ck_assert(emit_change(world.output, &event, "full", &err));
        ck_assert(emit_change(world.output, &other, "full", &err));
        ck_assert_uint_eq(world.events, 2);
        ck_assert_uint_eq(world.ignored, 1);
        ck_assert(emit_change(world.output, &event, "", &err));
        ck_assert(emit_change(world.output, &event, "full", &err));
        ck_assert_uint_eq(world.events, 4);
        ck_assert(!emit_change(world.output, &nameless, "full", &err));
        ck_assert_str_eq(err.reason, "missing_field");
        emitted(&world, &event); /* deleted, say: what follows is news again */
        ck_assert(emit_change(world.output, &event, "full", &err));
        ck_assert_uint_eq(world.events, 6);
}
END_TEST

/* Of thousands of vehicles that drive off few stood wrongly: only of those it is news. */
START_TEST(an_end_is_said_of_what_was_begun)
{
        CLEANUP(world_close) World world;
        Event event = report_of("a"), nameless = report_of(NULL);
        Error err = { 0 };

        world_open(&world, "350206");
        ck_assert(emit_end(world.output, &event, "gone", &err));
        ck_assert_uint_eq(world.events, 0);
        ck_assert_uint_eq(world.ignored, 1);
        ck_assert(emit_change(world.output, &event, "there", &err));
        ck_assert(emit_end(world.output, &event, "gone", &err));
        ck_assert(emit_end(world.output, &event, "gone", &err));
        ck_assert_uint_eq(world.events, 2);
        ck_assert_uint_eq(world.ignored, 2);
        ck_assert(!emit_end(world.output, &nameless, "gone", &err));
        ck_assert_str_eq(err.reason, "missing_field");
}
END_TEST

/* Refused is not said: mended, the same state is an event. */
START_TEST(a_refused_event_was_not_said)
{
        CLEANUP(world_close) World world;
        Event event = report_of("a");
        Error err = { 0 };

        world_open(&world, "350206");
        event.source.revision = NULL;
        ck_assert(!emit_change(world.output, &event, "full", &err));
        event.source.revision = "1";
        ck_assert(emit_change(world.output, &event, "full", &err));
        ck_assert_uint_eq(world.events, 1);
}
END_TEST

START_TEST(what_a_peer_is_told)
{
        CLEANUP(world_close) World world;
        Error why = { 0 };
        char body[] = "<ok/>", type[] = "text/xml";
        Reply told;

        world_open(&world, "350206");
        (void)error_set(&why, ERR_INPUT, "not_xml", "nonsense");
        told = output_reply(world.output);
        ck_assert_uint_eq(told.status, 200);
        ck_assert_uint_eq(told.size, 0);
        reject(world.output, "ra", 2, &why); /* an item: it is kept, the peer need not send it again */
        ck_assert_uint_eq(output_reply(world.output).status, 200);
        output_reject(world.output, &why);
        ck_assert_uint_eq(output_reply(world.output).status, 400);
        reply(world.output, &(Reply){ .content_type = type, .body = body, .size = 5 });
        memset(body, 'x', 5);
        memset(type, 'x', 8);
        told = output_reply(world.output);
        ck_assert_uint_eq(told.status, 400);
        ck_assert_str_eq(told.body, "<ok/>");
        ck_assert_str_eq(told.content_type, "text/xml");
        reply(world.output, &(Reply){ .status = 401 });
        told = output_reply(world.output);
        ck_assert_uint_eq(told.status, 401);
        ck_assert_uint_eq(told.size, 0);
        output_begin(world.output, &record);
        ck_assert_uint_eq(output_reply(world.output).status, 200);
}
END_TEST

/* A record of millions of items must fit into memory; what was taken before the first of them stays. */
START_TEST(items_share_their_memory)
{
        CLEANUP(world_close) World world;
        char *head, *item;

        world_open(&world, "350206");
        head = arena_copy(scratch(world.output), "head", 4);
        item_begin(world.output);
        item = arena_copy(scratch(world.output), "item", 4);
        for (int i = 0; i < 100; i++) {
                item_begin(world.output);
                ck_assert_ptr_eq(arena_copy(scratch(world.output), "next", 4), item);
        }
        ck_assert_str_eq(head, "head");
        output_begin(world.output, &record);
        ck_assert_ptr_ne(scratch(world.output), NULL);
        ck_assert_ptr_eq(arena_copy(scratch(world.output), "head", 4), head);
}
END_TEST

static Gazetteer *roads(void)
{
        static const char text[] = "name,kind,lon,lat,crs,radius_m\n枋湖南路,road,118.1350,24.5140,wgs84,700\n";
        char path[] = "/tmp/hub-test-XXXXXX";
        const int file = mkstemp(path);
        Error err = { 0 };

        ck_assert_int_eq(write(file, text, sizeof text - 1), (ssize_t)sizeof text - 1);
        close(file);
        Gazetteer *gazetteer = gazetteer_load(path, &err);
        ck_assert_msg(gazetteer != NULL, "%s", err.text);
        unlink(path);
        return gazetteer;
}

/* Only what has no place of its own, and only a report: a permit's text may name the road where somebody lives. */
START_TEST(words_give_a_report_the_place_that_it_has_not)
{
        CLEANUP(world_close) World world;
        Gazetteer *gazetteer = roads();
        Event report = report_of("a"), told = report_of("b"), row = report_of("c"), vague = report_of("d");
        Event elsewhere = report_of("e");
        const Event *event;

        world_open(&world, "350206");
        output_free(world.output);
        world.output = output_new(&(OutputSetup){ .instance = "grid",
                                                  .platform = "p12",
                                                  .zone = "350206",
                                                  .categories = world.categories,
                                                  .privacy = world.privacy,
                                                  .gazetteer = gazetteer },
                                  &sink, &world);
        output_begin(world.output, &record);
        report.place.address = "湖里区枋湖南路88号";
        event = emitted(&world, &report);
        ck_assert_int_eq(event->position.method, POSITION_GAZETTEER);
        ck_assert(fabs(event->position.lon - 118.135) < 1e-9 && fabs(event->position.lat - 24.514) < 1e-9);
        ck_assert(fabs(event->position.accuracy_m - 700) < 1e-9);
        ck_assert_ptr_null(event->position.crs);
        ck_assert_uint_eq(event->quality & QUALITY_OUT_OF_DISTRICT, 0);
        told.title = "枋湖南路占道";
        told.position.method = POSITION_GPS;
        told.position.lon = 118.11;
        told.position.lat = 24.51;
        told.position.accuracy_m = 30;
        event = emitted(&world, &told);
        ck_assert_int_eq(event->position.method, POSITION_GPS);
        ck_assert(fabs(event->position.lon - 118.11) < 1e-9);
        row.kind = KIND_REGISTRY;
        row.title = "枋湖南路横幅";
        event_add_object(&row, OBJECT_CASE, "118");
        ck_assert_int_eq(emitted(&world, &row)->position.method, POSITION_NONE);
        vague.description = "枋湖南路有人说起";
        vague.position.accuracy_m = 1000;
        ck_assert(fabs(emitted(&world, &vague)->position.accuracy_m - 1000) < 1e-9);
        elsewhere.title = "湖里大道占道";
        ck_assert_int_eq(emitted(&world, &elsewhere)->position.method, POSITION_NONE);
        gazetteer_free(gazetteer);
}
END_TEST

/* A road of that name in the next district is another one; a district's name, or the city that holds it, contradicts nothing. */
START_TEST(words_of_another_district_name_no_place_here)
{
        static const struct {
                const char *district;
                PositionMethod method;
        } cases[] = { { NULL, POSITION_GAZETTEER },     { "350206", POSITION_GAZETTEER },
                      { "350200", POSITION_GAZETTEER }, { "湖里区", POSITION_GAZETTEER },
                      { "350203", POSITION_NONE },      { "440300", POSITION_NONE } };
        CLEANUP(world_close) World world;
        Gazetteer *gazetteer = roads();
        Error err = { 0 };
        Regions *regions = regions_load(HUB_SCHEMAS_SOURCE "/../deploy/config/regions/huli-schematic.geojson", &err);

        ck_assert_msg(regions != NULL, "%s", err.text);
        world_open(&world, "350206");
        output_free(world.output);
        world.output = output_new(&(OutputSetup){ .instance = "grid",
                                                  .platform = "p12",
                                                  .zone = "350206",
                                                  .categories = world.categories,
                                                  .privacy = world.privacy,
                                                  .regions = regions,
                                                  .gazetteer = gazetteer },
                                  &sink, &world);
        output_begin(world.output, &record);
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                Event report = report_of("a");

                report.title = "枋湖南路占道";
                report.place.district = cases[i].district;
                ck_assert_msg(emitted(&world, &report)->position.method == cases[i].method, "case %zu", i);
        }
        regions_free(regions);
        gazetteer_free(gazetteer);
}
END_TEST

RUN("output", completes_a_bare_report, refuses_what_the_adapter_can_mend, a_word_for_none_names_no_case,
    blanks_around_a_number_are_none_of_it, invents_nothing_for_a_registry_row, a_kind_lacks_nothing,
    a_link_to_another_case_is_of_this_platform, a_clock_ahead_is_marked, a_position_outside_of_its_district_is_marked,
    categories, texts_are_plain_and_masked, personal_members_never_leave_in_the_clear, a_resend_is_the_same_event,
    rejects_and_ignores_reach_the_sink, what_does_not_change_is_said_once, an_end_is_said_of_what_was_begun,
    a_refused_event_was_not_said, what_a_peer_is_told, items_share_their_memory,
    words_give_a_report_the_place_that_it_has_not, words_of_another_district_name_no_place_here)
