#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * A link as its document means it (RFC 3986 section 5.2, strict): under `base`, which may be NULL or itself no whole one; then,
 * and where the link is whole, as it is. Owned. Bytes that RFC 3986 does not allow (blanks, Chinese) are taken for letters.
 */
char *link_join(const char *base, const char *link);

/*
 * Several links in one text, parted by commas, semicolons (of either width), | or blanks: moves to the next and gives its size, 0 at
 * the end. A comma within one (image/resize,w_200) parts nothing unless a file's name ends before it or a link begins behind it.
 */
size_t link_next(const char **text);

/* Whether a text is a whole address of http or https, with nothing in it that has to be encoded. */
bool link_is_web(const char *text, size_t size);
