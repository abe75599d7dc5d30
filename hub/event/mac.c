#include "hub/event/mac.h"

#include "hub/base/crypto.h"
#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { KEYS_MOST = 8, FILE_MOST = 65536 };

typedef struct {
        int64_t version;
        Buffer bytes;
} MacKey;

struct MacKeys {
        MacKey keys[KEYS_MOST];
        size_t size;
};

static bool line_read(MacKeys *keys, char *line, Error *err)
{
        char *hex = strchr(line, ' ');
        MacKey *key = &keys->keys[keys->size];

        if (keys->size == KEYS_MOST)
                return error_set(err, ERR_FATAL, NULL, "more than %d keys", KEYS_MOST);
        if (!hex)
                return error_set(err, ERR_FATAL, NULL, "a line is \"version hex\"");
        *hex++ = 0;
        while (*hex == ' ')
                hex++;
        if (!text_read_integer(line, &key->version) || key->version < 1 || !hex_read(hex, &key->bytes) ||
            key->bytes.size < 32)
                return error_set(err, ERR_FATAL, NULL, "a line is \"version hex\", at least 32 bytes");
        keys->size++;
        return true;
}

static bool file_private(const char *path, Error *err)
{
        struct stat status;

        if (stat(path, &status) != 0)
                return error_set(err, file_trouble(errno), NULL, "%s: cannot be read", path);
        if (status.st_mode & (S_IRWXG | S_IRWXO))
                return error_set(err, ERR_FATAL, NULL, "%s: others may read it; chmod 0400", path);
        return true;
}

MacKeys *mac_load(const char *path, Error *err)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        MacKeys *keys = mem_new(sizeof *keys);
        bool fine = file_private(path, err) && file_read(&text, path, FILE_MOST, err);
        int number = 0;

        for (char *rest = text.bytes, *line; fine && (line = strsep(&rest, "\n"));) {
                number++;
                if (*line && *line != '#' && !line_read(keys, line, err))
                        fine = error_add(err, "%s:%d", path, number);
        }
        if (fine && keys->size == 0)
                fine = error_set(err, ERR_FATAL, NULL, "%s: holds no key", path);
        if (fine)
                return keys;
        mac_free(keys);
        return NULL;
}

void mac_free(MacKeys *keys)
{
        if (!keys)
                return;
        for (size_t i = 0; i < KEYS_MOST; i++)
                buffer_free(&keys->keys[i].bytes);
        free(keys);
}

static char *sign(const MacKey *key, const char *value, size_t size, char out[MAC_TEXT_SIZE])
{
        uint8_t mac[SHA256_SIZE];
        char hex[SHA256_TEXT_SIZE];

        hmac_sha256(key->bytes.bytes, key->bytes.size, value, size, mac);
        snprintf(out, MAC_TEXT_SIZE, "%lld:%s", (long long)key->version % 1000000, hex_text(mac, sizeof mac, hex));
        return out;
}

char *mac_sign(const MacKeys *keys, const char *value, size_t size, char out[MAC_TEXT_SIZE])
{
        const MacKey *newest = &keys->keys[0];

        for (size_t i = 1; i < keys->size; i++)
                if (keys->keys[i].version > newest->version)
                        newest = &keys->keys[i];
        return sign(newest, value, size, out);
}

bool mac_verify(const MacKeys *keys, const char *mac, const char *value, size_t size)
{
        bool fine = false;

        for (size_t i = 0; mac && i < keys->size; i++) {
                char expected[MAC_TEXT_SIZE];

                sign(&keys->keys[i], value, size, expected);
                if (strlen(mac) == strlen(expected) && bytes_equal(mac, expected, strlen(expected)))
                        fine = true;
        }
        return fine;
}
