#include "hub/document/cloudevent.h"

#include "hub/base/text.h"
#include "tests/unit/dialect/output.h"

#define ENVELOPE "\"specversion\": \"1.0\", \"id\": \"1\", \"source\": \"/x\", \"type\": \"t\""

/* The case's number, or the reason of the refusal. */
static void open_check(const char *content_type, const char *text, const char *number, const char *reason,
                       const char *said)
{
        static const RecordHeader headers[] = { { "ce_time", "2023-12-05T01:00:00Z" }, { 0 } };
        Record record = { .content_type = content_type, .headers = headers };
        CLEANUP(json_drop) json_t *owned = NULL;
        Error err = { 0 };
        CLEANUP(json_drop) json_t *document = json_read(text, strlen(text), &err);
        const char *time = NULL;
        const json_t *data = cloudevent_open(&record, document, &owned, &time, &err);

        ck_assert_msg((data != NULL) == (reason == NULL), "%s", text);
        if (data)
                ck_assert_str_eq(json_text(data, "no"), number);
        else
                ck_assert_str_eq(err.reason, reason);
        if (said)
                ck_assert_str_eq(time, said);
}

START_TEST(the_case_is_found_in_every_mode)
{
        open_check("application/json", "{\"no\": 7}", "7", NULL, "2023-12-05T01:00:00Z");
        open_check(NULL, "{" ENVELOPE ", \"time\": \"2023-12-05T02:00:00Z\", \"data\": {\"no\": 7}}", "7", NULL,
                   "2023-12-05T02:00:00Z");
        open_check("application/cloudevents+json", "{" ENVELOPE ", \"data\": \"{\\\"no\\\": 7}\"}", "7", NULL, NULL);
}
END_TEST

START_TEST(a_bad_envelope_is_refused)
{
        open_check("application/cloudevents+json", "{\"no\": 7}", NULL, "missing_field", NULL);
        open_check(NULL, "{\"specversion\": \"1.0\", \"id\": \"1\", \"data\": {}}", NULL, "missing_field", NULL);
        open_check(NULL, "{\"specversion\": \"2.0\", \"id\": \"1\", \"source\": \"/x\", \"type\": \"t\", \"data\": {}}",
                   NULL, "unsupported", NULL);
        open_check(NULL, "{" ENVELOPE "}", NULL, "missing_field", NULL);
        open_check(NULL, "{" ENVELOPE ", \"data\": null}", NULL, "missing_field", NULL);
        open_check(NULL, "{" ENVELOPE ", \"data_base64\": \"e30=\"}", NULL, "unsupported", NULL);
        open_check(NULL, "{" ENVELOPE ", \"datacontenttype\": \"text/xml\", \"data\": \"<a/>\"}", NULL, "unsupported",
                   NULL);
        open_check(NULL, "{" ENVELOPE ", \"data\": \"{\"}", NULL, "not_json", NULL);
}
END_TEST

RUN("cloudevent", the_case_is_found_in_every_mode, a_bad_envelope_is_refused)
