#include "hub/document/feed.h"

#include "hub/base/json.h"
#include "hub/base/link.h"
#include "hub/base/text.h"
#include "hub/document/page.h"
#include "hub/document/record.h"

#include <string.h>

static const XmlSpace spaces[] = {
        { "http://www.w3.org/2005/Atom", "" },
        { "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf" },
        { "http://purl.org/rss/1.0/", "" },
        { "http://purl.org/rss/1.0/modules/content/", "content" },
        { "http://purl.org/dc/elements/1.1/", "dc" },
        { "http://purl.org/atompub/tombstones/1.0", "at" },
        { "http://purl.org/atom/ns#", "" },
        { "http://www.w3.org/1999/xhtml", NULL },
        { 0 },
};
static const XmlForm xml = { .spaces = spaces, .lists = "item entry link category at:deleted-entry", .fold = true };

/* Where posts stand; the last three alone: set aside by us, or Atom's entry documents. */
static const char *const lists[] = { "rss.channel.item",      "rss.item", "rdf:rdf.item", "feed.entry",
                                     "feed.at:deleted-entry", "item",     "entry",        "at:deleted-entry" };

/* ---- links ---- */

static const char *link_told(const json_t *post)
{
        const json_t *links = json_at(post, "link"), *one = NULL;
        const char *link = NULL;

        for (size_t i = 0; !link && (one = json_array_get(links, i)); i++) {
                const char *rel = json_text(one, "@rel"), *from = json_at(one, "@href") ? "@href" : "#text";

                link = !rel || text_same(rel, "alternate") ? json_text(one, from) : NULL;
        }
        if (!link && !text_same(json_text(post, "guid@ispermalink"), "false"))
                link = json_text(post, "guid");
        return link ? link : json_text(post, "@rdf:about");
}

/* Without what only says by which way a reader came. */
static void link_clean(char *link)
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
}

const char *feed_link(const json_t *post, Arena *arena)
{
        const char *told = link_told(post);
        CLEANUP(mem_drop) char *link = told ? link_join(json_text(post, "@xml:base"), told) : NULL;

        if (!link)
                return NULL;
        link_clean(link);
        return arena_copy(arena, link, strlen(link));
}

/* ---- posts ---- */

static void post_open(const char *base, json_t *post)
{
        const char *own = json_text(post, "@xml:base"), *type = json_text(post, "content@type");
        CLEANUP(mem_drop) char *whole = link_join(base, own ? own : "");

        if (*whole)
                json_object_set_new(post, "@xml:base", json_string(whole));
        if (type && !text_is_one_of("text|html|xhtml|text/html|text/plain|CDATA", type))
                json_object_del(post, "content"); /* a film; CDATA: so writes feedgen, for html */
}

static bool posts_translate(FeedPost translate, const void *of, const char *base, const char *name, json_t *posts,
                            Output *output, Error *err)
{
        json_t *post;
        size_t i;

        json_array_foreach(posts, i, post) {
                CLEANUP(json_drop) json_t *alone = json_pack("{s[O]}", name, post);
                Error why = { 0 };

                item_begin(output);
                post_open(base, post);
                if (!translate(of, post, output, &why) && !item_reject(output, alone, &why, err))
                        return false;
        }
        return true;
}

bool feed_translate(FeedPost translate, const void *of, const Record *record, Output *output, Error *err)
{
        CLEANUP(json_drop) json_t *root = record_read(record, &xml, output, err);
        const char *own = json_text(root, "rss@xml:base");
        CLEANUP(mem_drop) char *base = link_join(record->channel, own ? own : "");
        const bool feed = json_at(root, "rss.channel") || json_at(root, "feed") || json_at(root, "rdf:rdf");
        size_t count = 0;

        for (size_t i = 0; root && i < sizeof(lists) / sizeof(lists[0]); i++) {
                json_t *posts = (json_t *)(uintptr_t)json_at(root, lists[i]);
                const char *dot = strrchr(lists[i], '.');

                count += json_array_size(posts);
                if (!posts_translate(translate, of, base, dot ? dot + 1 : lists[i], posts, output, err))
                        return false;
        }
        if (root && !count && feed)
                ignored(output, "no posts");
        return root &&
               (count || feed || error_set(err, ERR_INPUT, "unsupported", "neither RSS with a channel, Atom nor RDF"));
}
