/*
 * A document with one bad character or value in it is read, and everything else in it is what it was; a document that was
 * cut anywhere is never taken for a whole one; and no bytes make the reader fail.
 */

#include "hub/base/json.h"
#include "tests/property/random.h"

#include <string.h>

static void value_write(Chance *chance, Buffer *out, int depth)
{
        static const char *const leaves[] = { "1",
                                              "-2.50",
                                              "350206231205000001",
                                              "true",
                                              "null",
                                              "\"\"",
                                              "\"a b\"",
                                              "\"\\u70e7\\ud83d\\ude00\"",
                                              "\"\xe7\x83\xa7\"",
                                              "1e5",
                                              "\"\\\"\\\\\"" };
        const size_t kind = depth > 3 ? 2 : chance_below(chance, 3);
        const size_t size = chance_below(chance, 4);

        if (kind == 2) {
                buffer_text(out, leaves[chance_below(chance, sizeof(leaves) / sizeof(leaves[0]))]);
                return;
        }
        buffer_byte(out, kind ? '[' : '{');
        for (size_t i = 0; i < size; i++) {
                if (i)
                        buffer_text(out, chance_one_in(chance, 2) ? "," : " ,\n");
                if (!kind)
                        buffer_format(out, "\"m%zu\":", i);
                value_write(chance, out, depth + 1);
        }
        buffer_byte(out, kind ? ']' : '}');
}

typedef struct {
        const char *bytes, *want; /* want: the member as JSON */
        size_t size;
} Damage;

#define DAMAGE(bytes, want)                                                                                            \
        {                                                                                                              \
                (bytes), (want), sizeof(bytes) - 1                                                                     \
        }

static void mended_holds(Chance *chance, Arena *arena)
{
        static const Damage damages[] = {
                DAMAGE("\"x\\ud83d\"", "\"x\xef\xbf\xbd\""),
                DAMAGE("\"x\ny\"", "\"x\\ny\""),
                DAMAGE("\"\xe7\x83\"", "\"\xef\xbf\xbd\""),
                DAMAGE("\"\0\"", "\"\xef\xbf\xbd\""),
                DAMAGE("NaN", "null"),
                DAMAGE("undefined", "null"),
                DAMAGE("+7", "\"+7\""),
                DAMAGE("\"a\\q\"", "\"a\\\\q\""),
                DAMAGE("[1,]", "[\"1\"]"),
                DAMAGE("", "null"),
        };
        const Damage *damage = &damages[chance_below(chance, sizeof(damages) / sizeof(damages[0]))];
        CLEANUP(buffer_free) Buffer before = { 0 };
        CLEANUP(buffer_free) Buffer after = { 0 };
        CLEANUP(buffer_free) Buffer bad = { 0 };
        CLEANUP(buffer_free) Buffer good = { 0 };
        Error err = { 0 };
        JsonMend found;

        value_write(chance, &before, 0);
        value_write(chance, &after, 0);
        buffer_format(&bad, "{\"before\":%s,\"bad\":", before.bytes);
        buffer_add(&bad, damage->bytes, damage->size);
        buffer_format(&bad, ",\"after\":%s}", after.bytes);
        buffer_format(&good, "{\"before\":%s,\"bad\":%s,\"after\":%s}", before.bytes, damage->want, after.bytes);
        {
                CLEANUP(json_drop) json_t *mended = json_read_mended(bad.bytes, bad.size, &found, &err);
                CLEANUP(json_drop) json_t *right = json_read(good.bytes, good.size, &err);

                must(mended && right && json_equal(mended, right), "all but the bad one is what it was",
                     arena_copy(arena, bad.bytes, bad.size));
                must(found.text != found.value, "it is marked", damage->bytes);
        }
}

static void cut_holds(Chance *chance)
{
        CLEANUP(buffer_free) Buffer whole = { 0 };
        Error err = { 0 };
        JsonMend found;
        size_t size;

        buffer_byte(&whole, '[');
        value_write(chance, &whole, 0);
        buffer_byte(&whole, ']');
        size = 1 + chance_below(chance, whole.size - 1);
        must(!json_read_mended(whole.bytes, size, &found, &err) && found.cut, "what was cut is no document",
             whole.bytes);
        for (size_t i = 1 + chance_below(chance, 4); i > 0; i--)
                whole.bytes[chance_below(chance, whole.size)] = (char)chance_below(chance, 256);
        json_decref(json_read_mended(whole.bytes, whole.size, &found, &err));
}

int main(void)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        Chance chance = chance_start("json");

        for (int64_t i = 0; i < chance.cases; i++) {
                const char *noise = chance_text(&chance, arena, 60);
                Error err = { 0 };
                JsonMend found;

                mended_holds(&chance, arena);
                cut_holds(&chance);
                json_decref(json_read_mended(noise, strlen(noise), &found, &err));
                arena_reset(arena);
        }
        return EXIT_SUCCESS;
}
