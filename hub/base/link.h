#pragma once

/*
 * A link as its document means it (RFC 3986 section 5.2, strict): under `base`, which may be NULL or itself no whole one; then,
 * and where the link is whole, as it is. Owned. Bytes that RFC 3986 does not allow (blanks, Chinese) are taken for letters.
 */
char *link_join(const char *base, const char *link);
