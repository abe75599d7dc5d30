#pragma once

/*
 * The signature of an operator's command (messages.md section 3): header hub_mac = VERSION:hex, HMAC-SHA-256 over the value's
 * bytes. Keys come from a file of lines "version hex" that adapters never read; '#' starts a comment; the highest signs.
 */

#include "hub/base/error.h"

#include <stddef.h>

typedef struct MacKeys MacKeys;

enum { MAC_TEXT_SIZE = 80 };

MacKeys *mac_load(const char *path, Error *err); /* ERR_FATAL when unreadable, wrong, or readable by others */
void mac_free(MacKeys *keys);
char *mac_sign(const MacKeys *keys, const char *value, size_t size, char out[MAC_TEXT_SIZE]);
bool mac_verify(const MacKeys *keys, const char *mac, const char *value, size_t size); /* mac NULL: false */
