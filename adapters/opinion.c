#include "adapters/list.h"
#include "hub/base/crypto.h"
#include "hub/base/link.h"
#include "hub/base/map.h"
#include "hub/base/text.h"
#include "hub/dialect/case.h"
#include "hub/document/page.h"
#include "hub/document/record.h"

#include <string.h>

/*
 * Platform 16, public opinion: feeds of posts in RSS 2.0 (rssboard.org/rss-specification), Atom (RFC 4287, deletions RFC 6721)
 * and RDF (purl.org/rss/1.0/spec). A post is a case; an edited one a revision.
 */

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
static const XmlSpace spaces[] = {
        { "http://www.w3.org/2005/Atom", "" },        { "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf" },
        { "http://purl.org/rss/1.0/", "" },           { "http://purl.org/rss/1.0/modules/content/", "content" },
        { "http://purl.org/dc/elements/1.1/", "dc" }, { "http://purl.org/atompub/tombstones/1.0", "at" },
        { "http://www.w3.org/1999/xhtml", NULL },     { 0 },
};
static const XmlForm xml = { .spaces = spaces, .lists = "item entry link category at:deleted-entry", .fold = true };
/* Where items stand; the last three alone: set aside by us, or Atom's entry documents. */
static const char *const lists[] = { "rss.channel.item",      "rss.item", "rdf:rdf.item", "feed.entry",
                                     "feed.at:deleted-entry", "item",     "entry",        "at:deleted-entry" };
static const CaseMember members[] = {
        { "guid", CASE_ID },
        { "id", CASE_ID },
        { "@ref", CASE_ID },
        { "pubdate", CASE_REPORTED },
        { "published", CASE_REPORTED },
        { "dc:date", CASE_REPORTED },
        { "updated", CASE_UPDATED },
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

static const char *link_of(const json_t *item)
{
        const json_t *links = json_at(item, "link"), *one = NULL;
        const char *link = NULL;

        for (size_t i = 0; !link && (one = json_array_get(links, i)); i++) {
                const char *rel = json_text(one, "@rel"), *from = json_at(one, "@href") ? "@href" : "#text";

                link = !rel || text_same(rel, "alternate") ? json_text(one, from) : NULL;
        }
        if (!link && !text_same(json_text(item, "guid@ispermalink"), "false"))
                link = json_text(item, "guid");
        return link ? link : json_text(item, "@rdf:about");
}

/* Without what only says by which way a reader came. */
static char *link_clean(char *link)
{
        static const char ways[] = "utm_source|utm_medium|utm_campaign|utm_term|utm_content|spm|fbclid|gclid";
        char *end = link + strcspn(link, "?#"), *at = end, mark = '?';

        for (size_t size = 0; *at && *at != '#'; at += size) {
                size = 1 + strcspn(at + 1, "&#");
                if (text_among(ways, at + 1, strcspn(at + 1, "=&#")))
                        continue;
                memmove(end, at, size);
                *end = mark;
                end += size;
                mark = '&';
        }
        memmove(end, at, strlen(at) + 1);
        return link;
}

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

/* What an item needs of its feed goes into it, so that one that is set aside means the same alone. */
static bool item_emit(const OpinionOptions *options, const char *base, json_t *item, Map *said, Output *out, Error *err)
{
        const char *own = json_text(item, "@xml:base"), *type = json_text(item, "content@type"), *title, *day = "";
        CLEANUP(mem_drop) char *whole = link_join(base, own ? own : ""), *link = NULL;
        Arena *arena = scratch(out);
        Case found = { 0 };
        const char **texts = found.texts;
        Event event;
        int64_t ms;

        if (*whole)
                json_object_set_new(item, "@xml:base", json_string(whole));
        if (type && !text_is_one_of("text|html|xhtml|text/html|text/plain|CDATA", type))
                json_object_del(item, "content"); /* a film; CDATA: so writes feedgen, for html */
        link = link_of(item) ? link_clean(link_join(whole, link_of(item))) : NULL;
        case_read(&form, &options->of, item, arena, &found);
        texts[CASE_DESCRIPTION] = unescape(texts[CASE_DESCRIPTION], arena);
        texts[CASE_URL] = link && text_starts(link, "http") ? link : NULL;
        if (texts[CASE_REPORTED] && time_read_in(texts[CASE_REPORTED], options->of.zone_ms, &ms, NULL, &(Error){ 0 })) {
                texts[CASE_OCCURRED] = texts[CASE_REPORTED];
                day = arena_format(arena, "%.10s", time_text(ms + options->of.zone_ms, (char[TIME_TEXT_SIZE]){ 0 }));
        }
        place_take(options, item, arena, &found);
        title = texts[texts[CASE_TITLE] ? CASE_TITLE : CASE_DESCRIPTION];
        if (!json_at(item, "@ref") && (options->by_link || !texts[CASE_ID]))
                texts[CASE_ID] = texts[CASE_URL] || !title ? texts[CASE_URL] : words_hash(title, day, arena);
        if (!case_event(&form, &options->of, &found, arena, &event, err))
                return false;
        event.status.state = json_at(item, "@ref") ? STATE_DELETED : event.status.state;
        category_fill(options, item, &found, &event);
        if (event.position.method == POSITION_NONE)
                event.position.accuracy_m =
                        options->of.accuracy_m; /* an article's place is no nearer, whatever it names */
        said_before(&found, item, said, arena, &event);
        return emit(out, &event, err);
}

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        CLEANUP(json_drop) json_t *root = record_read(record, &xml, output, err);
        CLEANUP(map_drop) Map *said = map_new();
        const char *own = json_text(root, "rss@xml:base");
        CLEANUP(mem_drop) char *base = link_join(record->channel, own ? own : "");
        const bool feed = json_at(root, "rss.channel") || json_at(root, "feed") || json_at(root, "rdf:rdf");
        size_t count = 0;

        for (size_t i = 0; root && i < sizeof(lists) / sizeof(lists[0]); i++) {
                const json_t *items = json_at(root, lists[i]);
                const char *name = strrchr(lists[i], '.') ? strrchr(lists[i], '.') + 1 : lists[i];

                for (size_t at = 0; at < json_array_size(items); at++, count++) {
                        json_t *item = json_array_get(items, at);
                        CLEANUP(json_drop) json_t *alone = json_pack("{s[O]}", name, item);
                        Error why = { 0 };

                        item_begin(output);
                        if (!item_emit(of, base, item, said, output, &why) && !item_reject(output, alone, &why, err))
                                return false;
                }
        }
        if (root && !count && feed)
                ignored(output, "no posts");
        return root &&
               (count || feed || error_set(err, ERR_INPUT, "unsupported", "neither RSS with a channel, Atom nor RDF"));
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
