#pragma once

/*
 * Character sets: which one a document is of, by one rule for all, and its UTF-8. The first of these that says something:
 *
 * 1. A byte order mark, which is dropped.
 * 2. The bytes. Text of ours is UTF-8 or GB18030, and Chinese of the one is hardly ever that of the other: where those in whole
 *    UTF-8 sequences of three or more are at least as many as those of everyday characters when read as GB18030, it is UTF-8,
 *    whatever a label says. So a few bad bytes turn no page into another character set.
 * 3. What the document declares (<?xml encoding="gb2312"?>), if it is a name of our list; before the label of its transport,
 *    which often is a server's default. What was readable as bytes is no UTF-16 though it says so.
 * 4. The label: a content type ("text/xml; charset=gb2312") or a name.
 * 5. GB18030; UTF-8 where nothing but characters of it that were cut is no ASCII.
 *
 * Bytes that are called UTF-8, but have more Chinese as GB18030 and hardly a broken sequence, are GB18030.
 *
 * GBK and GB2312 are decoded as GB18030 (the WHATWG Encoding Standard's rule, clause 4.2). The name of a character set never
 * goes from a message into iconv: only our own closed list does.
 *
 * Strict with counted repair: each broken sequence becomes U+FFFD and is counted; the caller marks encoding_repaired.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

typedef struct Charset Charset;

/* By the rule above; label may be NULL. *start: where its text begins, behind the mark. Never NULL. */
const Charset *charset_find(const char *label, const char *bytes, size_t size, size_t *start);
size_t charset_unit(const Charset *charset); /* bytes that the shortest character takes: 2 in UTF-16, else 1 */

/* Appends the UTF-8 of bytes to out, and adds to *repaired. */
bool charset_convert(const Charset *charset, Buffer *out, const char *bytes, size_t size, size_t *repaired, Error *err);

/* Both in one, for a whole document; *repaired is set. */
bool charset_decode(Buffer *out, const char *label, const char *bytes, size_t size, size_t *repaired, Error *err);

/* The other way, of UTF-8 text, for tools that try what a platform might send. False: no such set, or it lacks a character. */
bool charset_encode(Buffer *out, const char *label, const char *text, size_t size);
