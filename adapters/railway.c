#include "adapters/railway.h"
#include "adapters/list.h"
#include "hub/base/text.h"
#include "hub/dialect/words.h"
#include "hub/document/media.h"
#include "hub/document/page.h"
#include "hub/document/parts.h"
#include "hub/document/record.h"
#include "hub/document/reply.h"

#include <string.h>

/*
 * Platform 10, the district's AI cameras on high towers along the railway, a service that it buys. Three dialects, told apart by what
 * is in them:
 *
 * ONVIF's JSON events over MQTT (Core Specification, "Event Broker"): PREFIX/onvif-ej/TOPIC/&VALUES, {"UtcTime", "Source": {},
 * "Data": {}}. Hikvision's ISAPI: EventNotificationAlert, XML or JSON, pushed, alone or among pictures. iSecure Center's webhook:
 * {"method": "OnEventNotify", "params": {"events": []}}.
 *
 * Each is a state of (camera, rule, object) that begins and ends (hub/camera/sighting.h). Over 300 lines, for they are three protocols.
 */

static const Option table[] = { { .type = OPTION_PART, .part = sighting_options } };

#define JSON_TAKEN "{\"code\":\"0\",\"msg\":\"success\"}"
#define XML_TAKEN                                                                                                      \
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ResponseStatus version=\"2.0\" "                                 \
        "xmlns=\"http://www.isapi.org/ver20/XMLSchema\"><requestURL>/</requestURL><statusCode>1</statusCode>"          \
        "<statusString>OK</statusString><subStatusCode>ok</subStatusCode></ResponseStatus>\n"

/* What a camera says of itself, and whom it saw: no hazard, and not ours to keep. */
#define DEVICE_TYPES                                                                                                   \
        "heartBeat|videoloss|shelteralarm|tamperdetection|badvideo|defocus|scenechangedetection|diskfull|"             \
        "diskerror|diskUnformat|hdError|nicbroken|ipconflict|illAccess|recordException|videomismatch"
#define CAPTURE_TYPES "ANPR|faceCapture|facesnap|facedetection|mixedTargetDetection|alarmResult|peopleCounting"

static const XmlSpace spaces[] = { { "http://www.hikvision.com/ver20/XMLSchema", "" },
                                   { "http://www.hikvision.com/ver10/XMLSchema", "" },
                                   { "http://www.isapi.org/ver20/XMLSchema", "" },
                                   { "http://www.std-cgi.com/ver20/XMLSchema", "" },
                                   { "urn:psialliance-org", "" },
                                   { "urn:selfextension:psiaext-ver10-xsd", "" },
                                   { 0 } };
static const XmlForm xml = { .spaces = spaces };

/* ---- ISAPI ---- */

/* The hardware's address stays where the network's changes; old firmware has a serial number alone. */
static void alert_names(const json_t *alert, Sighting *sighting)
{
        const char *source = json_first(alert, "macAddress|deviceID|ipAddress|Extensions.serialNumber|channelName");
        const char *channel = json_first(alert, "channelID|dynChannelID"), *port = json_text(alert, "inputIOPortID");
        const char *names[] = { channel ? arena_format(sighting->arena, "%s/%s", source, channel) : source, source,
                                json_text(alert, "ipAddress"), json_text(alert, "channelName") };

        if (!source)
                return;
        sighting_place(sighting, names, sizeof(names) / sizeof(names[0]));
        sighting->id =
                arena_format(sighting->arena, "%s/%s%s%s", names[0], sighting->rule, port ? "/" : "", port ? port : "");
}

/* Corners are thousandths of the picture, rectangles parts of it, both in one alert: neither is a place. */
static bool alert_translate(const SightingOptions *options, const json_t *alert, Output *output, Error *err)
{
        static const SightingForm form = { "macAddress", "dateTime", RAILWAY_HAZARD };
        const char *type = json_text(alert, "eventType"), *state = json_text(alert, "eventState");
        const bool on = text_is_one_of("active", state);
        Sighting sighting = sighting_begin(&form, options, output);

        if (!type || !state)
                return error_set(err, ERR_INPUT, "missing_field", "%s: missing", type ? "eventState" : "eventType");
        if (!on && !text_is_one_of("inactive", state))
                return error_set(err, ERR_INPUT, "bad_value", "eventState: neither active nor inactive");
        if (text_is_one_of(CAPTURE_TYPES, type))
                return ignored(output, "capture");
        if (text_is_one_of(DEVICE_TYPES, type))
                return ignored(output, !on && text_is_one_of("videoloss|heartBeat", type) ? "heartbeat"
                                                                                          : "the device's own state");
        sighting.rule = type;
        sighting.word = state;
        sighting.time = json_text(alert, "dateTime");
        sighting.resent = json_flag(alert, "isDataRetransmission");
        sighting.event.status.state = on ? STATE_RECEIVED : STATE_CLOSED;
        sighting.event.description = json_text(alert, "eventDescription");
        alert_names(alert, &sighting);
        media_text(json_text(alert, "bkgUrl"), sighting.arena, &sighting.event);
        return sighting_emit(&sighting, err);
}

/* ---- iSecure ---- */

/* What the centre has its clients read out: JSON in a text, under a name that the vendor misspells. */
static const char *spoken(const json_t *item, Arena *arena)
{
        const json_t *action, *actions = json_find(item, "linkageAcion|linkageAction", NULL);
        const char *said = NULL;
        size_t i;

        json_array_foreach(actions, i, action) {
                const char *content = json_text(action, "content");
                Error unread = { 0 };
                CLEANUP(json_drop) json_t *read = content ? json_read(content, strlen(content), &unread) : NULL;

                if (json_text(read, "soundText"))
                        said = arena_format(arena, "%s", json_text(read, "soundText"));
        }
        return said;
}

/* 2018-08-15T 15:53:47.000+08:00, as the manual prints it, too. */
static const char *item_time(const json_t *item, const char *member, Arena *arena)
{
        const char *text = json_text(item, member), *gap = text ? strstr(text, "T ") : NULL;

        return gap ? arena_format(arena, "%.*s%s", (int)(gap + 1 - text), text, gap + 2) : text;
}

static void item_names(const json_t *item, Sighting *sighting)
{
        const bool rule = text_is_one_of("eventRule", json_text(item, "srcType"));
        const char *names[] = { json_text(item, "eventDetails.0.srcIndex"), json_text(item, "eventDetails.0.srcName"),
                                rule ? NULL : json_text(item, "srcIndex") };
        Event *event = &sighting->event;

        sighting_place(sighting, names, sizeof(names) / sizeof(names[0]));
        if (!event->place.address)
                event->place.address = json_text(item, "eventDetails.0.locationName");
        sighting->id = json_text(item, "eventId");
        sighting->rule = json_first(item, "eventDetails.0.eventType|eventType");
        sighting->name = event->title = json_text(item, "eventName");
}

static void item_times(const json_t *item, bool ended, Sighting *sighting)
{
        const char *begun = item_time(item, "happenTime", sighting->arena),
                   *stopped = ended ? item_time(item, "stopTime", sighting->arena) : NULL;
        Event *event = &sighting->event;

        sighting->time = stopped ? stopped : begun;
        event->time.occurred = ended ? time_or_none(begun, TIME_CHINA_MS) : TIME_NONE;
        if (ended && begun && event->time.occurred == TIME_NONE)
                event->quality |= QUALITY_PARTIAL;
}

static const char *item_number(const void *of, const json_t *item, Arena *arena)
{
        (void)of;
        (void)arena;
        return json_text(item, "eventId") ? json_text(item, "eventId") : json_at(item, "eventDetails") ? "" : NULL;
}

/* Status 0 is over at once; 1 and 3 last; 2 ends; 4, 5 and 8 speak of what was switched on, of pictures and notes. */
static bool item_translate(const void *of, const json_t *item, Output *output, Error *err)
{
        static const SeverityWords levels[] = {
                { "1", SEVERITY_LOW }, { "2", SEVERITY_MEDIUM }, { "3", SEVERITY_HIGH }, { 0 }
        };
        static const SightingForm form = { "eventId", "happenTime", RAILWAY_HAZARD };
        const char *status = json_text(item, "status");
        const bool ended = text_is_one_of("2", status);
        Sighting sighting = sighting_begin(&form, of, output);

        if (!item_number(of, item, sighting.arena))
                return error_set(err, ERR_INPUT, "unknown_message", "eventId: missing");
        if (!text_is_one_of("0|1|2|3|4|5|8", status))
                return error_set(err, ERR_INPUT, status ? "bad_value" : "missing_field", "status: unknown");
        if (text_is_one_of("4|5|8", status))
                return ignored(output, "note on an event");
        sighting.word = status;
        sighting.moment = text_is_one_of("0", status);
        sighting.event.status.state = ended ? STATE_CLOSED : STATE_RECEIVED;
        sighting.event.severity = severity_words_find(levels, json_text(item, "eventLvl"));
        sighting.event.description = spoken(item, sighting.arena);
        item_times(item, ended, &sighting);
        item_names(item, &sighting);
        return sighting_emit(&sighting, err);
}

/* ---- all three ---- */

typedef struct {
        const SightingOptions *options;
        Output *output;
} Context;

/* Who pushes is told in its own words that it is taken, also what is set aside: it is kept, and not to be sent again. */
static bool document_translate(const Context *context, const json_t *document, Error *err)
{
        static const PageForm form = { .number = item_number, .translate = item_translate, .lists = "params.events" };
        const json_t *alert = json_at(document, "EventNotificationAlert");

        if (!json_is_object(document))
                return error_set(err, ERR_INPUT, "bad_value", "no object");
        if (json_at(document, "UtcTime") || (json_at(document, "Source") && json_at(document, "Data")))
                return onvif_translate(context->options, document, context->output, err);
        if (alert || json_at(document, "eventState")) {
                reply_text(context->output, 200, "application/xml", XML_TAKEN);
                return alert_translate(context->options, alert ? alert : document, context->output, err);
        }
        if (!text_is_one_of("OnEventNotify", json_text(document, "method")) && !item_number(NULL, document, NULL))
                return error_set(err, ERR_INPUT, "unknown_message", "neither ONVIF, ISAPI nor iSecure");
        reply_text(context->output, 200, "application/json", JSON_TAKEN);
        return page_translate(&form, NULL, context->options, document, context->output, err);
}

/* Nobody who pushes can be asked again. */
static bool record_one(const void *of, const Record *record, Error *err)
{
        const Context *context = of;
        CLEANUP(json_drop) json_t *document = record_read(record, &xml, context->output, err);

        if (!document)
                err->kind = ERR_INPUT;
        return document && document_translate(context, document, err);
}

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        const Context context = { of, output };

        if (record->size == 0)
                return onvif_translate(of, NULL, output, err);
        if (parts_are_there(record))
                return parts_translate(record, output, record_one, &context, err);
        return record_one(&context, record, err);
}

const Adapter railway = {
        .name = "railway",
        .about = "AI cameras along the railway: ONVIF's JSON over MQTT, Hikvision's alerts and iSecure's webhook",
        .platform = "p10",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(SightingOptions),
        .translate = translate,
};
