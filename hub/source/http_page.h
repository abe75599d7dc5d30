#pragma once

/*
 * What a page holds, as far as the transport must know: how many items, and which ids, so that it can tell the last page and
 * whether two passes over a window brought the same. The dialect is the adapter's.
 */

#include "hub/base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

/* The ids of one pass, as hashes. */
typedef struct {
        uint64_t *ids;
        size_t size, room;
} PageIds;

/* Number of items, whose ids are appended; -1 when the page is no such document (a login page, say). */
int64_t page_items(const char *bytes, size_t size, const char *items, const char *id, PageIds *ids);
void page_id_add(PageIds *ids, uint64_t id);
bool page_ids_same(PageIds *one, PageIds *other);       /* as sets; sorts both */
void page_ids_clear(PageIds *ids);
void page_ids_free(PageIds *ids);
