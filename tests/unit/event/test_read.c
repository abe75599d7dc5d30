#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/event/json.h"
#include "tests/unit/base/run.h"
#include "tests/unit/event/sample.h"

#include <math.h>
#include <string.h>

/* Reads a fixture of version 1; they are read for ever. */
static void fixture(EventReader *reader, const char *name, EventValue *value)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s.json", FIXTURES, name);
        CLEANUP(buffer_free) Buffer text = { 0 };
        Error err = { 0 };

        ck_assert_msg(file_read(&text, path, 1 << 20, &err), "%s", err.text);
        ck_assert_msg(event_read(reader, text.bytes, text.size, value, &err), "%s: %s", name, err.text);
        ck_assert_str_eq(value->zone, "350206");
}

START_TEST(a_full_report_keeps_every_member)
{
        CLEANUP(event_reader_drop) EventReader *reader = event_reader_new();
        EventValue value;
        const Event *event = &value.event;

        fixture(reader, "report-full", &value);
        ck_assert_int_eq(value.kind, KIND_REPORT);
        ck_assert_str_eq(value.id, "p12::HLWG2023120500231:2");
        ck_assert_str_eq(event->subject, "p12::HLWG2023120500231");
        ck_assert_str_eq(event->source.channel, "网格员巡查");
        ck_assert_int_eq(event->time.occurred, 1701736930000);
        ck_assert_int_eq(event->time.received, 1701738603217);
        ck_assert_int_eq(event->time.precision, PRECISION_S);
        ck_assert_int_eq(event->status.state, STATE_CLOSED);
        ck_assert_int_eq(event->status.outcome, OUTCOME_DONE);
        ck_assert(event->status.reopened);
        ck_assert_str_eq(event->category.raw_name, "占道经营");
        ck_assert_uint_eq(event->category.also_size, 2);
        ck_assert_str_eq(event->category.also[1], "E0203");
        ck_assert_int_eq(event->severity, SEVERITY_MEDIUM);
        ck_assert(fabs(event->position.lon - 118.1098132) < 1e-12);
        ck_assert_str_eq(event->position.raw[1], "24.5098473");
        ck_assert_str_eq(event->geometry,
                         "{\"type\":\"Polygon\",\"coordinates\":[[[118.1098,24.5125],[118.1101,24.5125],"
                         "[118.1101,24.5127],[118.1098,24.5125]]]}");
        ck_assert_uint_eq(event->objects_size, 2);
        ck_assert_int_eq(event->objects[1].kind, OBJECT_CAMERA);
        ck_assert_uint_eq(event->reporter.ids_size, 2);
        ck_assert_ptr_null(event->reporter.id);
        ck_assert_str_eq(event->reporter.name, "陈*");
        ck_assert_str_eq(event->org.responsible, "禾山中队");
        ck_assert(fabs(event->measurements[0].limit - 150) < 1e-12 && event->measurements_size == 1);
        ck_assert(fabs(event->confidence - 0.87) < 1e-12);
        ck_assert_str_eq(event->media[0].stage, "report");
        ck_assert_str_eq(event->links[0].rel, "repeat");
        ck_assert_int_eq(event->valid.to, 1704038399999);
        ck_assert_uint_eq(event->quality, QUALITY_CRS_ASSUMED | QUALITY_MASKED);
        ck_assert_uint_eq(event->raw.bytes, 194);
}
END_TEST

START_TEST(what_is_absent_reads_as_absent)
{
        CLEANUP(event_reader_drop) EventReader *reader = event_reader_new();
        EventValue value;

        fixture(reader, "report-full", &value);
        fixture(reader, "report-minimal", &value);
        ck_assert_int_eq(value.event.time.updated, TIME_NONE);
        ck_assert_int_eq(value.event.position.method, POSITION_NONE);
        ck_assert(isnan(value.event.confidence));
        ck_assert_uint_eq(value.event.objects_size + value.event.media_size + value.event.reporter.ids_size, 0);
        ck_assert_ptr_null(value.event.description);
        ck_assert_ptr_null(value.event.geometry);
        fixture(reader, "report-later", &value);
        ck_assert_str_eq(value.event.source.id, "A:1");
}
END_TEST

START_TEST(the_other_kinds_are_read)
{
        CLEANUP(event_reader_drop) EventReader *reader = event_reader_new();
        EventValue value;

        fixture(reader, "registry", &value);
        ck_assert_int_eq(value.kind, KIND_REGISTRY);
        ck_assert_int_eq(value.event.position.method, POSITION_REGISTRY);
        fixture(reader, "warning", &value);
        ck_assert_int_eq(value.event.severity, SEVERITY_HIGH);
        fixture(reader, "health", &value);
        ck_assert_uint_eq(value.event.quality, QUALITY_CRC_BAD | QUALITY_LATE);
        fixture(reader, "tick", &value);
        ck_assert_str_eq(value.id, "tick:grid:01JD7K:5121");
        ck_assert_int_eq(value.tick.items, 1310);
        ck_assert_int_eq(value.tick.repeated, 96);
        ck_assert_str_eq(value.tick.source_state, "reading");
        ck_assert_int_eq(value.tick.lag, 0);
        fixture(reader, "tick-final", &value);
        ck_assert(value.tick.final);
        ck_assert_int_eq(value.tick.lag, -1);
}
END_TEST

START_TEST(every_command_is_read)
{
        static const char *const verbs[] = { "merge",  "split", "confirm", "reject", "assign", "dispatch", "dispose",
                                             "verify", "close", "reopen",  "note",   "apart",  "undo" };
        CLEANUP(event_reader_drop) EventReader *reader = event_reader_new();
        EventValue value;

        for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
                CLEANUP(mem_drop) char *name = text_format("command-%s", verbs[i]);

                fixture(reader, name, &value);
                ck_assert_int_eq(value.kind, KIND_COMMAND);
                ck_assert_str_eq(value.command.verb, verbs[i]);
                ck_assert_str_eq(value.command.by, "user:lin");
        }
        ck_assert_str_eq(value.command.args_command, "cmd:01JD0000000000000000000002");
        fixture(reader, "command-merge", &value);
        ck_assert_uint_eq(value.command.events_size, 2);
        ck_assert_str_eq(value.command.events[1], "p12::HLWG2023120500231:1");
        ck_assert_int_eq(value.command.expected_version, 7);
        ck_assert_str_eq(value.command.args, "{}");
}
END_TEST

#define EVENT_FRONT                                                                                                    \
        "{\"id\":\"p::A:1\",\"subject\":\"p::A\",\"kind\":\"warning\",\"platform\":\"p\",\"instance\":\"i\",\"zone\":" \
        "\"z\",\"severity\":\"high\","
#define EVENT_BACK                                                                                                     \
        "\"source\":{\"id\":\"A\",\"revision\":\"1\"},\"time\":{\"received\":\"2023-12-05T00:43:10.123Z\"},"           \
        "\"raw\":{\"sha256\":\"" SAMPLE_SHA "\"}}"

static void refuses(const char *text, const char *reason, const char *why)
{
        CLEANUP(event_reader_drop) EventReader *reader = event_reader_new();
        EventValue value;
        Error err = { 0 };

        ck_assert_msg(!event_read(reader, text, strlen(text), &value, &err), "accepted: %s", text);
        ck_assert_int_eq(err.kind, ERR_INPUT);
        ck_assert_str_eq(err.reason, reason);
        ck_assert_msg(strstr(err.text, why) != NULL, "\"%s\" does not say \"%s\"", err.text, why);
}

/* A registry row or the health of a device that names no object joins nothing; a warning without severity warns nobody. */
START_TEST(each_kind_has_what_it_needs)
{
        CLEANUP(event_reader_drop) EventReader *reader = event_reader_new();
        static const char *const kinds[] = { "registry", "health", "warning" };
        static const char *const without[] = { "", "\"objects\":[],", "\"objects\":[]," };
        static const char *const with[] = { "\"objects\":[{\"kind\":\"stall\",\"id\":\"417\"}],",
                                            "\"objects\":[{\"kind\":\"device\",\"id\":\"7\"}],",
                                            "\"severity\":\"low\"," };
        static const char front[] = "{\"id\":\"p::A:1\",\"subject\":\"p::A\",\"platform\":\"p\",\"instance\":\"i\","
                                    "\"zone\":\"z\",\"kind\":";
        Error err = { 0 };

        for (size_t i = 0; i < 3; i++) {
                CLEANUP(mem_drop) char *lacks = text_format("%s\"%s\",%s" EVENT_BACK, front, kinds[i], without[i]);
                CLEANUP(mem_drop) char *has = text_format("%s\"%s\",%s" EVENT_BACK, front, kinds[i], with[i]);
                EventValue value;

                refuses(lacks, "missing_field", i < 2 ? "objects" : "severity");
                ck_assert_msg(event_read(reader, has, strlen(has), &value, &err), "%s", err.text);
        }
}
END_TEST

START_TEST(a_closing_may_be_final)
{
        CLEANUP(event_reader_drop) EventReader *reader = event_reader_new();
        EventValue value;

        fixture(reader, "report-minimal", &value);
        ck_assert(!value.event.source.episodic);
        fixture(reader, "report-episodic", &value);
        ck_assert(value.event.source.episodic);
}
END_TEST

START_TEST(each_refusal_has_its_reason)
{
        CLEANUP(event_reader_drop) EventReader *reader = event_reader_new();
        EventValue value;
        Error err = { 0 };

        ck_assert_msg(event_read(reader, EVENT_FRONT EVENT_BACK, strlen(EVENT_FRONT EVENT_BACK), &value, &err), "%s",
                      err.text);
        refuses("", "not_json", "");
        refuses("{", "not_json", "");
        refuses("[]", "unknown_message", "is no object");
        refuses("{}", "missing_field", "kind");
        refuses("{\"kind\":7}", "bad_value", "kind");
        refuses("{\"kind\":\"rumour\"}", "unknown_message", "kind");
        refuses("{\"kind\":\"\"}", "unknown_message", "kind");
        refuses("{\"kind\":\"tick\",\"kind\":\"tick\"}", "duplicate_key", "");
        refuses("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "too_deep", "");
        refuses(EVENT_FRONT "\"title\":null," EVENT_BACK, "bad_value", "title: is no text");
        refuses(EVENT_FRONT "\"title\":\"\"," EVENT_BACK, "bad_value", "title");
        refuses(EVENT_FRONT "\"time\":{\"received\":\"2023-02-29T00:00:00.000Z\"}}", "missing_field", "source");
        refuses(EVENT_FRONT "\"valid\":{\"from\":\"2023-02-29T00:00:00.000Z\"}," EVENT_BACK, "bad_time", "valid: from");
        refuses(EVENT_FRONT "\"position\":{\"lon\":1,\"lat\":91,\"method\":\"gps\"}," EVENT_BACK, "bad_position",
                "position: lat");
        refuses(EVENT_FRONT "\"position\":{\"lon\":1,\"lat\":9}," EVENT_BACK, "missing_field", "position: method");
        refuses(EVENT_FRONT "\"objects\":[{\"kind\":\"plate\",\"id\":\"闽D12345\"}]," EVENT_BACK, "bad_value",
                "objects: a plate");
        refuses(EVENT_FRONT "\"reporter\":{\"id\":\"p1234567:a\"}," EVENT_BACK, "bad_value", "reporter: id");
        refuses(EVENT_FRONT "\"reporter\":{\"id\":\"13812345678\"}," EVENT_BACK, "bad_value", "reporter: id");
        refuses(EVENT_FRONT "\"quality\":[\"fine\"]," EVENT_BACK, "bad_value", "quality");
        refuses("{\"kind\":\"command\",\"id\":\"cmd:1\",\"zone\":\"z\",\"verb\":\"merge\",\"by\":\"u\",\"at\":\"2023-"
                "12-05T00:43:10.123Z\"}",
                "missing_field", "events");
}
END_TEST

START_TEST(a_value_over_64_kib_is_refused_unread)
{
        CLEANUP(event_reader_drop) EventReader *reader = event_reader_new();
        CLEANUP(mem_drop) char *text = mem_new(EVENT_VALUE_MOST + 2);
        EventValue value;
        Error err = { 0 };

        memset(text, ' ', EVENT_VALUE_MOST + 1);
        memcpy(text, EVENT_FRONT EVENT_BACK, strlen(EVENT_FRONT EVENT_BACK));
        ck_assert_msg(event_read(reader, text, EVENT_VALUE_MOST, &value, &err), "%s", err.text);
        ck_assert(!event_read(reader, text, EVENT_VALUE_MOST + 1, &value, &err));
        ck_assert_str_eq(err.reason, "too_large");
}
END_TEST

RUN("read", a_full_report_keeps_every_member, what_is_absent_reads_as_absent, the_other_kinds_are_read,
    every_command_is_read, each_kind_has_what_it_needs, a_closing_may_be_final, each_refusal_has_its_reason,
    a_value_over_64_kib_is_refused_unread)
