#pragma once

/*
 * Personal data in free text, found by pattern and replaced by stars of the same length, so that the text keeps its
 * shape: mobile numbers (1[3-9] and 9 digits, with or without +86) and landlines with area code, in the groups and with the
 * separators that people use and in digits of every writing (mask_phone.h), numbers with a plus sign (ITU-T E.164), ID
 * numbers (mask_person.h, and the older ones of 15 digits), bank cards (ISO/IEC 7812-1: 16 to 19 digits, Luhn), e-mail
 * addresses, vehicle plates (GA 36-2018, new energy plates, trailers, police, embassies), and words that are known to name
 * a person. Full-width digits and letters count as their half-width ones, O, I and l among many digits as those, and what
 * shows nothing (zero-width marks, control bytes) belongs to the sign before it.
 * A pattern fits only between digit boundaries: an order number of 41 digits holds no telephone.
 */

#include "hub/base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
        uint32_t point; /* half width, capital */
        size_t start;   /* in the text */
        bool hidden;
} Glyph;

typedef struct {
        Glyph *items; /* one more than size: it has point 0 and the text's end */
        size_t size;
} Glyphs;

typedef enum { NUMBER_NONE, NUMBER_PHONE, NUMBER_PERSON, NUMBER_CARD } NumberKind;

typedef void MaskPlate(void *context, const char *plate); /* "闽D12345": no separators, capitals */

void glyphs_read(Glyphs *glyphs, const char *text);
void glyphs_close(Glyphs *glyphs); /* also for CLEANUP */

/* The personal number that starts at index; *end is behind it. */
NumberKind mask_number(const Glyphs *glyphs, size_t index, size_t *end);
NumberKind mask_number_kind(const char *text); /* of a text that is nothing else */

/* Appends the masked text; true when anything was masked. known ends with NULL: texts that name a person. */
bool mask_text(Buffer *out, const char *text, const char *const *known, MaskPlate *plate, void *context);
