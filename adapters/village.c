#include "adapters/list.h"
#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/dialect/case.h"
#include "hub/dialect/place.h"
#include "hub/document/media.h"
#include "hub/document/page.h"
#include "hub/document/record.h"
#include "hub/document/viid.h"

#include <string.h>

/*
 * Platform 11, urban villages: GA/T 1400 (VIID), the public security's video and image library, pushed over HTTP. Devices register,
 * keep alive and send what their cameras took; the library tells of what was looked for (GA/T 1400.3, DispositionNotification) and
 * of what people do (VideoLabel, EventSort of table B.3.51). Only those warnings are events. Captures of faces and vehicles are no
 * business of ours: they are answered, counted as ignored and never kept, whatever is wrong with them.
 *
 * Objects are known by their members, not by the list around them: FaceListObject, FaceObjectList, an array alone and one object
 * alone are the same. Names count without their case. Ids of persons and faces leave as hashes, pictures as theirs.
 * Over 300 lines, as the standard has seventeen kinds of objects, and lists of each in three spellings.
 */

typedef struct {
        CaseOptions of;
        Devices *devices;
        Crs crs;
        TextTable alerts;
        char *server_id;
} VillageOptions;

#define AT(member) offsetof(VillageOptions, member)

static bool alerts_check(const char *name, const void *of, Error *err)
{
        const TextTable *alerts = of;

        for (size_t i = 0; i < alerts->size; i++) {
                const char *key = alerts->keys[i], *slash = strchr(key, '/');

                if (!slash || slash == key || !slash[1])
                        return error_set(err, ERR_FATAL, NULL, "%s: \"%s\" is nothing such as eventsort/22", name, key);
        }
        return codes_check(name, alerts, err);
}

static const Option table[] = {
        { .type = OPTION_PART, .offset = AT(of), .part = case_options },
        { "devices", OPTION_CUSTOM, AT(devices), .custom = &devices_option, .flags = OPTION_REQUIRED,
          .about = "registry of the cameras and tollgates (DeviceID, TollgateID): position, field of view, place" },
        { "crs", OPTION_CUSTOM, AT(crs), .custom = &crs_option,
          .about = "system that the registry is meant to be in; a device in another one is marked crs_assumed" },
        { "alerts", OPTION_TABLE, AT(alerts), .check = alerts_check,
          .about = "what makes a capture or a label a warning, member/value in small letters to our code: "
                   "drivingstatuscode/1039: E0505" },
        { "server_id", OPTION_TEXT, AT(server_id),
          .about = "our own number of 20 digits, told with the time (VIIDServerID)" },
};

static const XmlForm names = { .fold = true, .inlined = true };

static const StatusWords words[] = { { "1|2|add|change", STATE_RECEIVED }, { "3|delete", STATE_DELETED }, { 0 } };

/* Of a warning or a label, and of what the camera saw. */
static const CaseMember members[] = {
        { "notificationid|videolabelid", CASE_ID },
        { "executeoperation", CASE_STATUS },
        { "eventsort|evensort|dispositionid", CASE_CATEGORY_CODE },
        { "title", CASE_TITLE },
        { "triggertime|createtimeabs", CASE_REPORTED },
        { "behaviorbegintime|passtime|shottime|faceappeartime|personappeartime|occuredtime", CASE_OCCURRED },
        { "behaviorendtime", CASE_CLOSED },
        { "nameofpassedroad", CASE_ADDRESS },
        { "imagepath", CASE_MEDIA },
        { 0 },
};

static const CaseForm form = {
        .members = members, .words = words, .state = STATE_RECEIVED, .closed_says_so = true, .fallback = "E2123"
};

/* EventSort: somebody does something, and what it is called. */
static const char *const behaviours[][2] = {
        { "3", "打架" },      { "4", "快速奔跑" },  { "19", "绊线检测" },   { "20", "入侵检测" },
        { "21", "逆行检测" }, { "22", "徘徊检测" }, { "23", "遗留物检测" }, { "24", "目标移除检测" },
};

/* ---- what an object is ---- */

typedef enum { LABEL, VEHICLE, PERSON, PICTURE, DIRECTORY, SERVICE, NOTIFICATION, WARNING, NOTHING } Kind;

/* By the first of these numbers that it has, and what it is counted as where it is no warning. */
static const struct {
        const char *numbers, *counted;
} kinds[] = {
        [LABEL] = { "videolabelid", "capture" },
        [VEHICLE] = { "motorvehicleid|nonmotorvehicleid", "capture" },
        [PERSON] = { "faceid|personid", "capture" },
        [PICTURE] = { "thingid|sceneid|imageid|videoid|fileid", "capture" },
        [DIRECTORY] = { "apeid|laneid|tollgateid|apsid|subscribeid|dispositionid", "administration" },
        [SERVICE] = { "deviceid", "keepalive" },
};

typedef struct {
        Kind kind;
        const char *id;
} Known;

/* What a warning is about. */
static const json_t *target_of(const json_t *object)
{
        static const char *const targets[] = { "motorvehicleobject", "nonmotorvehicleobject", "faceobject",
                                               "personobject", "behavioranalysisobject" };

        for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
                if (json_object_size(json_object_get(object, targets[i])))
                        return json_object_get(object, targets[i]);
        return NULL;
}

/* A notification of a subscription has lists of objects, that of a warning has the object itself. */
static Known know(const json_t *object)
{
        const char *id = json_text(object, "notificationid"), *label = json_text(object, kinds[LABEL].numbers);

        if (label)
                return (Known){ LABEL, label };
        if (target_of(object) || (id && json_text(object, "dispositionid")))
                return (Known){ WARNING, id };
        if (id)
                return (Known){ NOTIFICATION, id };
        for (Kind kind = VEHICLE; kind <= SERVICE; kind++)
                if ((id = json_first(object, kinds[kind].numbers)))
                        return (Known){ kind, id };
        return (Known){ NOTHING, NULL };
}

/* The site's code of what makes an object a warning; NULL: nothing does. */
static const char *alert_of(const VillageOptions *options, const json_t *object, Arena *arena)
{
        for (size_t i = 0; i < options->alerts.size; i++) {
                const char *key = options->alerts.keys[i], *slash = strchr(key, '/');

                if (text_same(json_text(object, arena_copy(arena, key, (size_t)(slash - key))), slash + 1))
                        return options->alerts.values[i];
        }
        return NULL;
}

static const char *behaviour_of(const json_t *label)
{
        const char *sort = json_first(label, "eventsort|evensort");

        for (size_t i = 0; i < sizeof(behaviours) / sizeof(behaviours[0]); i++)
                if (text_same(sort, behaviours[i][0]))
                        return behaviours[i][1];
        return NULL;
}

/* ---- a warning ---- */

static const char *hash(const char *text, Arena *arena)
{
        return text ? sha256_digits(text, strlen(text), 32, arena) : NULL;
}

/*
 * A camera whose clock was never set says 1970 or 1998, a re-publication whose members moved "512". So the moment of the picture
 * counts where it is of this standard's time (2017, and some years of drafts) and near the warning's own, else the warning's.
 */
static void moment_choose(const VillageOptions *options, Case *found)
{
        const int64_t first = INT64_C(1262304000000) /* 2010-01-01 */, day = INT64_C(24) * 3600 * 1000;
        const char *seen = found->texts[CASE_OCCURRED], *told = found->texts[CASE_REPORTED];
        const int64_t seen_ms = time_or_none(seen, options->of.zone_ms),
                      told_ms = time_or_none(told, options->of.zone_ms);
        const bool is_told = told_ms >= first;

        if (seen_ms >= first && (!is_told || (seen_ms - told_ms <= day && told_ms - seen_ms <= day)))
                return;
        if (seen && (seen_ms != TIME_NONE || is_told)) {
                found->texts[CASE_OCCURRED] = NULL;
                found->quality |= QUALITY_PARTIAL;
        }
        if (is_told)
                found->texts[CASE_OCCURRED] = told;
}

static void plate_fill(const json_t *seen, Event *event)
{
        const char *plate = json_text(seen, "plateno"), *told = json_text(seen, "hasplate");
        bool has_plate = true;

        if (told && text_read_flag(told, &has_plate) && !has_plate)
                return;
        if (!text_is_one_of("无车牌|无牌|无牌车|无号牌|未识别|未知|车牌|unknown|none", plate))
                event_add_object(event, OBJECT_PLATE, plate);
}

static void place_fill(const VillageOptions *options, const json_t *object, const json_t *seen, Event *event)
{
        const char *places[] = { json_text(seen, "deviceid"), json_text(seen, "tollgateid"),
                                 json_text(object, "deviceid"), json_text(object, "cameraid") };
        const char *camera = place_device_of(options->devices, options->crs, places, 4, OBJECT_CAMERA, event);

        event->quality |= camera && !devices_find(options->devices, camera) ? QUALITY_PARTIAL : 0;
}

/* Of one, or of a hundred; 0 is how devices say that nothing was compared. */
static void likeness_fill(const char *text, Event *event)
{
        double value;

        if (text && text_read_number(text, &value) && value > 0 && value <= 100)
                event->confidence = value > 1 ? value / 100 : value;
}

static bool warning_emit(const VillageOptions *options, const json_t *object, const Known *is, const char *code,
                         Output *output, Error *err)
{
        const json_t *target = target_of(object), *seen = target ? target : object;
        Arena *arena = scratch(output);
        Case found = { 0 };
        Event event;

        if (is->id && strchr("$#", *is->id))
                return error_set(err, ERR_INPUT, "bad_id", "a placeholder that nobody filled in, in place of an id");
        case_read(&form, &options->of, object, arena, &found);
        case_read(&form, &options->of, seen, arena, &found);
        moment_choose(options, &found);
        if (is->kind != WARNING && is->kind != LABEL)
                found.texts[CASE_ID] = is->kind == PERSON ? hash(is->id, arena) : is->id;
        found.texts[CASE_CATEGORY] = behaviour_of(object);
        if (!case_event(&form, &options->of, &found, arena, &event, err))
                return false;
        event.source.channel = "camera";
        event.category.code = code ? code : event.category.code;
        event.title = event.title ? event.title : found.texts[CASE_CATEGORY];
        plate_fill(seen, &event);
        place_fill(options, object, seen, &event);
        media_node(json_find(seen, "subimagelist.subimageinfoobject|subimagelist", NULL), arena, &event);
        likeness_fill(json_text(seen, "similaritydegree"), &event);
        event_add_object(&event, OBJECT_CASE, hash(json_text(object, "cntobjectid"), arena));
        return emit(output, &event, err);
}

/* ---- a record ---- */

typedef struct {
        const VillageOptions *options;
        const Record *record;
        Output *output;
        json_t *statuses; /* of each object: also what is set aside is kept by us, and needs not to be sent again */
        const char *operation; /* of the notification around; NULL: none */
        size_t objects, lists;
        bool is_service;
        Error *err;
} Visit;

static bool object_take(Visit *visit, json_t *object, const Known *is)
{
        const char *code = is->kind <= PERSON ? alert_of(visit->options, object, scratch(visit->output)) : NULL;
        Error why = { 0 };

        if (is->kind != WARNING && !code && !(is->kind == LABEL && behaviour_of(object)))
                return ignored(visit->output, kinds[is->kind].counted);
        if (visit->operation && !json_object_get(object, "executeoperation")) /* alone it means the same */
                json_object_set_new(object, "executeoperation", json_string(visit->operation));
        return warning_emit(visit->options, object, is, code, visit->output, &why) ||
               item_reject(visit->output, object, &why, visit->err);
}

static bool node_visit(Visit *visit, json_t *node, const char *name);

static bool inside_visit(Visit *visit, json_t *node, const char *name)
{
        const char *member;
        json_t *value;
        size_t i;

        json_array_foreach(node, i, value)
                if (!node_visit(visit, value, name))
                        return false;
        json_object_foreach(node, member, value)
                if (!node_visit(visit, value, member))
                        return false;
        return true;
}

static bool is_list_name(const char *name)
{
        const size_t size = strlen(name);

        return size > 6 && (text_same(name + size - 6, "object") || text_same(name + size - 4, "list"));
}

static bool node_visit(Visit *visit, json_t *node, const char *name)
{
        const bool is_list = is_list_name(name);
        const Known is = know(node);
        Error why = { 0 };

        visit->lists += is_list && (json_is_object(node) || json_is_array(node));
        if (is_list && json_text(node, "")) {
                visit->objects++;
                (void)error_set(&why, ERR_INPUT, "bad_value", "%s: no object", name);
                return item_reject(visit->output, node, &why, visit->err);
        }
        if (is.kind == NOTHING)
                return inside_visit(visit, node, name);
        item_begin(visit->output);
        json_array_append_new(visit->statuses, viid_status(visit->record, is.id, "0", "OK"));
        if (is.kind == NOTIFICATION) {
                visit->operation = json_text(node, "executeoperation");
                return inside_visit(visit, node, name);
        }
        visit->objects++;
        visit->is_service = is.kind == SERVICE;
        return object_take(visit, node, &is);
}

static bool document_translate(Visit *visit, json_t *document, Error *err)
{
        if (!node_visit(visit, document, ""))
                return false;
        if (!visit->objects && !visit->lists && !(json_is_array(document) && !json_array_size(document)))
                return error_set(err, ERR_INPUT, json_text(document, "") ? "bad_value" : "unknown_message",
                                 "no object of GA/T 1400 in it");
        if (!visit->objects)
                ignored(visit->output, "nothing in it");
        viid_tell_all(visit->output, visit->statuses, visit->is_service);
        return true;
}

/* What cannot be read is kept by us: said in the dialect's own words, not by a status of HTTP, for which it would come again. */
static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        const VillageOptions *options = of;
        CLEANUP(json_drop) json_t *document = NULL, *statuses = json_array();
        Visit visit = { .options = of, .record = record, .output = output, .statuses = statuses, .err = err };

        if (viid_question(options->server_id, record, output))
                return true;
        document = record_read(record, &names, output, err);
        if (document && document_translate(&visit, document, err))
                return true;
        viid_tell(output, viid_status(record, NULL, document ? "8" : "7",
                                      document ? "Invalid JSON Content" : "Invalid JSON Format"));
        return false;
}

const Adapter village = {
        .name = "village",
        .about = "Urban villages: warnings of a GA/T 1400 (VIID) library, in JSON over HTTP",
        .platform = "p11",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(VillageOptions),
        .translate = translate,
        .forms = &form,
        .forms_size = 1,
};
