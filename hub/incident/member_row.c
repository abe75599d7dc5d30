/* A member as the JSON of dw.subject.correlator: what the next start, or another correlator, goes on from. */

#include "hub/incident/member.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/wording/wording_row.h"

#include <stdlib.h>
#include <string.h>

/* The texts of a member, in one table for both directions. */
typedef struct {
        const char *key;
        size_t offset;
        bool column; /* of dw.subject, too */
} TextField;

#define TEXT(name)                                                                                                     \
        {                                                                                                              \
                .key = #name, .offset = offsetof(Member, name)                                                         \
        }
#define COLUMN(name)                                                                                                   \
        {                                                                                                              \
                .key = #name, .offset = offsetof(Member, name), .column = true                                         \
        }
#define PLACE(name, part)                                                                                              \
        {                                                                                                              \
                .key = (name), .offset = offsetof(Member, place[part])                                                 \
        }
static const TextField texts[] = {
        COLUMN(subject),
        COLUMN(first_event),
        COLUMN(last_event),
        TEXT(episode),
        COLUMN(platform),
        COLUMN(channel),
        COLUMN(category),
        TEXT(category_name),
        COLUMN(title),
        PLACE("address", PLACE_ADDRESS),
        PLACE("district", PLACE_DISTRICT),
        PLACE("subdistrict", PLACE_SUBDISTRICT),
        PLACE("community", PLACE_COMMUNITY),
        PLACE("grid", PLACE_GRID),
};

static const TextField times[] = { TEXT(number),   COLUMN(occurred), COLUMN(updated),
                                   COLUMN(closed), COLUMN(deadline), COLUMN(accuracy_cm) };

/* Written where they are set. */
static const TextField flags[] = {
        TEXT(doubtful), TEXT(sensor), TEXT(bare), TEXT(kindless), TEXT(worded), TEXT(undated)
};

static bool *flag_of(const Member *member, const TextField *field)
{
        return (bool *)(void *)((char *)(uintptr_t)member + field->offset);
}

static char **text_of(const Member *member, const TextField *field)
{
        return (char **)(void *)((char *)(uintptr_t)member + field->offset);
}

static int64_t *time_of(const Member *member, const TextField *field)
{
        return (int64_t *)(void *)((char *)(uintptr_t)member + field->offset);
}

static void wording_write(Buffer *out, const Wording *wording)
{
        CLEANUP(buffer_free) Buffer packed = { 0 };

        wording_pack(&packed, wording);
        buffer_text(out, "\"wording\":\"");
        base64_text(out, packed.bytes, packed.size);
        buffer_byte(out, '"');
}

static void reporters_write(Buffer *out, const Member *member)
{
        for (size_t i = 0; i < EVENT_REPORTER_IDS_MOST && member->reporters[i]; i++) {
                buffer_text(out, i ? "," : "\"reporters\":[");
                json_write_text(out, member->reporters[i], strlen(member->reporters[i]));
        }
        buffer_text(out, member->reporters[0] ? "]," : "");
}

static void objects_write(Buffer *out, const Member *member)
{
        if (member->objects_size == 0)
                return;
        buffer_text(out, "\"objects\":[");
        for (size_t i = 0; i < member->objects_size; i++) {
                buffer_format(out, "%s\"%s\",", i ? "," : "", object_name(member->objects[i].kind));
                json_write_text(out, member->objects[i].id, strlen(member->objects[i].id));
        }
        buffer_text(out, "],");
}

/* What the columns of its row hold, or nothing of that. */
static void columns_write(Buffer *out, const Member *member)
{
        buffer_format(out, "{\"state\":\"%s\",\"severity\":\"%s\",", state_name(member->state),
                      severity_name(member->severity));
        if (member->outcome != OUTCOME_NONE)
                buffer_format(out, "\"outcome\":\"%s\",", outcome_name(member->outcome));
        if (geo_known(member->point))
                buffer_format(out, "\"point\":[%d,%d],", member->point.lon, member->point.lat);
}

static void text_write(Buffer *out, const char *key, const char *text)
{
        if (!text)
                return;
        buffer_format(out, "\"%s\":", key);
        json_write_text(out, text, strlen(text));
        buffer_byte(out, ',');
}

static void time_write(Buffer *out, const char *key, int64_t ms)
{
        if (ms != TIME_NONE)
                buffer_format(out, "\"%s\":%lld,", key, (long long)ms);
}

static void rest_write(Buffer *out, const Member *member, bool columns)
{
        for (size_t i = 0; i < sizeof times / sizeof *times; i++)
                if (columns || !times[i].column)
                        time_write(out, times[i].key, *time_of(member, &times[i]));
        if (!columns && member->accuracy_cm % 100 != 0) /* its column has whole metres */
                time_write(out, "accuracy_cm", member->accuracy_cm);
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
                if (columns || !texts[i].column)
                        text_write(out, texts[i].key, *text_of(member, &texts[i]));
        if (member->scored)
                buffer_format(out, "\"score\":%d,", member->score);
        for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
                if (*flag_of(member, &flags[i]))
                        buffer_format(out, "\"%s\":true,", flags[i].key);
        objects_write(out, member);
        reporters_write(out, member);
        wording_write(out, &member->wording);
        buffer_byte(out, '}');
}

void member_write(Buffer *out, const Member *member)
{
        columns_write(out, member);
        rest_write(out, member, true);
}

void member_write_beside(Buffer *out, const Member *member)
{
        buffer_byte(out, '{');
        rest_write(out, member, false);
}

static int64_t integer_at(const json_t *array, size_t index)
{
        return json_integer_value(json_array_get(array, index));
}

static void grams_read(Grams *grams, const json_t *array)
{
        Gram items[GRAMS_MOST];
        uint32_t size = 0;

        for (size_t i = 1; i + 1 < json_array_size(array) && size < GRAMS_MOST; i += 2)
                items[size++] = (Gram){ (uint16_t)integer_at(array, i), (uint16_t)integer_at(array, i + 1) };
        grams_copy(grams, items, size, (uint64_t)integer_at(array, 0));
}

static void houses_load(Houses *houses, const json_t *array)
{
        for (size_t i = 0; i + 2 < json_array_size(array) && houses->size < HOUSES_MOST; i += 3)
                houses->items[houses->size++] = (House){ (uint32_t)integer_at(array, i),
                                                         (uint32_t)integer_at(array, i + 1), integer_at(array, i + 2) };
}

static void signs_load(Signs *signs, const json_t *array)
{
        for (size_t i = 0; i < json_array_size(array) && i < SIGNS_MOST; i++) {
                const json_t *one = json_array_get(array, i);
                Sign *sign = &signs->items[signs->size++];

                *sign = (Sign){ .building = (uint16_t)integer_at(one, 0), .mark = integer_at(one, 1) };
                while (sign->size < SIGN_LETTERS_MOST && sign->size + 2u < json_array_size(one)) {
                        sign->letters[sign->size] = (uint16_t)integer_at(one, sign->size + 2u);
                        sign->size++;
                }
        }
}

static bool wording_read(Wording *wording, const char *text)
{
        CLEANUP(buffer_free) Buffer packed = { 0 };

        return base64_read(text, strlen(text), &packed) && wording_unpack(wording, packed.bytes, packed.size);
}

/* Rows from before words were packed. */
static void wording_read_lists(Wording *wording, const json_t *json)
{
        const json_t *rares = json_object_get(json, "rares"), *places = json_object_get(json, "places");
        const char *whole = json_string_value(json_object_get(json, "whole"));

        grams_read(&wording->all, json_object_get(json, "grams"));
        grams_read(&wording->lead, json_object_get(json, "lead"));
        houses_load(&wording->houses, json_object_get(json, "houses"));
        signs_load(&wording->signs, json_object_get(json, "signs"));
        grams_read(&wording->rarest, json_object_get(json, "rarest"));
        wording->whole = whole ? strtoull(whole, NULL, 16) : 0;
        for (size_t i = 0; i < json_array_size(rares) && i < WORDING_RARES_MOST; i++)
                wording_rare(wording, (uint32_t)integer_at(rares, i));
        for (size_t i = 0; i + 1 < json_array_size(places) && wording->places.size < PLACES_MOST; i += 2)
                wording->places.items[wording->places.size++] =
                        (PlaceName){ (uint32_t)integer_at(places, i), (PlaceLevel)integer_at(places, i + 1) };
}

static void reporters_read(Member *member, const json_t *array)
{
        for (size_t i = 0; i < EVENT_REPORTER_IDS_MOST; i++)
                member->reporters[i] = text_copy(json_string_value(json_array_get(array, i)));
}

static void objects_read(Member *member, const json_t *array)
{
        for (size_t i = 0; i + 1 < json_array_size(array); i += 2) {
                const char *kind = json_string_value(json_array_get(array, i)),
                           *id = json_string_value(json_array_get(array, i + 1));

                if (kind && id)
                        member_object(member, object_find(kind), id);
        }
}

static bool fields_read(Member *member, const json_t *json)
{
        const json_t *point = json_object_get(json, "point"), *score = json_object_get(json, "score");

        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
                *text_of(member, &texts[i]) = text_copy(json_string_value(json_object_get(json, texts[i].key)));
        for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
                const json_t *value = json_object_get(json, times[i].key);

                *time_of(member, &times[i]) = value ? json_integer_value(value) : TIME_NONE;
        }
        member->state = state_find(json_string_value(json_object_get(json, "state")));
        member->severity = severity_find(json_string_value(json_object_get(json, "severity")));
        member->outcome = outcome_find(json_string_value(json_object_get(json, "outcome")));
        member->point = point ? (GeoPoint){ (int32_t)integer_at(point, 0), (int32_t)integer_at(point, 1) }
                              : (GeoPoint){ GEO_NONE, GEO_NONE };
        member->scored = score != NULL;
        member->score = (int32_t)json_integer_value(score);
        for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
                *flag_of(member, &flags[i]) = json_is_true(json_object_get(json, flags[i].key));
        objects_read(member, json_object_get(json, "objects"));
        reporters_read(member, json_object_get(json, "reporters"));
        const char *packed = json_string_value(json_object_get(json, "wording"));
        if (packed)
                return wording_read(&member->wording, packed);
        wording_read_lists(&member->wording, json);
        return true;
}

Member *member_read(const char *text, size_t size, const Rules *rules, Error *err)
{
        CLEANUP(json_drop) json_t *json = json_read_typed(text, size, err);

        if (!json) {
                error_add(err, "row of a subject");
                return NULL;
        }
        Member *member = mem_new(sizeof *member);
        const bool whole = fields_read(member, json);
        if (!whole || !member->subject || !member->first_event || !member->last_event || !member->platform ||
            !member->category || !member->title || member->state == STATE_NONE) {
                error_set(err, ERR_FATAL, NULL, "row of subject %s: %s", member->subject ? member->subject : "?",
                          whole ? "a member is missing" : "its words are damaged");
                member_free(member);
                return NULL;
        }
        member->rule = rules_category(rules, member->category);
        member->group = rules_group(rules, member->category);
        return member;
}
