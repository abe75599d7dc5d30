#include "hub/wording/wording_row.h"

#include <string.h>

enum { FORM = 1, BITS = 7, MORE = 1 << BITS };

static void number_add(Buffer *out, uint64_t number)
{
        for (; number >= MORE; number >>= BITS)
                buffer_byte(out, (char)(number % MORE | MORE));
        buffer_byte(out, (char)number);
}

static void grams_add(Buffer *out, const Grams *grams)
{
        uint16_t before = 0;

        number_add(out, grams->size);
        number_add(out, grams->size ? grams->norm : 0);
        for (uint32_t i = 0; i < grams->size; i++) {
                number_add(out, (uint16_t)(grams->items[i].code - before));
                number_add(out, grams->items[i].weight);
                before = grams->items[i].code;
        }
}

static void sign_add(Buffer *out, const Sign *sign)
{
        number_add(out, sign->building);
        number_add(out, sign->mark);
        number_add(out, sign->size);
        for (size_t i = 0; i < sign->size; i++)
                number_add(out, sign->letters[i]);
}

void wording_pack(Buffer *out, const Wording *wording)
{
        buffer_byte(out, FORM);
        grams_add(out, &wording->all);
        grams_add(out, &wording->lead);
        grams_add(out, &wording->rarest);
        number_add(out, wording->whole);
        number_add(out, wording->rares_size);
        for (size_t i = 0; i < wording->rares_size; i++)
                number_add(out, wording->rares[i]);
        number_add(out, wording->places.size);
        for (size_t i = 0; i < wording->places.size; i++) {
                number_add(out, wording->places.items[i].hash);
                number_add(out, wording->places.items[i].level);
        }
        number_add(out, wording->houses.size);
        for (size_t i = 0; i < wording->houses.size; i++) {
                number_add(out, wording->houses.items[i].street);
                number_add(out, wording->houses.items[i].number);
                number_add(out, wording->houses.items[i].road);
        }
        number_add(out, wording->signs.size);
        for (size_t i = 0; i < wording->signs.size; i++)
                sign_add(out, &wording->signs.items[i]);
}

typedef struct {
        const uint8_t *at, *end;
        bool damaged;
} Packed;

/* At most `most`; 0 of what is damaged. */
static uint64_t number_take(Packed *packed, uint64_t most)
{
        uint64_t number = 0;

        for (unsigned shift = 0; packed->at < packed->end && shift < 64; shift += BITS) {
                const uint8_t byte = *packed->at++;

                number |= (uint64_t)(byte % MORE) << shift;
                if (byte >= MORE)
                        continue;
                packed->damaged = packed->damaged || number > most;
                return packed->damaged ? 0 : number;
        }
        packed->damaged = true;
        return 0;
}

static void grams_take(Packed *packed, Grams *out)
{
        Gram items[GRAMS_MOST];
        const uint32_t size = (uint32_t)number_take(packed, GRAMS_MOST);
        const uint64_t norm = number_take(packed, UINT64_MAX);
        uint16_t code = 0;

        for (uint32_t i = 0; i < size && !packed->damaged; i++) {
                code = (uint16_t)(code + number_take(packed, UINT16_MAX));
                items[i] = (Gram){ code, (uint16_t)number_take(packed, UINT16_MAX) };
        }
        if (!packed->damaged)
                grams_copy(out, items, size, norm);
}

static void places_take(Packed *packed, PlaceNames *out)
{
        const size_t size = number_take(packed, PLACES_MOST);

        while (out->size < size && !packed->damaged) {
                PlaceName *place = &out->items[out->size++];

                place->hash = (uint32_t)number_take(packed, UINT32_MAX);
                place->level = (PlaceLevel)number_take(packed, LEVEL_SPOT);
        }
}

static void houses_take(Packed *packed, Houses *out)
{
        const size_t size = number_take(packed, HOUSES_MOST);

        while (out->size < size && !packed->damaged) {
                House *house = &out->items[out->size++];

                house->street = (uint32_t)number_take(packed, UINT32_MAX);
                house->number = (uint32_t)number_take(packed, UINT32_MAX);
                house->road = number_take(packed, 1);
        }
}

static void signs_take(Packed *packed, Signs *out)
{
        const size_t size = number_take(packed, SIGNS_MOST);

        while (out->size < size && !packed->damaged) {
                Sign *sign = &out->items[out->size++];

                sign->building = (uint16_t)number_take(packed, UINT16_MAX);
                sign->mark = number_take(packed, 1);
                sign->size = (uint16_t)number_take(packed, SIGN_LETTERS_MOST);
                for (size_t i = 0; i < sign->size; i++)
                        sign->letters[i] = (uint16_t)number_take(packed, UINT16_MAX);
        }
}

bool wording_unpack(Wording *wording, const void *bytes, size_t size)
{
        Packed packed = { .at = bytes, .end = (const uint8_t *)bytes + size };

        packed.damaged = number_take(&packed, FORM) != FORM;
        grams_take(&packed, &wording->all);
        grams_take(&packed, &wording->lead);
        grams_take(&packed, &wording->rarest);
        wording->whole = number_take(&packed, UINT64_MAX);
        for (uint64_t left = number_take(&packed, WORDING_RARES_MOST); left > 0 && !packed.damaged; left--)
                wording_rare(wording, (uint32_t)number_take(&packed, UINT32_MAX));
        places_take(&packed, &wording->places);
        houses_take(&packed, &wording->houses);
        signs_take(&packed, &wording->signs);
        if (!packed.damaged && packed.at == packed.end)
                return true;
        wording_free(wording);
        return false;
}
