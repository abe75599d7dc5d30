#include "adapters/grid.h"
#include "adapters/list.h"
#include "adapters/words.h"

#include "hub/base/charset.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <string.h>

/*
 * Platform 12, the district's grid inspection: one JSON document a case and state on a Kafka topic of theirs, whose key is
 * the case's number; alone, or in CloudEvents' structured or binary mode. A key without a value (a tombstone) takes the
 * case back.
 *
 * A case tells no counter of its changes: the place of the record in the topic is its revision, so that a record that is
 * delivered again is the same event. Where there is no such place (a file), what the case says.
 */

#define AT(member) offsetof(GridOptions, member)

static const Option table[] = {
        { "crs", OPTION_CUSTOM, AT(crs), .custom = &crs_option, .flags = OPTION_REQUIRED,
          .about = "system of the positions" },
        { "accuracy_m", OPTION_NUMBER, AT(accuracy_m), .value = "30", .least = 1, .most = 100000,
          .about = "how far off a position may be" },
        { "states", OPTION_TABLE, AT(states),
          .about = "a status word or number to our state, state:outcome or state:reopened" },
        { "categories", OPTION_TABLE, AT(categories), .about = "the platform's type to our code" },
        { "grids", OPTION_TABLE, AT(grids), .about = "a grid's old name to the one that it has now" },
        { "members", OPTION_TABLE, AT(members),
          .about = "another member (dotted path) for what a case has: id, category, grid, occurred, status_name ..." },
        { "space", OPTION_TEXT, AT(space), .about = "id space, where one platform numbers cases in several ways" },
};

static bool check(const void *of, Error *err)
{
        const GridOptions *options = of;

        return codes_check(&options->categories, err) && states_check(&options->states, err) &&
               grid_members_check(options, err);
}

static bool is_number(const char *text, size_t size)
{
        return size && strspn(text, "0123456789") >= size;
}

/* "partition/offset", the end of "topic/partition/offset"; NULL: the record comes from no topic. */
static const char *offset_find(const char *position)
{
        const char *last = position ? strrchr(position, '/') : NULL, *first = last;

        if (!last || !is_number(last + 1, strlen(last + 1)))
                return NULL;
        while (first > position && first[-1] != '/')
                first--;
        return is_number(first, (size_t)(last - first)) ? first : NULL;
}

/* With topic and partition: two topics, or the two partitions of a key that moved, count on their own. */
static void revision_fill(const Record *record, const char *status, const char *hash, Arena *arena, Event *event)
{
        event->source.sequence = offset_find(record->position);
        if (event->source.sequence)
                event->source.revision = arena_format(arena, "%s-%s", record->position, status);
        else
                event->source.revision = hash ? arena_format(arena, "%s-%s", status, hash) : status;
}

/* Serialisers of JSON put a text key into quotes. */
static const char *key_text(const char *key, Arena *arena)
{
        size_t size = key ? strlen(key) : 0;

        if (size >= 2 && key[0] == '"' && key[size - 1] == '"')
                return arena_copy(arena, key + 1, size - 2);
        return key;
}

static bool tombstone_translate(const GridOptions *options, const Record *record, Output *output, Error *err)
{
        Event event;

        event_init(&event, KIND_REPORT);
        event.space = options->space;
        event.source.id = key_text(record->key, scratch(output));
        if (!event.source.id || !event.source.id[0])
                return error_set(err, ERR_INPUT, "missing_field", "key: missing, and there is no value");
        event.status.state = STATE_DELETED;
        revision_fill(record, "deleted", NULL, scratch(output), &event);
        return emit(output, &event, err);
}

/* RFC 8259 knows UTF-8 only; who sends something else says so in the content type, or sends GB18030. */
static json_t *document_read(const Record *record, bool *repaired, Error *err)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        size_t count = 0;

        *repaired = false;
        if (text_is_utf8(record->bytes, record->size))
                return json_read(record->bytes, record->size, err);
        if (!charset_decode(&text, record->content_type, record->bytes, record->size, &count, err))
                return NULL;
        *repaired = count > 0;
        return json_read(text.bytes ? text.bytes : "", text.size, err);
}

/* An envelope's time is when the platform said it: the time of this state, where no step tells a better one. */
static bool case_translate(const GridOptions *options, const Record *record, const json_t *data, const char *said,
                           bool repaired, Output *output, Error *err)
{
        const char *hash;
        GridCase found;
        Event event;

        if (!json_is_object(data))
                return error_set(err, ERR_INPUT, "bad_value", "no case: it is no object");
        grid_case_read(options, data, &found);
        hash = grid_case_hash(&found, scratch(output));
        if (!found.updated)
                found.updated = said;
        event_init(&event, KIND_REPORT);
        event.space = options->space;
        if (!grid_case_fill(options, &found, scratch(output), &event, err))
                return false;
        revision_fill(record, found.status ? found.status : event.status.raw, hash, scratch(output), &event);
        event.quality |= repaired ? QUALITY_ENCODING_REPAIRED : 0;
        return emit(output, &event, err);
}

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        CLEANUP(json_drop) json_t *document = NULL;
        CLEANUP(json_drop) json_t *owned = NULL;
        const json_t *data;
        const char *said;
        bool repaired;

        if (record->size == 0)
                return tombstone_translate(of, record, output, err);
        document = document_read(record, &repaired, err);
        if (!document)
                return false;
        if (json_is_null(document) && record->key) /* how some serialisers write a tombstone */
                return tombstone_translate(of, record, output, err);
        data = grid_envelope_open(record, document, &owned, &said, err);
        if (!said)
                said = record_header(record, "ce_time");
        return data && case_translate(of, record, data, said, repaired, output, err);
}

const Adapter grid = {
        .name = "grid",
        .about = "Grid inspection: JSON on a Kafka topic, alone or as CloudEvents",
        .platform = "p12",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(GridOptions),
        .check = check,
        .translate = translate,
};
