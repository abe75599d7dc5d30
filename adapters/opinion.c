#include "adapters/list.h"
#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/map.h"
#include "hub/base/text.h"
#include "hub/dialect/case.h"
#include "hub/document/feed.h"

#include <string.h>

/* Platform 16, public opinion: feeds of posts in RSS 2.0, Atom and RDF. A post is a case; an edited one a revision. */

typedef struct {
        CaseOptions of;
        char *spread;
        bool by_link;
} OpinionOptions;

#define AT(member) offsetof(OpinionOptions, member)

static const Option table[] = {
        { "by_link", OPTION_FLAG, AT(by_link), .about = "links name posts: guids come again, or anew each time" },
        { "spread", OPTION_TEXT, AT(spread), .value = "slash:comments", .about = "path of how often it was shared" },
        { "crs", OPTION_CUSTOM, AT(of.crs), .custom = &crs_option, .about = "system of positions; none: not read" },
        { "accuracy_m", OPTION_NUMBER, AT(of.accuracy_m), .value = "1000", .about = "how far off they may be" },
        { .type = OPTION_PART, .offset = AT(of), .part = case_options },
};

static const CaseMember members[] = {
        { "guid", CASE_ID },
        { "id", CASE_ID },
        { "@ref", CASE_ID },
        { "pubdate", CASE_REPORTED },
        { "published", CASE_REPORTED },
        { "dc:date", CASE_REPORTED },
        { "issued", CASE_REPORTED },
        { "updated", CASE_UPDATED },
        { "modified", CASE_UPDATED },
        { "@when", CASE_UPDATED },
        { "title", CASE_TITLE },
        { "content:encoded", CASE_DESCRIPTION },
        { "content", CASE_DESCRIPTION },
        { "description", CASE_DESCRIPTION },
        { "summary", CASE_DESCRIPTION },
        { "author.name", CASE_REPORTER },
        { "author", CASE_REPORTER },
        { "dc:creator", CASE_REPORTER },
        { "source.title", CASE_CHANNEL },
        { "source", CASE_CHANNEL },
        { "enclosure@url", CASE_MEDIA },
        { 0 },
};

static const SeverityWords far[] = { { "1", SEVERITY_LOW }, { "2", SEVERITY_MEDIUM }, { "3", SEVERITY_HIGH }, { 0 } };

static const CaseForm form = {
        .members = members, .severities = far, .state = STATE_RECEIVED, .position = POSITION_GAZETTEER
};

/* Nothing but markup is nothing; markup that was escaped twice loses one layer here, the other in emit(). */
static const char *unescape(const char *text, Arena *arena)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        const char *tag = text && !strchr(text, '<') ? strstr(text, "&lt;") : NULL, *plain;

        text_plain(&out, text ? text : "", text ? strlen(text) : 0);
        plain = text_trim(out.size ? out.bytes : "", &out.size);
        if (!out.size || text_among("-", plain, out.size))
                return NULL;
        return tag && strstr(tag, "&gt;") && strchr("/abdfhilpsu", tag[4]) ? arena_copy(arena, plain, out.size) : text;
}

/* The words of a text, whatever its markup, blanks and punctuation, and what stands behind. */
static const char *words_hash(const char *text, const char *behind, Arena *arena)
{
        CLEANUP(buffer_free) Buffer plain = { 0 }, key = { 0 };

        text_plain(&plain, text, strlen(text));
        text_normalise(&key, plain.bytes ? plain.bytes : "", plain.size);
        buffer_text(&key, behind);
        return sha256_digits(key.bytes, key.size, 32, arena);
}

static void place_take(const OpinionOptions *options, const json_t *item, Arena *arena, Case *found)
{
        const char *point = json_text(item, "georss:point"), *told = json_text(item, options->spread);
        const size_t size = point ? strcspn(point, " ,\t\r\n") : 0;
        int64_t count = 0, least = 100;

        found->texts[CASE_LAT] = point ? arena_copy(arena, point, size) : NULL;
        found->texts[CASE_LON] = point && point[size] ? point + size + strspn(point + size, " ,\t\r\n") : NULL;
        for (size_t i = 0; i < 3 && told && text_read_integer(told, &count) && count >= least; i++, least *= 10)
                found->texts[CASE_SEVERITY] = far[i].words;
}

/* The first of the table's words that is a term of the post or stands in its text. */
static void category_fill(const OpinionOptions *options, const json_t *item, const Case *found, Event *event)
{
        CLEANUP(buffer_free) Buffer all = { 0 };
        const TextTable *codes = &options->of.categories;
        const json_t *terms = json_at(item, "category"), *one;
        const char *title = found->texts[CASE_TITLE], *text = found->texts[CASE_DESCRIPTION], *term;

        event->category.code = "E2111";
        event->category.method = METHOD_DEFAULT;
        buffer_format(&all, "%s\n%s", title ? title : "", text ? text : "");
        for (size_t i = 0; (one = json_array_get(terms, i)); i++) {
                term = json_text(one, json_at(one, "@term") ? "@term" : "#text");
                event->category.raw_name = event->category.raw_name ? event->category.raw_name : term;
                buffer_format(&all, "\n%s", term ? term : "");
        }
        for (size_t i = 0; i < codes->size && !event->category.also_size; i++)
                if (strstr(all.bytes, codes->keys[i]))
                        event->category.also[event->category.also_size++] = codes->values[i];
}

/* The same text on another site is linked, not merged. `said`: hash of a text to the first item that said it. */
static void said_before(const Case *found, json_t *item, Map *said, Arena *arena, Event *event)
{
        const char *text = found->texts[found->texts[CASE_DESCRIPTION] ? CASE_DESCRIPTION : CASE_TITLE];
        const char *key = text && text_points(text) >= 12 ? words_hash(text, "", arena) : NULL;
        const char *first = key ? json_text(map_get_text(said, key), "@said") : NULL;

        if (first && !text_same(first, event->source.id))
                event_add_case_link(event, "repeat", first);
        else if (key && !first && json_object_set_new(item, "@said", json_string(event->source.id)) == 0)
                map_put_text(said, key, item);
}

typedef struct {
        const OpinionOptions *options;
        Map *said;
} Feed;

/* When it was published; where that cannot be read, when it was edited is when it happened. Its day, in the site's zone; "": not told. */
static const char *published_take(const CaseOptions *options, Arena *arena, Case *found)
{
        const char *told = found->texts[CASE_REPORTED];
        char text[TIME_TEXT_SIZE];
        Error unread;
        int64_t ms;

        if (!told || !time_read_in(told, options->zone_ms, &ms, NULL, &unread))
                return "";
        found->texts[CASE_OCCURRED] = told;
        return arena_format(arena, "%.10s", time_text(ms + options->zone_ms, text));
}

static void post_read(const OpinionOptions *options, const json_t *post, Arena *arena, Case *found)
{
        const char **texts = found->texts, *link = feed_link(post, arena), *title, *day;

        case_read(&form, &options->of, post, arena, found);
        texts[CASE_DESCRIPTION] = unescape(texts[CASE_DESCRIPTION], arena);
        texts[CASE_URL] = link && text_starts(link, "http") ? link : NULL;
        day = published_take(&options->of, arena, found);
        place_take(options, post, arena, found);
        title = texts[texts[CASE_TITLE] ? CASE_TITLE : CASE_DESCRIPTION];
        if (!json_at(post, "@ref") && (options->by_link || !texts[CASE_ID]))
                texts[CASE_ID] = texts[CASE_URL] || !title ? texts[CASE_URL] : words_hash(title, day, arena);
}

/* An article's place is no nearer than the option says, whatever it names. */
static bool post_translate(const void *of, json_t *post, Output *output, Error *err)
{
        const Feed *feed = of;
        const OpinionOptions *options = feed->options;
        Arena *arena = scratch(output);
        Case found = { 0 };
        Event event;

        post_read(options, post, arena, &found);
        if (!case_event(&form, &options->of, &found, arena, &event, err))
                return false;
        event.status.state = json_at(post, "@ref") ? STATE_DELETED : event.status.state;
        category_fill(options, post, &found, &event);
        if (event.position.method == POSITION_NONE)
                event.position.accuracy_m = options->of.accuracy_m;
        said_before(&found, post, feed->said, arena, &event);
        return emit(output, &event, err);
}

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        CLEANUP(map_drop) Map *said = map_new();

        return feed_translate(post_translate, &(Feed){ of, said }, record, output, err);
}

const Adapter opinion = {
        .name = "opinion",
        .about = "Public opinion: posts in feeds of RSS 2.0, Atom 1.0 and RDF",
        .platform = "p16",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(OpinionOptions),
        .translate = translate,
        .forms = &form,
        .forms_size = 1,
};
