#include "hub/wording/wording.h"

#include "hub/base/buffer.h"
#include "hub/base/crypto.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

enum {
        WHOLE_LEAST = 24, /* bytes of a text that is no mere phrase */
        TEXTS_LEAST = 20, /* that must be known before one is called common */
        EVERY_FIFTH = 149 /* words_weight() of what stands in every fifth text: 64 x log2 5 */
};

typedef struct {
        uint32_t hash, rarity;
} Rare;

static int rarer_first(const void *one, const void *other)
{
        const Rare *a = one, *b = other;

        if (a->rarity != b->rarity)
                return a->rarity < b->rarity ? 1 : -1;
        return (a->hash > b->hash) - (a->hash < b->hash);
}

void wording_rare(Wording *wording, uint32_t rare)
{
        if (wording->rares_size == WORDING_RARES_MOST)
                return;
        wording->rares[wording->rares_size++] = rare;
        wording->seen[rare / 64 % WORDING_SEEN] |= UINT64_C(1) << rare % 64;
}

static void rares_make(Wording *wording, const Reading *reading, const Words *words)
{
        Rare rares[READING_MOST];

        for (size_t i = 0; i < reading->runs_size; i++)
                rares[i] = (Rare){ reading->runs[i].hash, words_weight(words, reading->runs[i].codes[0]) +
                                                                  words_weight(words, reading->runs[i].codes[1]) };
        qsort(rares, reading->runs_size, sizeof *rares, rarer_first);
        for (size_t i = 0; i < reading->runs_size && wording->rares_size < WORDING_RARES_MOST; i++)
                if (i == 0 || rares[i].hash != rares[i - 1].hash)
                        wording_rare(wording, rares[i].hash);
}

static bool ends_sentence(uint32_t point)
{
        return point == U'。' || point == U'！' || point == U'？' || point == U'；' || point == '!' || point == '?' ||
               point == '\n';
}

/* The first sentence, at most WORDING_LEAD_POINTS characters; owned. */
static char *sentence(const char *text)
{
        const char *end = text + strlen(text), *at = text;

        for (size_t points = 0; at < end && points < WORDING_LEAD_POINTS; points++) {
                const char *next = at;

                if (ends_sentence(text_next(&next, end)) && points >= 4)
                        break;
                at = next;
        }
        char *made = text_copy(text);
        made[at - text] = 0;
        return made;
}

static uint64_t whole_of(const char *title, const char *description)
{
        CLEANUP(buffer_free) Buffer plain = { 0 };

        text_normalise(&plain, title ? title : "", title ? strlen(title) : 0);
        text_normalise(&plain, description ? description : "", description ? strlen(description) : 0);
        return plain.size < WHOLE_LEAST ? 0 : hash64(plain.bytes, plain.size) | 1;
}

/* A title of words that every fifth text holds names nothing: a form's heading, a platform's name. */
static bool says_something(const char *title, const Words *words)
{
        Reading reading;
        uint32_t rarest = 0;

        if (!words || words->known_texts < TEXTS_LEAST)
                return true;
        reading_begin(&reading);
        reading_add(&reading, title, 1);
        for (size_t i = 0; i < reading.codes_size; i++) {
                const uint32_t weight = words_weight(words, reading.codes[i].code);

                rarest = weight > rarest ? weight : rarest;
        }
        return rarest > EVERY_FIFTH;
}

/* NULL for a text of forms of speech alone: two of them are alike for no reason. */
static const char *told(const char *text, const Words *words)
{
        return !words || forms_tell(&words->forms, text) ? text : NULL;
}

void wording_make(Wording *wording, const char *title_text, const char *description_text, const char *address,
                  const Words *words)
{
        const char *title = told(title_text, words), *description = told(description_text, words);
        const char *heading = title && (!description || says_something(title, words)) ? title : NULL;
        CLEANUP(mem_drop) char *lead = heading ? text_copy(heading) : description ? sentence(description) : NULL;
        Reading reading, first;

        reading_begin(&reading);
        reading_begin(&first);
        reading_add(&reading, lead, WORDING_TITLE_WEIGHT);
        reading_add(&reading, heading ? description : description ? description + strlen(lead) : NULL, 1);
        reading_add(&first, lead, 1);
        grams_make(&wording->all, &reading, words);
        grams_make(&wording->lead, &first, words);
        rares_make(wording, &reading, words);
        if (address && sign_is_chinese(address))
                reading_add(&reading, sign_address(address), 1);
        grams_rarest(&wording->rarest, &reading, words);
        places_read(&wording->places, lead, WORDING_LEAD_POINTS);
        wording->whole = whole_of(heading, description);
}

static bool is_seen(const Wording *wording, uint32_t rare)
{
        return wording->seen[rare / 64 % WORDING_SEEN] >> rare % 64 & 1;
}

/* None stands there twice. */
static bool is_rare(const Wording *wording, uint32_t rare)
{
        if (!is_seen(wording, rare))
                return false;
        for (size_t i = 0; i < wording->rares_size; i++)
                if (wording->rares[i] == rare)
                        return true;
        return false;
}

static bool rares_overlap(const Wording *one, const Wording *other)
{
        uint64_t both = 0;

        for (size_t i = 0; i < WORDING_SEEN; i++)
                both |= one->seen[i] & other->seen[i];
        return both != 0;
}

int64_t wording_rares(const Wording *one, const Wording *other)
{
        int64_t shared = 0;

        if (one->rares_size == 0 || other->rares_size == 0)
                return -1;
        if (!rares_overlap(one, other))
                return 0;
        for (size_t i = 0; i < other->rares_size; i++)
                shared += is_rare(one, other->rares[i]);
        return shared;
}

bool wording_share_rare(const Wording *one, const Wording *other)
{
        if (!rares_overlap(one, other))
                return false;
        for (size_t i = 0; i < other->rares_size; i++)
                if (is_rare(one, other->rares[i]))
                        return true;
        return false;
}

/* Both sides change, so that each still owns what it has. */
static void grams_swap(Grams *one, Grams *other)
{
        const Grams kept = *one;

        *one = *other;
        *other = kept;
}

void wording_keep(Wording *wording, Wording *before, bool lead, bool spots)
{
        grams_swap(&wording->all, &before->all);
        grams_swap(&wording->rarest, &before->rarest);
        memcpy(wording->rares, before->rares, sizeof wording->rares);
        memcpy(wording->seen, before->seen, sizeof wording->seen);
        wording->rares_size = before->rares_size;
        wording->whole = before->whole;
        if (!lead || wording->lead.size == 0) {
                grams_swap(&wording->lead, &before->lead);
                wording->places = before->places;
        }
        if (!spots || wording->houses.size == 0)
                wording->houses = before->houses;
        if (!spots || wording->signs.size == 0)
                wording->signs = before->signs;
}

bool wording_forget(Wording *wording)
{
        const bool any = wording->all.size > 0 || wording->lead.size > 0;

        grams_free(&wording->all);
        grams_free(&wording->lead);
        return any;
}

int64_t wording_shared(const Wording *one, const Wording *other)
{
        if (one->rarest.size == 0 || other->rarest.size == 0)
                return -1;
        return grams_shared(&one->rarest, &other->rarest) / 64;
}

void wording_free(Wording *wording)
{
        grams_free(&wording->all);
        grams_free(&wording->lead);
        grams_free(&wording->rarest);
        *wording = (Wording){ .rares_size = 0 };
}
