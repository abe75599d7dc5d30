#pragma once

/*
 * Feeds of posts: RSS 2.0 (rssboard.org/rss-specification), Atom 1.0 (RFC 4287; deletions RFC 6721, which are posts with an `@ref`) and
 * RDF (purl.org/rss/1.0/spec). Names are small letters; Atom's and RSS 1.0's stand without prefix, `content:encoded`, `dc:date`,
 * `rdf:about`. What a post needs of its feed is put into it (`@xml:base`), so that one that is set aside means the same alone; Atom's
 * `content` is there only where it is a text.
 */

#include "hub/adapter.h"

#include <jansson.h>

/*
 * Each post. A bad one (ERR_INPUT) is set aside under its element's name, and the others go on; with anything else this ends. A feed
 * without posts is ignored; what is no feed is ERR_INPUT, unsupported.
 */
typedef bool (*FeedPost)(const void *of, json_t *post, Output *output, Error *err);
bool feed_translate(FeedPost translate, const void *of, const Record *record, Output *output, Error *err);

/* Where a post is read: whole by the feed's base, without what only says by which way a reader came (utm_source ...); NULL: not told. */
const char *feed_link(const json_t *post, Arena *arena);
