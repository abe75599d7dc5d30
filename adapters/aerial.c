#include "adapters/list.h"
#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/dialect/fill.h"
#include "hub/dialect/place.h"
#include "hub/document/geojson.h"
#include "hub/document/page.h"
#include "hub/geo/spots.h"

#include <math.h>
#include <string.h>

/*
 * Platform 5, spots of the aerial survey: a file of GeoJSON (RFC 7946) a survey round, a Feature a spot where two rounds of pictures
 * differ. The names of its properties, pinyin as is usual, and the words of HCZT are a proposal: no schema was published.
 *
 * A spot is told again as its check goes on. It tells no time of that but a day, HCRQ: revision is that and a hash of what
 * is mapped, the outline too.
 */

typedef struct {
        CaseOptions of;
        Spots *earlier; /* NULL: none */
} AerialOptions;

static const Option table[] = {
        { "crs", OPTION_CUSTOM, offsetof(CaseOptions, crs), .custom = &crs_option, .flags = OPTION_REQUIRED,
          .about = "system of the coordinates; a `crs` of the file's that says another marks crs_assumed" },
        { "accuracy_m", OPTION_NUMBER, offsetof(CaseOptions, accuracy_m), .value = "5", .least = 1, .most = 100000,
          .about = "how far off a corner may be" },
        { "earlier", OPTION_CUSTOM, offsetof(AerialOptions, earlier), .custom = &spots_option,
          .about = "earlier rounds, in the same crs, read at the start: a spot over one of theirs is linked to it" },
        { .type = OPTION_PART, .offset = offsetof(AerialOptions, of), .part = case_options },
};

static const CaseMember members[] = {
        { "id", CASE_ID },
        { "properties.PC", CASE_CHANNEL },
        { "properties.HCZT", CASE_STATUS },
        { "properties.HCRQ", CASE_UPDATED },
        { "properties.TBLX", CASE_CATEGORY },
        { "properties.JZD", CASE_SUBDISTRICT },
        { "properties.SQ", CASE_COMMUNITY },
        { 0 },
};

static const StatusWords words[] = {
        { "待核查|未核查|疑似", STATE_RECEIVED },
        { "内业核查|外业核查|核查中", STATE_VERIFYING },
        { "属实|违法|违建", STATE_PROCESSING },
        { "已拆除|核销|已核销", STATE_CLOSED, OUTCOME_DONE },
        { "合法|不属实", STATE_CLOSED, OUTCOME_UNFOUNDED },
        { 0 },
};

static const CaseForm form = { .members = members, .words = words, .state = STATE_RECEIVED };

/* The round and the number in it, where the Feature has no id: numbers begin anew with each round. */
static void item_read(const AerialOptions *of, const json_t *feature, Arena *arena, Case *found)
{
        const char *number = json_text(feature, "properties.TBBH");

        case_read(&form, &of->of, feature, arena, found);
        if (!found->texts[CASE_ID] && number && found->texts[CASE_CHANNEL])
                found->texts[CASE_ID] = arena_format(arena, "%s-%s", found->texts[CASE_CHANNEL], number);
        case_newest(&of->of, "properties.QSX", json_text(feature, "properties.QSX"), CASE_OCCURRED, found);
        case_newest(&of->of, "properties.HSX", json_text(feature, "properties.HSX"), CASE_OCCURRED, found);
}

/* Whatever is no page is taken for a spot, which says what it lacks. */
static const char *number(const void *of, const json_t *object, Arena *arena)
{
        Case found = { 0 };

        item_read(of, object, arena, &found);
        return found.texts[CASE_ID] ? found.texts[CASE_ID] : "";
}

static const char *revision_make(const Case *found, const char *geometry, Arena *arena)
{
        const char *all = arena_format(arena, "%s\n%s", case_hash(found, arena), geometry ? geometry : "");

        return case_revision(found, sha256_digits(all, strlen(all), 16, arena), arena);
}

/* As far as a circle of its area reaches: the place inside may be anywhere in it. */
static double radius_m(const Outline *outline)
{
        const double pi = acos(-1);

        return outline ? round(sqrt(outline_area_m2(outline) / pi)) : 0;
}

/* A spot that has no place (null) is kept; one whose place is wrong is of another system, and so are its neighbours. */
static bool outline_read(const AerialOptions *options, const json_t *feature, Outline **outline, Error *err)
{
        const json_t *geometry = json_object_get(feature, "geometry");
        const char *text = json_string_value(geometry);
        size_t size = text ? strlen(text) : 0;

        if (!text_same(json_text(feature, "type"), "Feature"))
                return error_set(err, ERR_INPUT, "unsupported", "type: no Feature and no FeatureCollection");
        text = text ? text_trim(text, &size) : NULL;
        if (!geometry || json_is_null(geometry) || (text && (size == 0 || text_among("-|--|—", text, size))))
                return true;
        *outline = outline_geojson(options->of.crs, geometry, err);
        return *outline || error_add(err, "geometry");
}

static bool earlier_read(const void *of, const json_t *feature, Arena *arena, Spot *spot, Error *err)
{
        Case found = { 0 };

        if (!outline_read(of, feature, &spot->outline, err))
                return false;
        item_read(of, feature, arena, &found);
        spot->number = found.texts[CASE_ID];
        spot->round = found.texts[CASE_CHANNEL];
        return case_id_check("id", spot->number, false, err) &&
               (spot->round || error_set(err, ERR_INPUT, "missing_field", "PC: missing"));
}

/* Not in the revision: it is the same spot, whatever rounds are at hand. */
static void links_add(const AerialOptions *options, const Case *found, Outline *outline, Event *event)
{
        const Spot spot = { found->texts[CASE_ID], found->texts[CASE_CHANNEL], outline };
        const char *numbers[SPOTS_UNDER_MOST];
        const size_t size = spots_under(options->earlier, &spot, numbers);

        for (size_t i = 0; i < size; i++)
                event_add_case_link(event, "overlap", numbers[i]);
}

static bool item_translate(const void *of, const json_t *feature, Output *output, Error *err)
{
        static const EventMeasurement area = { .factor = "area", .name = "面积", .unit = "m2" };
        enum { MOST_M2 = 100000000 };
        CLEANUP(outline_drop) Outline *outline = NULL;
        const AerialOptions *options = of;
        Arena *arena = scratch(output);
        Case found = { 0 };
        Event event;
        bool stock;

        if (!outline_read(options, feature, &outline, err))
                return false;
        item_read(options, feature, arena, &found);
        if (!case_event(&form, &options->of, &found, arena, &event, err))
                return false;
        stock = text_holds_one("存量|历史", event.category.raw_name);
        fill_category(stock ? "E2115" : "E2114", event.category.raw_name ? METHOD_RULE : METHOD_DEFAULT, &event);
        fill_measurement(feature, "properties.MJ", &area, MOST_M2, &event);
        place_outline(outline, fmax(options->of.accuracy_m, radius_m(outline)), arena, &event);
        event.position.crs = outline ? crs_name(options->of.crs) : NULL;
        event.source.revision = revision_make(&found, event.geometry, arena);
        links_add(options, &found, outline, &event);
        return emit(output, &event, err);
}

static const PageForm page_form = { .number = number, .translate = item_translate, .lists = "features" };

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        const AerialOptions *options = of;

        if (geojson_is_of_another(record, options->of.crs))
                mark(output, QUALITY_CRS_ASSUMED);
        return record_translate(&page_form, NULL, of, record, output, err);
}

static bool check(const void *of, Error *err)
{
        const AerialOptions *options = of;

        return !options->earlier || spots_read(options->earlier, earlier_read, of, err) || error_add(err, "earlier");
}

static void note(const void *of, Buffer *out)
{
        const AerialOptions *options = of;

        if (options->earlier)
                spots_note(options->earlier, out);
}

const Adapter aerial = {
        .name = "aerial",
        .about = "Spots of the aerial survey: GeoJSON, a file a round",
        .platform = "p05",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(AerialOptions),
        .check = check,
        .translate = translate,
        .forms = &form,
        .forms_size = 1,
        .note = note,
};
