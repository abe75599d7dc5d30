#include "hub/base/memory.h"
#include "hub/event/json.h"
#include "hub/event/write.h"
#include "tests/unit/base/run.h"
#include "tests/unit/event/sample.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void writes(const Event *event, const char *json)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        Error err = { 0 };

        ck_assert_msg(event_write(&out, event, &err), "%s", err.text);
        ck_assert_str_eq(out.bytes, json);
}

static void refuses(const Event *event, const char *reason, const char *text)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        Error err = { 0 };

        buffer_text(&out, "before");
        ck_assert(!event_write(&out, event, &err));
        ck_assert_int_eq(err.kind, ERR_INPUT);
        ck_assert_str_eq(err.reason, reason);
        ck_assert_msg(strstr(err.text, text) != NULL, "\"%s\" does not say \"%s\"", err.text, text);
        ck_assert_str_eq(out.bytes, "before");
}

static bool holds(const Event *event, const char *part)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        Error err = { 0 };

        ck_assert_msg(event_write(&out, event, &err), "%s", err.text);
        return strstr(out.bytes, part) != NULL;
}

START_TEST(members_stand_in_the_order_of_the_contract)
{
        Event event = sample_event(KIND_REPORT);

        writes(&event, "{\"id\":\"p12::A1:1\",\"subject\":\"p12::A1\",\"kind\":\"report\",\"platform\":\"p12\","
                       "\"instance\":\"grid\","
                       "\"zone\":\"350206\",\"source\":{\"id\":\"A1\",\"revision\":\"1\"},"
                       "\"time\":{\"occurred\":\"2023-12-05T00:42:10.000Z\",\"precision\":\"s\",\"received\":\"2023-12-"
                       "05T00:43:10.123Z\"},"
                       "\"status\":{\"state\":\"received\"},\"category\":{\"code\":\"E0504\",\"method\":\"code\"},"
                       "\"severity\":\"low\","
                       "\"title\":\"沿街店铺占道\",\"raw\":{\"sha256\":\"" SAMPLE_SHA "\",\"bytes\":194}}");
}
END_TEST

START_TEST(what_is_absent_is_left_out)
{
        Event event = sample_event(KIND_HEALTH);

        event.status.state = STATE_NONE;
        event.category.code = event.title = event.description = NULL;
        event.category.method = METHOD_NONE;
        event.severity = SEVERITY_NONE;
        event.time.occurred = TIME_NONE;
        event.raw.bytes = 0;
        event.place.address = event.reporter.kind = "";
        event_add_object(&event, OBJECT_DEVICE, "D7");
        writes(&event, "{\"id\":\"p12::A1:1\",\"subject\":\"p12::A1\",\"kind\":\"health\",\"platform\":\"p12\","
                       "\"instance\":\"grid\","
                       "\"zone\":\"350206\",\"source\":{\"id\":\"A1\",\"revision\":\"1\"},\"time\":{\"received\":"
                       "\"2023-12-05T00:43:10.123Z\"},\"objects\":[{\"kind\":\"device\",\"id\":\"D7\"}],"
                       "\"raw\":{\"sha256\":\"" SAMPLE_SHA "\"}}");
}
END_TEST

START_TEST(each_kind_has_what_it_needs)
{
        Event event = sample_event(KIND_HEALTH);

        refuses(&event, "missing_field", "objects: is missing");
        event.kind = KIND_REGISTRY;
        refuses(&event, "missing_field", "objects: is missing");
        event.kind = KIND_WARNING;
        event.source.episodic = true;
        ck_assert(holds(&event, "\"revision\":\"1\",\"episodic\":true}"));
        event.severity = SEVERITY_NONE;
        refuses(&event, "missing_field", "severity: is missing");
}
END_TEST

START_TEST(a_report_lacks_nothing)
{
        Event event = sample_event(KIND_REPORT);

        event.title = "";
        refuses(&event, "missing_field", "title: is missing");
        event.title = "x";
        event.time.occurred = TIME_NONE;
        refuses(&event, "missing_field", "time: occurred: is missing");
        event.time.occurred = 0;
        event.status.state = STATE_NONE;
        refuses(&event, "missing_field", "status: is missing");
        event.status.raw = "x";
        refuses(&event, "missing_field", "status: state: is missing");
        event.status.state = STATE_VOID;
        event.source.revision = NULL;
        refuses(&event, "missing_field", "source: revision: is missing");
        event.source.revision = "1";
        event.raw.sha256 = NULL;
        refuses(&event, "missing_field", "raw: sha256: is missing");
}
END_TEST

START_TEST(numbers_are_as_short_as_they_can_be)
{
        Event event = sample_event(KIND_REPORT);

        event.position.method = POSITION_GPS;
        event.position.lon = 118.10981324;
        event.position.lat = 24.5;
        event.position.accuracy_m = 0.1;
        ck_assert(
                holds(&event, "\"position\":{\"lon\":118.1098132,\"lat\":24.5,\"accuracy_m\":0.1,\"method\":\"gps\"}"));
        event.position.lon = -180;
        event.position.lat = 0;
        event.position.accuracy_m = 0;
        ck_assert(holds(&event, "{\"lon\":-180,\"lat\":0,\"method\":\"gps\"}"));
        event.position.accuracy_m = (double)NAN;
        ck_assert(!holds(&event, "accuracy_m"));
        event.confidence = 1.0 / 3;
        ck_assert(holds(&event, "\"confidence\":0.3333333333333333"));
        event.measurements_size = 1;
        event.measurements[0].factor = "PM10";
        event.measurements[0].value = 131;
        ck_assert(holds(&event, "\"measurements\":[{\"factor\":\"PM10\",\"value\":131}]"));
}
END_TEST

/* Of the 15 digits that every double keeps, as the C library writes them; of 17, where it takes them. */
START_TEST(each_number_is_the_c_librarys)
{
        static const double numbers[] = {
                0.1,       0.84375, 0.001, 0.00099999, 1e-7,  0.1 + 0.2,      999999.9999999,
                1000000.5, -24.5,   -0.07, 2.5e-300,   1e300, 123456.1234567, 123456.12345678
        };
        uint32_t random = 1;

        for (size_t i = 0; i < 20000; i++) {
                CLEANUP(buffer_free) Buffer out = { 0 };
                double number = i < 14 ? numbers[i] : 0;
                char text[32];

                random = random * 1664525 + 1013904223;
                if (i >= 14) /* of up to nine decimals */
                        number = ((double)random - 2e9) / pow(10, (random >> 8) % 10);
                if (!(number < trunc(number) || number > trunc(number)))
                        continue;
                snprintf(text, sizeof(text), "%.15g", number);
                if (strtod(text, NULL) < number || strtod(text, NULL) > number)
                        snprintf(text, sizeof(text), "%.17g", number);
                write_number(&out, number);
                ck_assert_str_eq(out.bytes, text);
        }
}
END_TEST

START_TEST(what_no_reader_takes_is_not_written)
{
        Event event = sample_event(KIND_REPORT), good = event;

        event.position.method = POSITION_GPS;
        event.position.lat = 91;
        refuses(&event, "bad_position", "position: lat: is out of range");
        event.position.lat = (double)NAN;
        refuses(&event, "bad_position", "position: lat");
        event = good;
        event.zone = "350/206";
        refuses(&event, "bad_value", "zone");
        event = good;
        event.confidence = 1.5;
        refuses(&event, "bad_value", "confidence");
        event = good;
        event.time.updated = INT64_MAX;
        refuses(&event, "bad_time", "time: updated");
        event = good;
        event.geometry = "{\"type\":\"Point\",\"coordinates\":[118,95]}";
        refuses(&event, "bad_position", "geometry");
        event.geometry = "{}},\"title\":\"injected\"";
        refuses(&event, "bad_position", "geometry");
        event.geometry = "{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,4],[1,2]]]}";
        refuses(&event, "bad_position", "geometry");
        event.geometry = "{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,4],[5,6],[1,2]]]}";
        ck_assert(holds(&event, "[[[1,2],[3,4],[5,6],[1,2]]]"));
        event = good;
        for (int i = 0; i < 40; i++)
                event_add_media(&event, "u", NULL, NULL);
        ck_assert_uint_eq(event.media_size, EVENT_MEDIA_MOST);
        ck_assert(holds(&event, "{\"url\":\"u\"},{\"url\":\"u\"}"));
        event.media_size = 33;
        refuses(&event, "bad_value", "media: has too many items");
        event = good;
        event.quality = 1u << 20;
        refuses(&event, "bad_value", "quality");
}
END_TEST

/* The last guard before Kafka: an adapter process that forgot privacy_apply() publishes nothing. */
START_TEST(clear_personal_data_is_not_written)
{
        Event event = sample_event(KIND_REPORT);

        event_add_object(&event, OBJECT_PLATE, "闽D12345");
        refuses(&event, "bad_value", "objects: a plate's id is no pseudonym");
        event.objects_size = 0;
        event.reporter.name = "陈小明";
        refuses(&event, "bad_value", "reporter: name");
        event.reporter.name = NULL;
        event.reporter.id = "13812345678";
        ck_assert(!holds(&event, "138"));
        event.reporter.ids[0] = "13812345678";
        event.reporter.ids_size = 1;
        refuses(&event, "bad_value", "reporter: id");
}
END_TEST

START_TEST(long_texts_are_cut_at_a_character)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        CLEANUP(buffer_free) Buffer out = { 0 };
        Event event = sample_event(KIND_REPORT);
        Error err = { 0 };

        for (int i = 0; i < 9000; i++)
                buffer_text(&text, "占");
        event.title = event.description = text.bytes;
        ck_assert_msg(event_write(&out, &event, &err), "%s", err.text);
        ck_assert_uint_gt(out.size, (8192 + 512) * 3);
        ck_assert_uint_lt(out.size, (8192 + 512) * 3 + 1000);
        event.source.url = text.bytes;
        refuses(&event, "bad_value", "source: url");
}
END_TEST

START_TEST(a_value_over_64_kib_is_too_large)
{
        CLEANUP(buffer_free) Buffer url = { 0 };
        Event event = sample_event(KIND_REPORT);

        for (int i = 0; i < 2048; i++)
                buffer_text(&url, "图");
        for (int i = 0; i < 12; i++)
                event_add_media(&event, url.bytes, "image", NULL);
        refuses(&event, "too_large", "more than 65536");
}
END_TEST

START_TEST(broken_bytes_are_repaired)
{
        Event event = sample_event(KIND_REPORT);

        event.title = "a\xff\"\\\n\x01";
        ck_assert(holds(&event, "\"title\":\"a\xef\xbf\xbd\\\"\\\\\\u000a\\u0001\""));
}
END_TEST

START_TEST(ticks_and_commands_have_their_own_form)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        Tick tick = { .id = "tick:grid:R:7",
                      .instance = "grid",
                      .zone = "350206",
                      .run = "R",
                      .at = 1701736930000,
                      .hour = 1701734400000,
                      .acked = 6,
                      .records = 3,
                      .items = 4,
                      .published = 4,
                      .final = true,
                      .source_state = "reading" };
        Command command = { .id = "cmd:1",
                            .zone = "350206",
                            .verb = "undo",
                            .by = "user:lin",
                            .at = 1701736930000,
                            .args = "{ \"command\": \"cmd:0\" }" };

        ck_assert(tick_write(&out, &tick));
        ck_assert_str_eq(
                out.bytes,
                "{\"kind\":\"tick\",\"id\":\"tick:grid:R:7\",\"instance\":\"grid\",\"zone\":\"350206\",\"run\":\"R\","
                "\"at\":\"2023-12-05T00:42:10.000Z\",\"acked\":6,\"final\":true,\"hour\":\"2023-12-05T00:00:00.000Z\","
                "\"records\":3,\"items\":4,\"published\":4,\"rejected\":0,\"ignored\":0,\"repeated\":0,"
                "\"source\":{\"state\":\"reading\",\"lag\":0}}");
        buffer_clear(&out);
        ck_assert(command_write(&out, &command));
        ck_assert_str_eq(
                out.bytes,
                "{\"id\":\"cmd:1\",\"kind\":\"command\",\"zone\":\"350206\",\"verb\":\"undo\",\"by\":\"user:lin\","
                "\"at\":\"2023-12-05T00:42:10.000Z\",\"args\":{\"command\":\"cmd:0\"}}");
        command.verb = "explode";
        ck_assert(!command_write(&out, &command));
        tick.run = "a b";
        ck_assert(!tick_write(&out, &tick));
}
END_TEST

RUN("write", members_stand_in_the_order_of_the_contract, what_is_absent_is_left_out, each_kind_has_what_it_needs,
    a_report_lacks_nothing, numbers_are_as_short_as_they_can_be, each_number_is_the_c_librarys,
    what_no_reader_takes_is_not_written, clear_personal_data_is_not_written, long_texts_are_cut_at_a_character,
    a_value_over_64_kib_is_too_large, broken_bytes_are_repaired, ticks_and_commands_have_their_own_form)
