#pragma once

/*
 * What a page holds, as far as paging must know, and whether two passes over the pages of a window brought the same.
 *
 * Rows shift between pages while we read: what moves from page 3 to page 2 between the two requests is seen by neither. So a
 * window of several pages is read until two passes in a row bring the same set of ids. An id is kept as 64 bits of hash.
 */

#include "hub/base/error.h"

#include <stddef.h>
#include <stdint.h>

typedef struct {
        uint64_t *ids; /* sorted once the pass is over */
        size_t size, room;
} IdSet;

typedef struct {
        IdSet now, before;  /* this pass, the one before */
        uint64_t last;      /* digest of the page before this one */
        size_t pages, full; /* with items so far; those with page_size of them or more */
        uint64_t number;    /* of the pass, from 1 */
} Pass;

typedef enum {
        PAGE_MORE, /* ask for the next one */
        PAGE_LAST, /* this pass is over */
} PageResult;

typedef struct {
        const char *items, *id; /* dotted paths, NULL: the page itself is the array; the whole item is its id */
        int64_t page_size;      /* 0: unknown */
        const char *content_type;
} PageForm;

void pass_begin(Pass *pass); /* the first of a window */
PageResult pass_page(Pass *pass, const PageForm *form, const char *bytes, size_t size);
bool pass_settled(const Pass *pass); /* after PAGE_LAST: nothing can have been missed. Else pass_again() */
void pass_again(Pass *pass);
void pass_free(Pass *pass);
