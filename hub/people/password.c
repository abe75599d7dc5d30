#include "hub/people/password.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <string.h>

enum {
        COST = 32768,
        BLOCK = 8,
        LANES = 3,
        COST_MOST = 1 << 17,
        FACTOR_MOST = 16,
        SALT_SIZE = 16,
        KEY_SIZE = 32,
        WORDS = 6
};

typedef struct {
        unsigned cost, block, lanes;
        uint8_t salt[SALT_SIZE], key[KEY_SIZE];
} Kept;

bool password_fit(const char *password, Error *err)
{
        const size_t size = strlen(password);

        if (!text_is_utf8(password, size))
                return error_set(err, ERR_INPUT, NULL, "the password is no UTF-8");
        if (size > PASSWORD_MOST)
                return error_set(err, ERR_INPUT, NULL, "the password is longer than %d bytes", PASSWORD_MOST);
        return text_points(password) >= PASSWORD_LEAST ||
               error_set(err, ERR_INPUT, NULL, "the password is shorter than %d characters", PASSWORD_LEAST);
}

void password_keep(Buffer *out, const char *password)
{
        char salt[2 * SALT_SIZE + 1], key[2 * KEY_SIZE + 1];
        Kept kept = { COST, BLOCK, LANES };

        random_bytes(kept.salt, SALT_SIZE);
        scrypt_key(password, strlen(password), &(ScryptCost){ COST, BLOCK, LANES }, kept.salt, SALT_SIZE, kept.key,
                   KEY_SIZE);
        buffer_format(out, "scrypt:%d:%d:%d:%s:%s", COST, BLOCK, LANES, hex_text(kept.salt, SALT_SIZE, salt),
                      hex_text(kept.key, KEY_SIZE, key));
}

static bool hex_take(const char *text, uint8_t *into, size_t size)
{
        CLEANUP(buffer_free) Buffer bytes = { 0 };

        if (strlen(text) != 2 * size || !hex_read(text, &bytes))
                return false;
        memcpy(into, bytes.bytes, size);
        return true;
}

static bool number_take(const char *text, int64_t most, unsigned *number)
{
        int64_t value;

        if (!text_read_integer(text, &value) || value < 1 || value > most)
                return false;
        *number = (unsigned)value;
        return true;
}

static bool kept_read(const char *text, Kept *kept)
{
        CLEANUP(mem_drop) char *copy = text_copy(text);
        char *words[WORDS] = { NULL };
        size_t size = 0;

        for (char *rest = copy, *word; size < WORDS && (word = strsep(&rest, ":"));)
                words[size++] = word;
        return size == WORDS && strlen(text) == (size_t)(words[WORDS - 1] - copy) + strlen(words[WORDS - 1]) &&
               text_same(words[0], "scrypt") && number_take(words[1], COST_MOST, &kept->cost) && kept->cost > 1 &&
               (kept->cost & (kept->cost - 1)) == 0 && number_take(words[2], FACTOR_MOST, &kept->block) &&
               number_take(words[3], FACTOR_MOST, &kept->lanes) && hex_take(words[4], kept->salt, SALT_SIZE) &&
               hex_take(words[5], kept->key, KEY_SIZE);
}

bool password_form(const char *kept)
{
        Kept read;

        return kept_read(kept, &read);
}

bool password_is(const char *kept, const char *password)
{
        Kept wanted = { COST, BLOCK, LANES };
        const bool is_there = kept && kept_read(kept, &wanted);
        uint8_t key[KEY_SIZE];

        if (!is_there)
                wanted = (Kept){ COST, BLOCK, LANES };
        scrypt_key(password, strlen(password), &(ScryptCost){ wanted.cost, wanted.block, wanted.lanes }, wanted.salt,
                   SALT_SIZE, key, KEY_SIZE);
        return bytes_equal(key, wanted.key, KEY_SIZE) && is_there;
}
