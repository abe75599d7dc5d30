#pragma once

/*
 * Character sets. GBK and GB2312 labels are decoded as GB18030 (the WHATWG Encoding Standard's rule, clause 4.2); a byte
 * order mark wins over the label and is dropped. No label or an unknown one: UTF-8 when the bytes are valid UTF-8, else
 * GB18030. The name of the character set never goes from a message into iconv: only our own closed list does.
 *
 * Strict with counted repair: each broken sequence becomes U+FFFD and is counted; the caller marks encoding_repaired.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

/* Appends the UTF-8 of bytes to out. label may be NULL, a content type ("text/xml; charset=gb2312") or a name. */
bool charset_decode(Buffer *out, const char *label, const char *bytes, size_t size, size_t *repaired, Error *err);
