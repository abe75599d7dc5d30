#pragma once

/*
 * Chance with a printed seed: HUB_SEED repeats a run. xorshift64* (Vigna 2016), the same on every machine.
 */

#include "hub/base/crypto.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
        uint64_t state;
        const char *name;
        int64_t cases;
} Chance;

static inline Chance chance_start(const char *name)
{
        const char *seed_text = getenv("HUB_SEED"), *cases_text = getenv("HUB_CASES");
        Chance chance = { .name = name, .cases = 100000 };
        int64_t seed = 0;

        if (!seed_text || !text_read_integer(seed_text, &seed)) {
                uint32_t bytes;

                random_bytes(&bytes, sizeof(bytes));
                seed = bytes;
        }
        if (cases_text)
                (void)text_read_integer(cases_text, &chance.cases);
        chance.state = (uint64_t)seed * 2 + 0x9e3779b97f4a7c15;
        printf("%s: HUB_SEED=%" PRId64 " HUB_CASES=%" PRId64 "\n", name, seed, chance.cases);
        fflush(stdout);
        return chance;
}

static inline uint64_t chance_bits(Chance *chance)
{
        chance->state ^= chance->state >> 12;
        chance->state ^= chance->state << 25;
        chance->state ^= chance->state >> 27;
        return chance->state * 0x2545f4914f6cdd1d;
}

/* 0 .. below - 1 */
static inline size_t chance_below(Chance *chance, size_t below)
{
        return (size_t)((chance_bits(chance) >> 11) % below);
}

static inline bool chance_one_in(Chance *chance, size_t most)
{
        return chance_below(chance, most) == 0;
}

/* Any text of one to `most` code points, hostile ones among them; never the NUL. */
static inline char *chance_text(Chance *chance, Arena *arena, size_t most)
{
        static const uint32_t kinds[][2] = {
                { 'a', 26 },    { '0', 10 },    { 0x4e00, 0x5000 }, { 1, 31 },        { '"', 1 },
                { '\\', 1 },    { ':', 1 },     { '%', 1 },         { 0x7f, 0x40 },   { 0x1f600, 0x40 },
                { 0xd7f0, 16 }, { 0xfff0, 14 }, { 0xff00, 0x60 },   { 0x10fff0, 16 },
        };
        CLEANUP(buffer_free) Buffer out = { 0 };
        size_t size = 1 + chance_below(chance, most);

        while (size--) {
                const uint32_t *kind = kinds[chance_below(chance, sizeof(kinds) / sizeof(kinds[0]))];

                text_put(&out, kind[0] + (uint32_t)chance_below(chance, kind[1]));
        }
        return arena_copy(arena, out.bytes, out.size);
}

/* Says what broke and ends the test. */
static inline void must(bool holds, const char *what, const char *shown)
{
        if (holds)
                return;
        printf("broken: %s: %s\n", what, shown ? shown : "");
        exit(EXIT_FAILURE);
}
