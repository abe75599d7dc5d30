#include "adapters/railway.h"
#include "adapters/list.h"
#include "hub/base/text.h"
#include "hub/dialect/fill.h"
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
 * Each is a state of (camera, rule, object) that begins and ends. Cameras send no position: the registry of towers has it.
 */

#define AT(member) offsetof(RailwayOptions, member)

static const Option table[] = {
        { "devices", OPTION_CUSTOM, AT(devices), .custom = &devices_option,
          .about = "registry of the towers' cameras: position, reach, place; without it no event has a position" },
        { "categories", OPTION_TABLE, AT(categories),
          .about = "rule or event type to our code (E0101), to a name of the shared table, or to none: no hazard here; "
                   "else E2128" },
        { "crs", OPTION_CUSTOM, AT(crs), .custom = &crs_option,
          .about = "system that the registry is meant to be in; a camera in another one is marked crs_assumed" },
        { "space", OPTION_TEXT, AT(space), .about = "id space, where there are several such services" },
};

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

void camera_fill(const Context *context, const char *const *names, size_t size, Event *event)
{
        const RailwayOptions *options = context->options;

        (void)place_device_of(options->devices, options->crs, names, size, OBJECT_CAMERA, event);
}

static bool times_fill(const Sighting *sighting, Event *event, Error *err)
{
        const bool begun = event->time.occurred != TIME_NONE;

        if (!sighting->time)
                return error_set(err, ERR_INPUT, "missing_field", "%s: missing", sighting->time_member);
        if (!time_read(sighting->time, &event->time.updated, &event->time.precision, err))
                return error_add(err, "%s", sighting->time_member);
        event->time.occurred = begun ? event->time.occurred : event->time.updated;
        event->time.closed = event->status.state == STATE_CLOSED ? event->time.updated : TIME_NONE;
        return true;
}

/* What ended is over: what comes after it under that name is another. What is old news must not hold back what is new. */
bool sighting_emit(const Context *context, const Sighting *sighting, Event *event, Error *err)
{
        const TextTable *codes = &context->options->categories;
        const char *mapped = sighting->rule ? table_get(codes, sighting->rule) : NULL;
        const bool closed = event->status.state == STATE_CLOSED;

        fill_mapped(sighting->rule, mapped, sighting->name, event);
        event->category.fallback = "E2128";
        if (text_is_one_of("none", mapped)) /* as the site says */
                return ignored(context->output, "no hazard here");
        if (!case_id_check(sighting->id_member, sighting->id, false, err) || !times_fill(sighting, event, err))
                return false;
        event->space = context->options->space;
        event->source.id = sighting->id;
        event->source.revision = arena_format(scratch(context->output), "%s-%s", sighting->word, sighting->time);
        event->source.channel = "camera";
        event->source.episodic = true;
        event->status.raw = sighting->word;
        event->quality |= sighting->resent ? QUALITY_LATE : 0;
        if (sighting->resent)
                return emit(context->output, event, err);
        if (closed && sighting->vague)
                return emit_end(context->output, event, "closed", err);
        return emit_change(context->output, event, sighting->moment ? sighting->time : closed ? "closed" : "open", err);
}

/* ---- ISAPI ---- */

/* The hardware's address stays where the network's changes; old firmware has a serial number alone. */
static void alert_names(const Context *context, const json_t *alert, Sighting *sighting, Event *event)
{
        const char *source = json_first(alert, "macAddress|deviceID|ipAddress|Extensions.serialNumber|channelName");
        const char *channel = json_first(alert, "channelID|dynChannelID"), *port = json_text(alert, "inputIOPortID");
        Arena *arena = scratch(context->output);
        const char *names[] = { channel ? arena_format(arena, "%s/%s", source, channel) : source, source,
                                json_text(alert, "ipAddress"), json_text(alert, "channelName") };

        sighting->id_member = "macAddress";
        if (!source)
                return;
        camera_fill(context, names, sizeof(names) / sizeof(names[0]), event);
        sighting->id = arena_format(arena, "%s/%s%s%s", names[0], sighting->rule, port ? "/" : "", port ? port : "");
}

/* Corners are thousandths of the picture, rectangles parts of it, both in one alert: neither is a place. */
static bool alert_translate(const Context *context, const json_t *alert, Error *err)
{
        const char *type = json_text(alert, "eventType"), *state = json_text(alert, "eventState");
        Sighting sighting = { .rule = type, .word = state, .time_member = "dateTime" };
        Event event;

        if (!type || !state)
                return error_set(err, ERR_INPUT, "missing_field", "%s: missing", type ? "eventState" : "eventType");
        if (!text_is_one_of("active|inactive", state))
                return error_set(err, ERR_INPUT, "bad_value", "eventState: neither active nor inactive");
        if (text_is_one_of(DEVICE_TYPES "|" CAPTURE_TYPES, type))
                return ignored(context->output,
                               text_is_one_of(CAPTURE_TYPES, type) ? "capture"
                               : text_is_one_of("videoloss|heartBeat", type) && text_is_one_of("inactive", state)
                                       ? "heartbeat"
                                       : "the device's own state");
        event_init(&event, KIND_REPORT);
        event.status.state = text_is_one_of("active", state) ? STATE_RECEIVED : STATE_CLOSED;
        event.description = json_text(alert, "eventDescription");
        sighting.time = json_text(alert, "dateTime");
        sighting.resent = json_flag(alert, "isDataRetransmission");
        alert_names(context, alert, &sighting, &event);
        media_text(json_text(alert, "bkgUrl"), scratch(context->output), &event);
        return sighting_emit(context, &sighting, &event, err);
}

/* ---- iSecure ---- */

/* What the centre has its clients read out: JSON in a text, under a name that the vendor misspells. */
static const char *spoken(const json_t *item, Arena *arena)
{
        const json_t *action, *actions = json_at(item, "linkageAcion");
        const char *said = NULL;
        size_t i;

        json_array_foreach(actions ? actions : json_at(item, "linkageAction"), i, action) {
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

static void item_names(const Context *context, const json_t *item, Sighting *sighting, Event *event)
{
        const bool rule = text_is_one_of("eventRule", json_text(item, "srcType"));
        const char *names[] = { json_text(item, "eventDetails.0.srcIndex"), json_text(item, "eventDetails.0.srcName"),
                                rule ? NULL : json_text(item, "srcIndex") };

        camera_fill(context, names, sizeof(names) / sizeof(names[0]), event);
        if (!event->place.address)
                event->place.address = json_text(item, "eventDetails.0.locationName");
        sighting->id_member = "eventId";
        sighting->id = json_text(item, "eventId");
        sighting->rule = json_first(item, "eventDetails.0.eventType|eventType");
        sighting->name = json_text(item, "eventName");
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
        static const EventSeverity levels[] = { SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH };
        const char *status = json_text(item, "status"), *level = json_text(item, "eventLvl");
        const char *begun = item_time(item, "happenTime", scratch(output)),
                   *stopped = item_time(item, "stopTime", scratch(output));
        const bool ended = text_is_one_of("2", status);
        Sighting sighting = { .word = status, .moment = text_is_one_of("0", status), .time_member = "happenTime" };
        Error unread = { 0 };
        Event event;

        if (!item_number(of, item, scratch(output)))
                return error_set(err, ERR_INPUT, "unknown_message", "eventId: missing");
        if (!text_is_one_of("0|1|2|3|4|5|8", status))
                return error_set(err, ERR_INPUT, status ? "bad_value" : "missing_field", "status: unknown");
        if (text_is_one_of("4|5|8", status))
                return ignored(output, "note on an event");
        event_init(&event, KIND_REPORT);
        event.status.state = ended ? STATE_CLOSED : STATE_RECEIVED;
        event.severity = text_is_one_of("1|2|3", level) ? levels[*level - '1'] : SEVERITY_NONE;
        event.title = json_text(item, "eventName");
        event.description = spoken(item, scratch(output));
        sighting.time = ended && stopped ? stopped : begun;
        if (ended && begun && !time_read(begun, &event.time.occurred, NULL, &unread))
                event.quality |= QUALITY_PARTIAL;
        item_names(of, item, &sighting, &event);
        return sighting_emit(of, &sighting, &event, err);
}

/* ---- all three ---- */

/* Who pushes is told in its own words that it is taken, also what is set aside: it is kept, and not to be sent again. */
static bool document_translate(const Context *context, const json_t *document, Error *err)
{
        static const PageForm form = { .number = item_number, .translate = item_translate, .lists = "params.events" };
        const json_t *alert = json_at(document, "EventNotificationAlert");

        if (!json_is_object(document))
                return error_set(err, ERR_INPUT, "bad_value", "no object");
        if (json_at(document, "UtcTime") || (json_at(document, "Source") && json_at(document, "Data")))
                return onvif_translate(context, document, err);
        if (alert || json_at(document, "eventState")) {
                reply_text(context->output, 200, "application/xml", XML_TAKEN);
                return alert_translate(context, alert ? alert : document, err);
        }
        if (!text_is_one_of("OnEventNotify", json_text(document, "method")) && !item_number(NULL, document, NULL))
                return error_set(err, ERR_INPUT, "unknown_message", "neither ONVIF, ISAPI nor iSecure");
        reply_text(context->output, 200, "application/json", JSON_TAKEN);
        return page_translate(&form, NULL, context, document, context->output, err);
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
        const Context context = { of, record, output };

        if (record->size == 0)
                return onvif_translate(&context, NULL, err);
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
        .size = sizeof(RailwayOptions),
        .translate = translate,
};
