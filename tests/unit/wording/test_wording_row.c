#include "hub/base/memory.h"
#include "hub/wording/wording_row.h"
#include "tests/unit/base/run.h"

#include <string.h>

static void wording_told(Wording *wording)
{
        static const char description[] =
                "枋湖南路12号老林茶庄把桌子摆到人行道上，A3区行人过不去，请尽快处理，多次反映无果。";

        wording_make(wording, "湖里区枋湖花园3号楼占道经营", description, "湖里区枋湖南路12号", NULL);
        houses_read(&wording->houses, "湖里区枋湖南路12号", NULL, description);
        signs_read(&wording->signs, "枋湖南路88号老林茶庄", "枋湖花园3号楼", description);
}

static void grams_same(const Grams *one, const Grams *other)
{
        ck_assert_uint_eq(one->size, other->size);
        ck_assert_uint_eq(one->norm, other->norm);
        ck_assert(one->size == 0 || memcmp(one->items, other->items, one->size * sizeof *one->items) == 0);
}

static void wording_same(const Wording *one, const Wording *other)
{
        grams_same(&one->all, &other->all);
        grams_same(&one->lead, &other->lead);
        grams_same(&one->rarest, &other->rarest);
        ck_assert_uint_eq(one->whole, other->whole);
        ck_assert_uint_eq(one->rares_size, other->rares_size);
        ck_assert_mem_eq(one->rares, other->rares, sizeof one->rares);
        ck_assert_mem_eq(one->seen, other->seen, sizeof one->seen);
        ck_assert_mem_eq(&one->places, &other->places, sizeof one->places);
        ck_assert_mem_eq(&one->signs, &other->signs, sizeof one->signs);
        ck_assert_uint_eq(one->houses.size, other->houses.size);
        for (size_t i = 0; i < one->houses.size; i++) {
                ck_assert_uint_eq(one->houses.items[i].street, other->houses.items[i].street);
                ck_assert_uint_eq(one->houses.items[i].number, other->houses.items[i].number);
                ck_assert_int_eq(one->houses.items[i].road, other->houses.items[i].road);
        }
}

START_TEST(what_was_packed_comes_back)
{
        CLEANUP(buffer_free) Buffer packed = { 0 };
        Wording told = { 0 }, again = { 0 };

        wording_told(&told);
        ck_assert(told.all.size > 30 && told.lead.size > 5 && told.rares_size == WORDING_RARES_MOST && told.whole);
        ck_assert(told.places.size > 0 && told.houses.size > 0 && told.signs.size > 1);
        wording_pack(&packed, &told);
        ck_assert(wording_unpack(&again, packed.bytes, packed.size));
        wording_same(&told, &again);
        wording_free(&told);
        wording_free(&again);
}
END_TEST

START_TEST(the_highest_numbers_and_nothing_at_all_come_back)
{
        static const Gram highest[] = { { 0, 1 }, { 1, 1000 }, { 65535, 65535 } };
        CLEANUP(buffer_free) Buffer packed = { 0 };
        Wording none = { 0 }, most = { .whole = UINT64_MAX }, again = { 0 };

        grams_copy(&most.all, highest, 3, UINT64_MAX);
        wording_rare(&most, 0);
        wording_rare(&most, UINT32_MAX);
        most.houses = (Houses){ { { UINT32_MAX, 0, true } }, 1 };
        wording_pack(&packed, &most);
        ck_assert(wording_unpack(&again, packed.bytes, packed.size));
        wording_same(&most, &again);
        wording_free(&most);
        wording_free(&again);
        buffer_clear(&packed);
        wording_pack(&packed, &none);
        ck_assert(wording_unpack(&again, packed.bytes, packed.size));
        wording_same(&none, &again);
}
END_TEST

/* A row that is cut, or that a newer hub wrote, is no wording; whatever its bytes are, nothing is read beyond them. */
START_TEST(damage_is_seen)
{
        CLEANUP(buffer_free) Buffer packed = { 0 };
        Wording told = { 0 }, again = { 0 };

        wording_told(&told);
        wording_pack(&packed, &told);
        wording_free(&told);
        for (size_t size = 0; size < packed.size; size++) {
                CLEANUP(mem_drop) char *cut = mem_new(size + 1); /* so that a sanitizer sees who reads on */

                memcpy(cut, packed.bytes, size);
                ck_assert(!wording_unpack(&again, cut, size));
        }
        buffer_byte(&packed, 0);
        ck_assert(!wording_unpack(&again, packed.bytes, packed.size));
        for (size_t i = 0; i < packed.size; i++) {
                packed.bytes[i] = (char)~packed.bytes[i];
                if (wording_unpack(&again, packed.bytes, packed.size - 1))
                        wording_free(&again);
                packed.bytes[i] = (char)~packed.bytes[i];
        }
        packed.bytes[0] = 2;
        ck_assert(!wording_unpack(&again, packed.bytes, packed.size - 1));
}
END_TEST

RUN("wording_row", what_was_packed_comes_back, the_highest_numbers_and_nothing_at_all_come_back, damage_is_seen)
