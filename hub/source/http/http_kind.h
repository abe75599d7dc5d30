#pragma once

/*
 * Which time a server's window asks for, as far as its own answers tell: a span in the past is asked for, and each member of
 * the items that holds times is looked at. Where all of one member's lie in the span and some of another's do not, the window
 * is of the first. So a window of requests, which never shows what changed later, is told from one of changes.
 *
 * Deadlines are left out, by the names that are usual: they may lie anywhere.
 */

#include "hub/base/buffer.h"
#include "hub/source/http/http_page.h"

enum { KIND_MEMBERS_MOST = 32, KIND_NAME_SIZE = 64 };

typedef struct {
        char name[KIND_NAME_SIZE];
        size_t before, inside, after; /* of items whose time lies so */
        bool is_text;                 /* some value was no time */
} KindMember;

typedef struct {
        int64_t from, to; /* the span, ms */
        size_t items, size;
        KindMember members[KIND_MEMBERS_MOST];
} KindLook;

typedef enum {
        KIND_UNKNOWN,  /* nothing tells */
        KIND_CHANGES,  /* what changed in the span comes, whenever it was requested */
        KIND_REQUESTS, /* what changed after the span comes with it: its change is not in a window of its own */
        KIND_NO_WINDOW /* the span is not obeyed at all */
} Kind;

void kind_look(KindLook *look, const PageForm *form, const char *bytes, size_t size);
Kind kind_verdict(const KindLook *look, const char **asked, const char **other); /* names of members; borrowed */
