#include "hub/privacy/privacy_keys.h"

#include "hub/base/buffer.h"
#include "hub/base/crypto.h"
#include "hub/base/file.h"
#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_MOST = 64 * 1024, VERSION_MOST = 999999, WORDS = 3 };

static const char blanks[] = " \t\r";

/* Cuts the line into words in place; more than three is one too many. */
static size_t words_cut(char *line, char *words[WORDS + 1])
{
        size_t size = 0;

        line[strcspn(line, "#")] = '\0';
        for (line += strspn(line, blanks); *line && size <= WORDS; line += strspn(line, blanks)) {
                words[size++] = line;
                line += strcspn(line, blanks);
                if (*line)
                        *line++ = '\0';
        }
        return size;
}

static bool version_known(const PrivacyKeys *keys, int version)
{
        for (size_t i = 0; i < keys->size; i++)
                if (keys->items[i].version == version)
                        return true;
        return false;
}

static void key_insert(PrivacyKeys *keys, int version, const char *bytes)
{
        size_t at = keys->size++;

        for (; at > 0 && keys->items[at - 1].version < version; at--)
                keys->items[at] = keys->items[at - 1];
        keys->items[at].version = version;
        memcpy(keys->items[at].bytes, bytes, PRIVACY_KEY_SIZE);
}

static PrivacyKeys *keys_of(Privacy *privacy, const char *purpose)
{
        if (strcmp(purpose, "pseudonym") == 0)
                return &privacy->pseudonym;
        return strcmp(purpose, "seal") == 0 ? &privacy->seal : NULL;
}

static void secret_free(Buffer *secret)
{
        if (secret->bytes)
                explicit_bzero(secret->bytes, secret->room);
        buffer_free(secret);
}

/* What is wrong with the line, or NULL. Never a piece of the key. */
static const char *line_read(Privacy *privacy, char *line)
{
        CLEANUP(secret_free) Buffer key = { 0 };
        char *words[WORDS + 1];
        size_t size = words_cut(line, words);
        PrivacyKeys *keys;
        int64_t version;

        if (size == 0)
                return NULL;
        if (size != WORDS)
                return "must be: version purpose hex";
        if (!text_read_integer(words[0], &version) || version < 1 || version > VERSION_MOST)
                return "the version is no number from 1 to 999999";
        keys = keys_of(privacy, words[1]);
        if (!keys)
                return "the purpose is neither pseudonym nor seal";
        if (!hex_read(words[2], &key) || key.size != PRIVACY_KEY_SIZE)
                return "the key is not 64 hex digits";
        if (version_known(keys, (int)version) || keys->size == PRIVACY_KEYS_MOST)
                return "the version is there twice, or there are too many";
        key_insert(keys, (int)version, key.bytes);
        return NULL;
}

static bool mode_check(const char *path, Error *err)
{
        struct stat file;

        if (stat(path, &file) != 0 || !(file.st_mode & 077))
                return true;
        return error_set(err, ERR_FATAL, NULL, "%s: keys that others may read (mode %03o): chmod 0400 it", path,
                         (unsigned)file.st_mode & 0777);
}

static bool keys_read(Privacy *privacy, const char *path, Error *err)
{
        CLEANUP(secret_free) Buffer text = { 0 };
        char *line, *next;

        if (!mode_check(path, err) || !file_read(&text, path, FILE_MOST, err))
                return false;
        line = text.bytes;
        for (int number = 1; line; number++, line = next) {
                const char *wrong;

                next = strchr(line, '\n');
                if (next)
                        *next++ = '\0';
                wrong = line_read(privacy, line);
                if (wrong)
                        return error_set(err, ERR_FATAL, NULL, "%s:%d: %s", path, number, wrong);
        }
        if (privacy->pseudonym.size == 0 || privacy->seal.size == 0)
                return error_set(err, ERR_FATAL, NULL, "%s: has no key for %s", path,
                                 privacy->pseudonym.size ? "seal" : "pseudonym");
        return true;
}

Privacy *privacy_load(const char *path, Error *err)
{
        Privacy *privacy = mem_new(sizeof(*privacy));

        if (keys_read(privacy, path, err))
                return privacy;
        privacy_free(privacy);
        return NULL;
}

Privacy *privacy_test(void)
{
        Privacy *privacy = mem_new(sizeof(*privacy));
        char bytes[PRIVACY_KEY_SIZE];

        for (size_t i = 0; i < sizeof(bytes); i++)
                bytes[i] = (char)i;
        key_insert(&privacy->pseudonym, 0, bytes);
        key_insert(&privacy->seal, 0, bytes);
        privacy->test = true;
        return privacy;
}

void privacy_free(Privacy *privacy)
{
        if (privacy)
                explicit_bzero(privacy, sizeof(*privacy));
        free(privacy);
}
