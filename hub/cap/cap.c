#include "hub/cap/cap.h"

#include "hub/base/json.h"
#include "hub/base/text.h"

#include <string.h>
#include <strings.h>

#define BLANKS " \t\r\n"

static const XmlSpace spaces[] = { { "urn:oasis:names:tc:emergency:cap:1.2", "" },
                                   { "urn:oasis:names:tc:emergency:cap:1.1", "" },
                                   { "http://www.incident.com/cap/1.0", "" },
                                   { 0 } };
const XmlForm cap_xml = { .spaces = spaces, .lists = "alert info area polygon circle geocode entry item content" };

const SeverityWords cap_severities[] = {
        { "Minor|Standard|Blue|White|蓝色|蓝|白色|IV|Ⅳ|IV级|Ⅳ级|一般", SEVERITY_LOW },
        { "Moderate|Yellow|黄色|黄|III|Ⅲ|III级|Ⅲ级|较重|较大", SEVERITY_MEDIUM },
        { "Severe|Major|Orange|橙色|橙|II|Ⅱ|II级|Ⅱ级|严重|重大", SEVERITY_HIGH },
        { "Extreme|Red|Black|红色|红|I|Ⅰ|I级|Ⅰ级|特别严重|特别重大", SEVERITY_CRITICAL },
        { 0 },
};

EventSeverity cap_colour(const char *text)
{
        static const char *const colours[] = { "红色", "橙色", "黄色", "蓝色" };

        for (size_t i = 0; text && i < sizeof(colours) / sizeof(colours[0]); i++)
                if (strstr(text, colours[i]))
                        return severity_words_find(cap_severities, colours[i]);
        return SEVERITY_NONE;
}

const char *cap_silence(const json_t *alert)
{
        const char *status = json_text(alert, "status"), *type = json_text(alert, "msgType");

        if (status && !text_is_one_of("Actual", status)) /* GB/T 35965.1: who says nothing means it */
                return "not actual";
        return text_is_one_of("Ack|Error", type) ? "answer of a system" : NULL;
}

/* A word without comma is the rest of a time: "2023-09-04 11:30:00+08:00", GB/T 35965.1. */
const char *cap_first(const char *at, int64_t zone_ms, Arena *arena)
{
        int64_t earliest = TIME_NONE, ms;
        const char *first = NULL;
        Error unread;

        if (at && !strchr(at, ','))
                return arena_copy(arena, at, strcspn(at, BLANKS));
        for (size_t size; at && *at; at += size) {
                char *identifier, *sent;

                at += strspn(at, BLANKS);
                size = strcspn(at, BLANKS);
                identifier = strchr(arena_copy(arena, at, size), ',');
                if (!identifier)
                        continue;
                sent = strchr(++identifier, ',');
                if (sent)
                        *sent++ = '\0';
                if (!sent || !time_read_in(sent, zone_ms, &ms, NULL, &unread))
                        ms = TIME_NONE;
                if (*identifier && (!first || (ms != TIME_NONE && ms < earliest))) {
                        first = identifier;
                        earliest = ms;
                }
        }
        return first;
}

const json_t *cap_info(const json_t *alert, const char *wanted)
{
        const json_t *info, *chosen = NULL;
        int best = -1;
        size_t i;

        json_array_foreach(json_at(alert, "info"), i, info) {
                const char *lang = json_text(info, "language");
                int rank = (int)severity_words_find(cap_severities, json_text(info, "severity"));

                if (strncasecmp(lang ? lang : "en-US", wanted, strlen(wanted)) == 0)
                        rank += SEVERITY_CRITICAL + 1;
                if (rank > best) {
                        best = rank;
                        chosen = info;
                }
        }
        return chosen;
}

const char *cap_lang(const json_t *info)
{
        const char *lang = json_text(info, "language");
        size_t size = lang ? strspn(lang, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_") : 0;

        return size > 0 && size <= 35 && !lang[size] ? lang : NULL;
}
