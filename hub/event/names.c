#include "hub/event/names.h"

#include "hub/base/text.h"
#include "hub/event/event.h"

static const char *const kinds[] = { "", "report", "registry", "warning", "health", "command", "tick" };
static const char *const states[] = { "",          "received", "filed", "dispatched", "processing", "feedback",
                                      "verifying", "closed",   "void",  "suspended",  "rejected",   "deleted" };
static const char *const outcomes[] = { "", "done", "unfounded", "duplicate", "referred", "withdrawn", "false_alarm" };
static const char *const severities[] = { "", "info", "low", "medium", "high", "critical" };
static const char *const methods[] = { "", "code", "name", "alias", "rule", "default" };
static const char *const positions[] = { "", "gps", "geocoded", "registry", "area", "gazetteer" };
static const char *const objects[] = { "", "plate", "bike", "device", "camera", "stall", "case", "building", "asset" };
static const char *const precisions[] = { "ms", "s", "min", "day" };
static const char *const qualities[] = { "crs_assumed",     "crc_bad",           "clock_future", "clock_missing",
                                         "out_of_district", "encoding_repaired", "masked",       "late",
                                         "partial",         "test_key" };
static const char *const verbs[] = { "merge",  "split", "confirm", "reject", "assign", "dispatch", "dispose",
                                     "verify", "close", "reopen",  "note",   "undo",   "apart" };
static const char *const geometries[] = { "Point",           "MultiPoint", "LineString",
                                          "MultiLineString", "Polygon",    "MultiPolygon" };

static const char *const reasons[] = { "bad_id",          "not_json",      "not_xml",       "not_csv",
                                       "bad_charset",     "bad_length",    "bad_check",     "missing_field",
                                       "bad_value",       "bad_time",      "bad_position",  "too_large",
                                       "too_deep",        "duplicate_key", "doctype",       "unsupported",
                                       "unknown_message", "crashed",       "bad_signature", "stale_signature" };

#define NAMES(items)                                                                                                   \
        {                                                                                                              \
                (items), sizeof(items) / sizeof((items)[0])                                                            \
        }

const Names kind_names = NAMES(kinds);
const Names state_names = NAMES(states);
const Names outcome_names = NAMES(outcomes);
const Names severity_names = NAMES(severities);
const Names method_names = NAMES(methods);
const Names position_names = NAMES(positions);
const Names object_names = NAMES(objects);
const Names precision_names = NAMES(precisions);
const Names quality_names = NAMES(qualities);
const Names verb_names = NAMES(verbs);
const Names geometry_names = NAMES(geometries);
const Names reason_names = NAMES(reasons);

size_t names_find(const Names *names, const char *name)
{
        size_t i = 0;

        while (i < names->size && !text_same(names->items[i], name))
                i++;
        return i;
}

static unsigned find_or_none(const Names *names, const char *name)
{
        size_t index = names_find(names, name);

        return index < names->size ? (unsigned)index : 0;
}

const char *kind_name(EventKind kind)
{
        return kinds[kind];
}

const char *state_name(EventState state)
{
        return states[state];
}

const char *outcome_name(EventOutcome outcome)
{
        return outcomes[outcome];
}

const char *severity_name(EventSeverity severity)
{
        return severities[severity];
}

const char *method_name(CategoryMethod method)
{
        return methods[method];
}

const char *position_method_name(PositionMethod method)
{
        return positions[method];
}

const char *object_name(ObjectKind kind)
{
        return objects[kind];
}

EventKind kind_find(const char *name)
{
        return (EventKind)find_or_none(&kind_names, name);
}

EventState state_find(const char *name)
{
        return (EventState)find_or_none(&state_names, name);
}

EventOutcome outcome_find(const char *name)
{
        return (EventOutcome)find_or_none(&outcome_names, name);
}

EventSeverity severity_find(const char *name)
{
        return (EventSeverity)find_or_none(&severity_names, name);
}

CategoryMethod method_find(const char *name)
{
        return (CategoryMethod)find_or_none(&method_names, name);
}

PositionMethod position_method_find(const char *name)
{
        return (PositionMethod)find_or_none(&position_names, name);
}

ObjectKind object_find(const char *name)
{
        return (ObjectKind)find_or_none(&object_names, name);
}
