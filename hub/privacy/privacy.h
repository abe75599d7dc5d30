#pragma once

/*
 * Privacy (messages.md section 2, last point). Keys come from a file of lines "version purpose hex" (purpose: pseudonym
 * or seal; 64 hex digits; mode 0400 or 0600); '#' starts a comment. The highest version of a purpose is current; the
 * one before it is carried along for one window after a rotation, in objects and reporter.id.
 *
 * Without keys: the published test key (bytes 00 01 .. 1f, version 0), marked test_key in quality. Only tools may do
 * that, `hub run` refuses.
 */

#include "hub/base/memory.h"
#include "hub/event/event.h"

typedef struct Privacy Privacy;

Privacy *privacy_load(const char *path, Error *err); /* ERR_FATAL when unreadable, wrong, or readable by others */
Privacy *privacy_test(void);                         /* the published test key */
void privacy_free(Privacy *privacy);

/*
 * Makes the event fit for the bus, in place, new texts in the arena: reporter.id becomes pseudonyms, reporter.name its
 * first character and '*', plates among the objects pseudonyms; in title, description, place, org, status.raw,
 * category.raw_name, category.raw_code and source.channel phones, e-mail addresses, ID numbers, bank cards and plates are found by pattern
 * (hub/privacy/mask.h; a plate becomes an object first) and masked (quality masked), and so is the reporter's own name or
 * id where a text repeats it.
 */
void privacy_apply(const Privacy *privacy, Event *event, Arena *arena);

/* "p3:" + 26 characters: type is "plate", "phone", "account", "person_id"; the value is normalised first. */
void privacy_pseudonym(const Privacy *privacy, const char *type, const char *value, char out[40]);

/* Seals the bytes of a reject (AES-256-GCM); *version is the key's. Opens with the version that sealed. */
void privacy_seal(const Privacy *privacy, const char *extra, const char *bytes, size_t size, Buffer *out, int *version);
bool privacy_unseal(const Privacy *privacy, int version, const char *extra, const char *bytes, size_t size, Buffer *out,
                    Error *err);
