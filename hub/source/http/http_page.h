#pragma once

/*
 * What a page holds, as far as paging must know, where the list ends, and whether two passes over the pages of a window brought
 * the same.
 *
 * Rows shift between pages while we read: what moves from page 3 to page 2 between the two requests is seen by neither. So a
 * window of several pages is read until two passes in a row bring the same set of ids. An id is kept as 64 bits of hash.
 *
 * A list ends where a page is empty, where the server begins to repeat itself (the last page again, or from the first one
 * anew), where its total is reached, or, where that is said, behind a page that is not full. Else the page behind is asked for:
 * a server may give fewer than page_size in the middle.
 */

#include "hub/base/error.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
        uint64_t *ids; /* sorted once the pass is over */
        size_t size, room;
} IdSet;

typedef struct {
        IdSet now, before;  /* this pass, the one before */
        IdSet whole;        /* a digest of each page of this pass, in order */
        uint64_t last;      /* digest of the ids of the page before this one */
        size_t alike;       /* pages in a row with those ids, but other contents */
        size_t pages, full; /* with items so far; those with page_size of them or more */
        size_t items;       /* of this pass, as they came */
        bool is_short;      /* the last page had fewer than page_size */
        bool uneven;        /* a page that was not full had another behind it: here such a one is no end; stays */
        bool doubtful;      /* the end is a guess: only another pass that ends there makes it one */
        int64_t total;      /* what the last page said of the whole list, -1: nothing */
        uint64_t number;    /* of the pass, from 1 */
} Pass;

typedef enum {
        PAGE_MORE, /* ask for the next one */
        PAGE_LAST, /* this pass is over */
} PageResult;

typedef struct {
        const char *items, *id; /* dotted paths, NULL: the page itself is the array; the whole item is its id */
        const char *total;      /* dotted path; NULL: a usual name beside the items serves as evidence only */
        int64_t page_size;      /* 0: unknown */
        bool short_ends;        /* a page that is not full is the last one */
        const char *content_type;
} PageForm;

json_t *page_read(const PageForm *form, const char *bytes, size_t size); /* owned; NULL: no JSON */
void pass_begin(Pass *pass);                                             /* the first of a window */
PageResult pass_page(Pass *pass, const PageForm *form, const char *bytes, size_t size);
void pass_end(Pass *pass, bool doubtful); /* as PAGE_LAST: an answer said that no page is behind */
bool pass_complete(const Pass *pass);     /* the server's own total is reached */
bool pass_incomplete(const Pass *pass);   /* the server itself says that more must come */
bool pass_settled(const Pass *pass);      /* after PAGE_LAST: nothing can have been missed. Else pass_again() */
void pass_again(Pass *pass);
void pass_free(Pass *pass);
