#pragma once

/*
 * How inputs are changed, and what must hold of each change. All of them begin with the input's text in UTF-8 and what it gave;
 * those of bytes take the input as it is.
 */

#include "hub/conform/bench.h"

typedef struct {
        Bench *bench;
        Document document; /* the input's text in UTF-8, without byte order mark */
        const char *content_type;
        Outcome whole; /* what the text gives as it is; in an arena of its own */
        Arena *arena;  /* that one, and of what is noted by the way */
} Text;

/* Bytes: the input itself twice, cut, with bytes changed, and in place of it what sick peers send. */
void change_bytes(Bench *bench);
void change_sick(Bench *bench);

/* Texts: false: the input is no text that could be read in one way only. */
bool text_open(Text *text, Bench *bench);
void text_close(Text *text);
Attempt text_attempt(const Text *text, const char *what, const char *bytes, size_t size);
/* A short text counts where it stands between other things, a long one anywhere. */
bool text_stands_in(const char *text, size_t size, const char *where);
bool text_touches(const Text *text, const Leaf *leaf); /* it stands in the number of a case */
bool text_is_id_known(const Text *text); /* some leaf does; else the number is a hash, or comes from elsewhere */
const char *text_literal(const Text *text, const char *value, Arena *arena); /* a value as the document writes one */

void change_leaves(Text *text); /* each member null, empty, "-", blank, absent, unknown, with somebody's number in it */
void change_items(Text *text);  /* a bad item among good ones, an item twice, ten thousand of them */
void change_forms(Text *text);  /* another character set, a wrapping around it */
void change_large(Text *text);  /* a member of a megabyte, depth, blanks without end */
