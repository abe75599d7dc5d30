#pragma once

/*
 * What a report says, for comparing: the grams of its whole text with the title weighted three times, those of the title (or
 * of the first sentence where the title says nothing of its own), its rarest runs, the places that it names there.
 */

#include "hub/wording/grams.h"
#include "hub/wording/places.h"
#include "hub/wording/sign.h"
#include "hub/wording/street.h"

enum { WORDING_TITLE_WEIGHT = 3, WORDING_RARES_MOST = 16, WORDING_SEEN = 4, WORDING_LEAD_POINTS = 48 };

typedef struct {
        Grams all, lead;
        Grams rarest;                       /* of text and Chinese address: what a name is known by */
        uint32_t rares[WORDING_RARES_MOST]; /* the rarest first */
        size_t rares_size;
        uint64_t seen[WORDING_SEEN]; /* a bit for each of rares: whose bit is missing is none of them */
        PlaceNames places;
        Houses houses;  /* of the address too; filled by member.c */
        Signs signs;    /* the same */
        uint64_t whole; /* hash of the whole text, normalised; 0: shorter than a sentence */
} Wording;

/* Any text may be NULL, and is as good as NULL where it says nothing (forms.h); words NULL: all are equally common. */
void wording_make(Wording *wording, const char *title_text, const char *description_text, const char *address,
                  const Words *words);
void wording_rare(Wording *wording, uint32_t rare);                /* adds one; what is over the limit is left out */
int64_t wording_rares(const Wording *one, const Wording *other);   /* shared rare runs; -1 when a side has none */
bool wording_share_rare(const Wording *one, const Wording *other); /* is it one at least? */
int64_t wording_shared(const Wording *one, const Wording *other);  /* bits of the rarest words of both; -1 the same */
/* What `before` says, of a text that is not told again; of lead, and of spots (houses and signs), what is told anew. */
void wording_keep(Wording *wording, Wording *before, bool lead, bool spots);
bool wording_forget(Wording *wording); /* the grams, not the names; whether there were any */
void wording_free(Wording *wording);
