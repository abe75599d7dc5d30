#include "adapters/list.h"
#include "hub/base/text.h"
#include "hub/dialect/fill.h"
#include "hub/dialect/place.h"
#include "hub/document/page.h"
#include "hub/document/record.h"
#include "hub/document/rows.h"

#include <math.h>
#include <string.h>

/*
 * Platform 13, the registry of mobile vendors and stall sites: rows of four tables of a database (source postgres, an instance
 * a table): vendors, sites and stalls are registry rows, by which reports are joined; violations of stalls are reports.
 *
 * An import that touches every row, and changes none, says nothing: a registry row goes out when what is mapped of it changes.
 * Times have no zone, positions may be empty, a stall may be given to two vendors: both rows stand.
 */

typedef struct {
        CaseOptions of;
        PageOptions page;
        int table;
} VendorsOptions;

#define AT(member) offsetof(VendorsOptions, member)

typedef enum { AUTO, VENDOR, SITE, STALL, VIOLATION } TableKind;

static const char *const names[] = { "auto", "vendor", "site", "stall", "violation", NULL };

static const RowTable tables[] = { { "vendor", "name_mask|goods" },
                                   { "site", "stalls|geom_wkt" },
                                   { "stall", "site_id" },
                                   { "violation", "found_at|stall_id" },
                                   { 0 } };

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
        { "is_delete", CASE_DELETED },
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

static const CaseForm forms[] = {
        { .kind = KIND_REGISTRY,
          .members = members,
          .words = words,
          .state = STATE_FILED,
          .position = POSITION_REGISTRY,
          .reporter = "vendor",
          .whole_days = true },
        { .members = members, .words = words, .state = STATE_RECEIVED, .closed_says_so = true, .whole_days = true }
};

static TableKind table_of(const VendorsOptions *options, const Record *record, const json_t *row)
{
        return options->table ? (TableKind)options->table : (TableKind)rows_table(tables, record, row);
}

/* Each table numbers its rows on its own. */
static const char *id_make(TableKind of, const char *id, Arena *arena)
{
        return id ? arena_format(arena, "%s/%s", names[of], id) : NULL;
}

/* By its own id a violation names a stall; by site and number two rows are seen to be one place. Of a row that is gone its id is left. */
static void objects_fill(TableKind of, const json_t *row, const char *id, Arena *arena, Event *event)
{
        const char *site = json_text(row, "site_id"), *number = json_text(row, "no");

        event_add_object(event, OBJECT_STALL, of == STALL ? id : json_text(row, "stall_id"));
        if (of == VENDOR || of == SITE)
                event_add_object(event, OBJECT_ASSET, event->source.id);
        if (of != STALL)
                return;
        if (site && number)
                event_add_object(event, OBJECT_ASSET, arena_format(arena, "%s/%s/%s", names[STALL], site, number));
        event_add_object(event, OBJECT_ASSET, id_make(SITE, site, arena));
        event_add_object(event, OBJECT_ASSET, id_make(VENDOR, json_text(row, "vendor_id"), arena));
}

static void site_fill(const CaseOptions *options, const json_t *row, Arena *arena, Event *event)
{
        enum { STALLS_MOST = 10000 }; /* of one site: more is no count */
        const char *from = json_text(row, "open_from"), *to = json_text(row, "open_to");
        Error unread;
        double value;

        if (from && to)
                event->description = arena_format(arena, "%s-%s", from, to);
        place_wkt(options->crs, json_text(row, "geom_wkt"), options->accuracy_m, arena, event);
        if (json_number(row, "stalls", &value, &unread) && value >= 0 && value <= STALLS_MOST)
                event->measurements[event->measurements_size++] =
                        (EventMeasurement){ .factor = "stalls", .name = "摊位", .value = value, .limit = (double)NAN };
}

/* A violation is a stall's; who is seen without one is a hawker. */
static void category_fill(TableKind of, const json_t *row, Event *event)
{
        const bool hawker = of == VIOLATION && (!json_text(row, "stall_id") ||
                                                text_holds_one("未登记|无证|流动", event->category.raw_name));

        fill_category(hawker ? "E0501" : "E2119", METHOD_RULE, event);
}

/* What is mapped, without the time at which somebody touched it. */
static const char *content_hash(const Case *found, const Event *event, Arena *arena)
{
        const char *ids = "", *geometry = event->geometry ? event->geometry : "";
        Case content = *found;

        content.texts[CASE_UPDATED] = content.texts[CASE_DELETED] = NULL;
        for (size_t i = 0; i < event->objects_size; i++)
                ids = arena_format(arena, "%s %s", ids, event->objects[i].id);
        content.texts[CASE_CHANNEL] = arena_format(arena, "%s %s %s %s %g", state_name(event->status.state), ids,
                                                   geometry, event->description ? event->description : "",
                                                   event->measurements_size ? event->measurements[0].value : 0);
        return case_hash(&content, arena);
}

static bool row_emit(TableKind of, const Event *event, const char *state, Output *output, Error *err)
{
        return of == VIOLATION ? emit(output, event, err) : emit_change(output, event, state, err);
}

static bool row_translate(const void *of, const json_t *row, Output *output, Error *err)
{
        const VendorsOptions *options = of;
        const TableKind kind = table_of(options, record_of(output), row);
        const CaseForm *form = &forms[kind == VIOLATION];
        const char *id, *hash;
        Arena *arena = scratch(output);
        Case found = { 0 };
        Event event;

        if (kind == AUTO)
                return error_set(err, ERR_INPUT, "unknown_message", "a row of none of the tables; see option table");
        case_read(form, &options->of, row, arena, &found);
        id = found.texts[CASE_ID];
        if (!case_id_check("id", id, false, err))
                return false;
        found.texts[CASE_ID] = id_make(kind, id, arena);
        if (kind == VIOLATION)
                found.texts[CASE_TITLE] = found.texts[CASE_CATEGORY];
        if (!case_event(form, &options->of, &found, arena, &event, err))
                return false;
        objects_fill(kind, row, id, arena, &event);
        category_fill(kind, row, &event);
        if (kind == SITE)
                site_fill(&options->of, row, arena, &event);
        hash = content_hash(&found, &event, arena);
        event.source.revision = case_revision(&found, hash, arena);
        return row_emit(kind, &event, hash, output, err);
}

/* A row that is gone: its key alone is left, so the table must be known without its columns. */
static bool tombstone_translate(const VendorsOptions *options, const Record *record, Output *output, Error *err)
{
        Arena *arena = scratch(output);
        const char *key = record_key(record, arena);
        const TableKind of = table_of(options, record, NULL);
        Event event;

        if (key && of == AUTO)
                return error_set(err, ERR_INPUT, "unknown_message", "a row of none of the tables; see option table");
        if (!fill_deleted(&options->of, record, of == VIOLATION ? KIND_REPORT : KIND_REGISTRY, id_make(of, key, arena),
                          arena, &event, err))
                return false;
        fill_category("E2119", METHOD_RULE, &event);
        objects_fill(of, NULL, key, arena, &event);
        return row_emit(of, &event, "deleted", output, err);
}

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        static const PageForm form = { .numbers = "id", .translate = row_translate };
        const VendorsOptions *options = of;

        return record->size == 0 ? tombstone_translate(of, record, output, err)
                                 : record_translate(&form, &options->page, of, record, output, err);
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
