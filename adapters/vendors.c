#include "adapters/list.h"
#include "hub/base/text.h"
#include "hub/dialect/fill.h"
#include "hub/document/page.h"
#include "hub/document/record.h"
#include "hub/geo/outline.h"

#include <math.h>
#include <string.h>

/*
 * Platform 13, the registry of mobile vendors and stall sites: rows of four tables of a database (source postgres, an instance
 * a table): vendors, sites and stalls are registry rows, by which reports are joined; violations of stalls are reports.
 *
 * An import that touches every row, and changes none, says nothing: a registry row goes out when what is mapped of it changes.
 * Times have no zone, positions may be empty, a stall may be given to two vendors: both rows stand.
 */

typedef enum { TABLE_AUTO, TABLE_VENDOR, TABLE_SITE, TABLE_STALL, TABLE_VIOLATION } TableKind;

enum { STALLS_MOST = 10000 }; /* of one site: more is no count */

typedef struct {
        CaseOptions of;
        PageOptions page;
        int table;
} VendorsOptions;

#define AT(member) offsetof(VendorsOptions, member)

static const char *const names[] = { "auto", "vendor", "site", "stall", "violation", NULL };

static const Option table[] = {
        { "table", OPTION_CHOICE, AT(table), .choices = names, .value = "auto",
          .about = "what the rows are; auto: by the channel's name, else by their columns" },
        { .type = OPTION_PART, .offset = AT(page), .part = page_options },
        { .type = OPTION_PART, .offset = AT(of), .part = case_position_options },
        { .type = OPTION_PART, .offset = AT(of), .part = case_options },
};

static const CaseMember members[] = {
        { "id", CASE_ID },
        { "status", CASE_STATUS },
        { "created_at", CASE_OCCURRED },
        { "found_at", CASE_OCCURRED },
        { "updated_at", CASE_UPDATED },
        { "handled_at", CASE_CLOSED },
        { "valid_from", CASE_VALID_FROM },
        { "valid_to", CASE_VALID_TO },
        { "health_cert_until", CASE_VALID_TO },
        { "kind", CASE_CATEGORY },
        { "name", CASE_TITLE },
        { "goods", CASE_TITLE },
        { "no", CASE_TITLE },
        { "street", CASE_ADDRESS },
        { "lon", CASE_LON },
        { "lat", CASE_LAT },
        { "name_mask", CASE_REPORTER },
        { "photo_url", CASE_MEDIA },
        { 0 },
};

static const StatusWords words[] = {
        { "ing|审批中", STATE_RECEIVED }, { "pass|通过", STATE_FILED }, { "reject|驳回", STATE_REJECTED }, { 0 }
};

static const CaseForm forms[] = { { .kind = KIND_REGISTRY,
                                    .members = members,
                                    .words = words,
                                    .state = STATE_FILED,
                                    .position = POSITION_REGISTRY,
                                    .reporter = "vendor" },
                                  { .members = members, .words = words, .state = STATE_RECEIVED } };

typedef struct {
        const VendorsOptions *options;
        const Record *record;
        Output *output;
} Reader;

/* ---- which table ---- */

static TableKind table_named(const Reader *reader)
{
        const char *channel = reader->record->channel ? reader->record->channel : "";

        if (reader->options->table != TABLE_AUTO)
                return (TableKind)reader->options->table;
        if (strcasestr(channel, "violation"))
                return TABLE_VIOLATION;
        for (int i = TABLE_VENDOR; i < TABLE_VIOLATION; i++)
                if (strcasestr(channel, names[i]))
                        return (TableKind)i;
        return TABLE_AUTO;
}

static TableKind table_find(const Reader *reader, const json_t *row)
{
        static const struct {
                const char *column;
                TableKind table;
        } known[] = { { "found_at", TABLE_VIOLATION }, { "stall_id", TABLE_VIOLATION }, { "site_id", TABLE_STALL },
                      { "stalls", TABLE_SITE },        { "geom_wkt", TABLE_SITE },      { "name_mask", TABLE_VENDOR },
                      { "goods", TABLE_VENDOR } };
        TableKind found = table_named(reader);

        for (size_t i = 0; found == TABLE_AUTO && i < sizeof(known) / sizeof(known[0]); i++)
                if (json_text(row, known[i].column))
                        found = known[i].table;
        return found;
}

/* Each table numbers its rows on its own. */
static const char *id_make(TableKind of, const char *id, Arena *arena)
{
        return arena_format(arena, "%s/%s", names[of], id);
}

/* ---- rows ---- */

static void asset_add(TableKind of, const char *id, Arena *arena, Event *event)
{
        if (id)
                event_add_object(event, OBJECT_ASSET, id_make(of, id, arena));
}

/* By its own id a violation names a stall; by site and number two rows are seen to be one place. */
static void objects_fill(TableKind of, const json_t *row, const char *id, Arena *arena, Event *event)
{
        const char *site = json_text(row, "site_id"), *number = json_text(row, "no");

        event_add_object(event, OBJECT_STALL, of == TABLE_STALL ? id : json_text(row, "stall_id"));
        if (of == TABLE_VENDOR || of == TABLE_SITE)
                asset_add(of, id, arena, event);
        if (of != TABLE_STALL)
                return;
        if (site && number)
                asset_add(TABLE_STALL, arena_format(arena, "%s/%s", site, number), arena, event);
        asset_add(TABLE_SITE, site, arena, event);
        asset_add(TABLE_VENDOR, json_text(row, "vendor_id"), arena, event);
}

/* An empty geometry is none; one that cannot be read costs no row. */
static void outline_fill(const VendorsOptions *options, const json_t *row, Arena *arena, Event *event)
{
        const char *text = json_text(row, "geom_wkt");
        CLEANUP(outline_drop) Outline *outline = NULL;
        Error unread;

        if (!text || strcasestr(text, "EMPTY"))
                return;
        outline = outline_wkt(options->of.crs, text, &unread);
        if (!outline) {
                event->quality |= QUALITY_PARTIAL;
                return;
        }
        event->geometry = outline_text(outline, arena);
        if (event->position.method != POSITION_NONE)
                return;
        event->position.method = POSITION_AREA;
        event->position.accuracy_m = options->of.accuracy_m;
        outline_point(outline, &event->position.lon, &event->position.lat);
}

static void site_fill(const VendorsOptions *options, const json_t *row, Arena *arena, Event *event)
{
        const char *from = json_text(row, "open_from"), *to = json_text(row, "open_to");
        EventMeasurement *stalls = &event->measurements[0];
        Error unread;
        double value;

        if (from && to)
                event->description = arena_format(arena, "%s-%s", from, to);
        outline_fill(options, row, arena, event);
        if (!json_number(row, "stalls", &value, &unread) || value < 0 || value > STALLS_MOST)
                return;
        *stalls = (EventMeasurement){ .factor = "stalls", .name = "摊位", .value = value, .limit = (double)NAN };
        event->measurements_size = 1;
}

/* A violation is a stall's; who is seen without one is a hawker. */
static void category_fill(TableKind of, const json_t *row, Event *event)
{
        const bool hawker = of == TABLE_VIOLATION && (!json_text(row, "stall_id") ||
                                                      text_holds_one("未登记|无证|流动", event->category.raw_name));

        fill_category(hawker ? "E0501" : "E2119", METHOD_RULE, event);
}

/* What is deleted is gone, whatever its word says. */
static void deleted_fill(const json_t *row, Event *event)
{
        bool gone;

        if (!text_read_flag(json_text(row, "is_delete"), &gone))
                event->quality |= QUALITY_PARTIAL;
        if (!gone)
                return;
        event->status.state = STATE_DELETED;
        event->time.closed = TIME_NONE;
}

/* What is mapped, without the time at which somebody touched it. */
static const char *content_hash(const Case *found, const Event *event, Arena *arena)
{
        const char *ids = "", *geometry = event->geometry ? event->geometry : "";
        Case content = *found;

        content.texts[CASE_UPDATED] = NULL;
        for (size_t i = 0; i < event->objects_size; i++)
                ids = arena_format(arena, "%s %s", ids, event->objects[i].id);
        content.texts[CASE_CHANNEL] = arena_format(arena, "%s %s %s %s %g", state_name(event->status.state), ids,
                                                   geometry, event->description ? event->description : "",
                                                   event->measurements_size ? event->measurements[0].value : 0);
        return case_hash(&content, arena);
}

static bool row_translate(const void *of, const json_t *row, Output *output, Error *err)
{
        const Reader *reader = of;
        const CaseOptions *options = &reader->options->of;
        const TableKind kind = table_find(reader, row);
        const CaseForm *form = &forms[kind == TABLE_VIOLATION];
        const char *id, *hash, *updated;
        Arena *arena = scratch(output);
        Case found = { 0 };
        Event event;

        if (kind == TABLE_AUTO)
                return error_set(err, ERR_INPUT, "unknown_message",
                                 "a row of none of the four tables; see option table");
        case_read(form, options, row, arena, &found);
        id = found.texts[CASE_ID];
        if (!case_id_check("id", id, false, err))
                return false;
        found.texts[CASE_ID] = id_make(kind, id, arena);
        if (kind == TABLE_VIOLATION) {
                found.texts[CASE_ARCHIVED] = found.texts[CASE_CLOSED] ? "1" : NULL; /* handled: closed */
                found.texts[CASE_TITLE] = found.texts[CASE_CATEGORY];
        }
        if (!case_event(form, options, &found, arena, &event, err))
                return false;
        objects_fill(kind, row, id, arena, &event);
        category_fill(kind, row, &event);
        if (kind == TABLE_SITE)
                site_fill(reader->options, row, arena, &event);
        deleted_fill(row, &event);
        if (found.texts[CASE_VALID_TO] && event.valid.to != TIME_NONE)
                event.valid.to = time_day_end(event.valid.to, options->zone_ms);
        hash = content_hash(&found, &event, arena);
        updated = found.texts[CASE_UPDATED];
        event.source.revision = updated ? arena_format(arena, "%s-%s", updated, hash) : hash;
        return kind == TABLE_VIOLATION ? emit(output, &event, err) : emit_change(output, &event, hash, err);
}

static const char *number(const void *of, const json_t *object, Arena *arena)
{
        const char *id = json_text(object, "id");

        if (table_find(of, object) == TABLE_AUTO || !id)
                return id ? "" : NULL;
        return arena_copy(arena, id, strlen(id));
}

static const PageForm page_form = { .number = number, .translate = row_translate };

/* A row that is gone: its key alone is left, so the table must be known without its columns. */
static bool tombstone_translate(const Reader *reader, Error *err)
{
        Arena *arena = scratch(reader->output);
        const char *key = record_key(reader->record, arena);
        const TableKind of = table_named(reader);
        Event event;

        if (key && of == TABLE_AUTO)
                return error_set(err, ERR_INPUT, "unknown_message",
                                 "a deleted row of an unknown table; see option table");
        if (!fill_deleted(&reader->options->of, reader->record, of == TABLE_VIOLATION ? KIND_REPORT : KIND_REGISTRY,
                          key ? id_make(of, key, arena) : NULL, arena, &event, err))
                return false;
        fill_category("E2119", METHOD_RULE, &event);
        if (of == TABLE_STALL)
                event_add_object(&event, OBJECT_STALL, key);
        else if (of != TABLE_VIOLATION)
                asset_add(of, key, arena, &event);
        return of == TABLE_VIOLATION ? emit(reader->output, &event, err)
                                     : emit_change(reader->output, &event, "deleted", err);
}

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        const VendorsOptions *options = of;
        const Reader reader = { .options = of, .record = record, .output = output };
        CLEANUP(json_drop) json_t *page = NULL;

        if (record->size == 0)
                return tombstone_translate(&reader, err);
        page = record_read(record, NULL, output, err);
        return page && page_translate(&page_form, &options->page, &reader, page, output, err);
}

const Adapter vendors = {
        .name = "vendors",
        .about = "Mobile vendors and stall sites: rows of their registry, and violations of stalls",
        .platform = "p13",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(VendorsOptions),
        .translate = translate,
};
