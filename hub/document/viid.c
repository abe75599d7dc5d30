#include "hub/document/viid.h"

#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/document/reply.h"

#include <string.h>
#include <strings.h>

enum { LOCAL_TIME_SIZE = 15 };

/* 20231205084210 */
static const char *local_time(const Record *record, char out[LOCAL_TIME_SIZE])
{
        char text[TIME_TEXT_SIZE];

        time_text(record->received_ms + TIME_CHINA_MS, text);
        snprintf(out, LOCAL_TIME_SIZE, "%.4s%.2s%.2s%.2s%.2s%.2s", text, text + 5, text + 8, text + 11, text + 14,
                 text + 17);
        return out;
}

json_t *viid_status(const Record *record, const char *id, const char *code, const char *said)
{
        const char *path = record->channel && *record->channel == '/' ? record->channel : "";
        char now[LOCAL_TIME_SIZE];

        return json_pack("{ss ss ss ss ss}", "Id", id ? id : "", "RequestURL", path, "StatusCode", code, "StatusString",
                         said, "LocalTime", local_time(record, now));
}

static void answer(Output *output, json_t *told)
{
        reply_json(output, 200, "application/VIID+JSON", told);
}

void viid_tell(Output *output, json_t *status)
{
        answer(output, json_pack("{so}", "ResponseStatusObject", status));
}

void viid_tell_all(Output *output, const json_t *statuses, bool is_service)
{
        if (is_service)
                answer(output, json_pack("{sO}", "ResponseStatusObject", json_array_get(statuses, 0)));
        else
                answer(output, json_pack("{s{sO}}", "ResponseStatusListObject", "ResponseStatusObject", statuses));
}

bool viid_question(const char *server_id, const Record *record, Output *output)
{
        const bool is_get = text_same(record->method, "GET");
        char now[LOCAL_TIME_SIZE];

        if (!is_get && !text_same(record->method, "DELETE"))
                return false;
        ignored(output, is_get ? "question" : "deletion");
        if (!is_get || !record->channel || strcasecmp(record->channel, "/VIID/System/Time") != 0)
                viid_tell(output, viid_status(record, NULL, is_get ? "4" : "0", is_get ? "Invalid Operation" : "OK"));
        else
                answer(output,
                       json_pack("{s{ss ss ss ss}}", "SystemTimeObject", "VIIDServerID", server_id ? server_id : "",
                                 "TimeMode", "1", "LocalTime", local_time(record, now), "TimeZone", "+08:00"));
        return true;
}
