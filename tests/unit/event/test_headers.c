#include "hub/event/headers.h"
#include "tests/unit/base/run.h"
#include "tests/unit/event/sample.h"

#include <string.h>

static const char *value_of(const KafkaHeader *headers, size_t size, const char *key)
{
        for (size_t i = 0; i < size; i++)
                if (strcmp(headers[i].key, key) == 0) {
                        ck_assert_uint_eq(headers[i].size, strlen(headers[i].value));
                        return headers[i].value;
                }
        return NULL;
}

START_TEST(an_event_says_what_it_is_without_its_value)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        KafkaHeader headers[EVENT_HEADERS_MOST];
        Event event = sample_event(KIND_REPORT);
        size_t size = event_headers(&event, "01JD", 7, arena, headers);

        ck_assert_uint_eq(size, 13);
        ck_assert_str_eq(value_of(headers, size, "ce_specversion"), "1.0");
        ck_assert_str_eq(value_of(headers, size, "ce_id"), "p12::A1:1");
        ck_assert_str_eq(value_of(headers, size, "ce_source"), "/350206/p12/grid");
        ck_assert_str_eq(value_of(headers, size, "ce_type"), "cn.huli.hub.report.v1");
        ck_assert_str_eq(value_of(headers, size, "ce_time"), "2023-12-05T00:42:10.000Z");
        ck_assert_str_eq(value_of(headers, size, "ce_recordedtime"), "2023-12-05T00:43:10.123Z");
        ck_assert_str_eq(value_of(headers, size, "ce_subject"), "p12::A1");
        ck_assert_str_eq(value_of(headers, size, "ce_partitionkey"), "350206");
        ck_assert_str_eq(value_of(headers, size, "ce_dataschema"),
                         "https://hub.huli.example/schemas/event.schema.json");
        ck_assert_str_eq(value_of(headers, size, "content-type"), "application/json");
        ck_assert_str_eq(value_of(headers, size, "hub_run"), "01JD");
        ck_assert_str_eq(value_of(headers, size, "hub_seq"), "7");
}
END_TEST

/* A resend within a run keeps its headers; a trace of zeros would be invalid. */
START_TEST(a_trace_belongs_to_run_and_number)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        KafkaHeader one[EVENT_HEADERS_MOST], again[EVENT_HEADERS_MOST], next[EVENT_HEADERS_MOST];
        Event event = sample_event(KIND_REPORT);
        size_t size = event_headers(&event, "01JD", 7, arena, one);
        const char *trace = value_of(one, size, "traceparent");

        event_headers(&event, "01JD", 7, arena, again);
        event_headers(&event, "01JD", 8, arena, next);
        ck_assert_str_eq(trace, value_of(again, size, "traceparent"));
        ck_assert_str_ne(trace, value_of(next, size, "traceparent"));
        ck_assert_uint_eq(strlen(trace), 55);
        ck_assert_int_eq(strncmp(trace, "00-", 3), 0);
        ck_assert_str_eq(trace + 52, "-01");
        ck_assert_uint_eq(strspn(trace + 3, "0123456789abcdef"), 32);
        ck_assert_uint_eq(strspn(trace + 36, "0123456789abcdef"), 16);
        ck_assert_int_ne(strncmp(trace + 3, trace + 36, 16), 0);
}
END_TEST

START_TEST(a_command_carries_no_run)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        KafkaHeader headers[EVENT_HEADERS_MOST];
        size_t size =
                event_headers_plain("command", "cmd:1", "/350206/command", "350206", NULL, 0, NULL, 0, arena, headers);

        ck_assert_ptr_null(value_of(headers, size, "hub_run"));
        ck_assert_ptr_null(value_of(headers, size, "hub_seq"));
        ck_assert_ptr_null(value_of(headers, size, "ce_subject"));
        ck_assert_ptr_nonnull(value_of(headers, size, "traceparent"));
        size = event_headers_plain("incident", "i-1", "/350206/relay", "350206", "i-1", 0, "R", 1, arena, headers);
        ck_assert_str_eq(value_of(headers, size, "ce_dataschema"),
                         "https://hub.huli.example/schemas/incident.schema.json");
        ck_assert_str_eq(value_of(headers, size, "ce_time"), "1970-01-01T00:00:00.000Z");
}
END_TEST

RUN("headers", an_event_says_what_it_is_without_its_value, a_trace_belongs_to_run_and_number, a_command_carries_no_run)
