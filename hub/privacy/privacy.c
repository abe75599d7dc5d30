#include "hub/privacy/privacy_keys.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"
#include "hub/privacy/mask_phone.h"

#include <stdio.h>
#include <string.h>

enum { PSEUDONYM_CHARS = 26, CARRIED = 2, KNOWN_ID_LEAST = 6 };

typedef struct {
        Event *event;
        Arena *arena;
} PlateTaker;

/* Digits of one writing, so that a number has one pseudonym. */
static void digits_normalise(Buffer *out, const char *plain)
{
        const char *end = plain + strlen(plain);

        while (plain < end) {
                uint32_t point = text_next(&plain, end);
                int digit = mask_digit(point);

                text_put(out, digit >= 0 ? (uint32_t)('0' + digit) : point);
        }
}

/* Digits without the country's code; a landline gets back the 0 that stands in for it. */
static void phone_normalise(Buffer *out, const char *written)
{
        CLEANUP(buffer_free) Buffer digits = { 0 };
        const char *plain, *bare;

        digits_normalise(&digits, written);
        plain = bare = digits.bytes ? digits.bytes : "";
        if (text_starts(bare, "00"))
                bare += 2;
        if (text_starts(bare, "86") && strlen(bare) >= 12)
                bare += 2;
        if (bare != plain && bare[0] != '1' && bare[0] != '0')
                buffer_byte(out, '0');
        buffer_text(out, bare);
}

/* An account keeps its punctuation: a_b is not ab. */
static void account_normalise(Buffer *out, const char *value)
{
        const char *end = value + strlen(value);

        while (value < end) {
                uint32_t point = text_next(&value, end);

                if (point >= 0xff01 && point <= 0xff5e)
                        point -= 0xfee0;
                if (point >= 'A' && point <= 'Z')
                        point += 'a' - 'A';
                if (point > ' ' && point != 0x3000)
                        text_put(out, point);
        }
}

static void value_normalise(Buffer *out, const char *type, const char *value)
{
        CLEANUP(buffer_free) Buffer plain = { 0 };

        if (strcmp(type, "account") == 0) {
                account_normalise(out, value);
                return;
        }
        text_normalise(&plain, value, strlen(value));
        if (strcmp(type, "phone") == 0 && plain.size)
                phone_normalise(out, plain.bytes);
        else
                buffer_add(out, plain.bytes, plain.size);
}

void privacy_key_pseudonym(const PrivacyKey *key, const char *type, const char *value, char out[PSEUDONYM_SIZE])
{
        CLEANUP(buffer_free) Buffer message = { 0 };
        uint8_t digest[SHA256_SIZE];
        size_t size;

        buffer_add(&message, type, strlen(type) + 1);
        value_normalise(&message, type, value);
        hmac_sha256(key->bytes, sizeof(key->bytes), message.bytes, message.size, digest);
        size = (size_t)snprintf(out, PSEUDONYM_SIZE, "p%d:", key->version);
        base32_text(digest, sizeof(digest), out + size, PSEUDONYM_CHARS);
}

void privacy_pseudonym(const Privacy *privacy, const char *type, const char *value, char out[PSEUDONYM_SIZE])
{
        privacy_key_pseudonym(&privacy->pseudonym.items[0], type, value, out);
}

/* Under the current key, and under the one before it while the file still holds that. */
static size_t pseudonyms_take(const Privacy *privacy, const char *type, const char *value, Arena *arena,
                              const char *out[CARRIED])
{
        size_t size = privacy->pseudonym.size < CARRIED ? privacy->pseudonym.size : CARRIED;

        for (size_t i = 0; i < size; i++) {
                char *text = arena_take(arena, PSEUDONYM_SIZE);

                privacy_key_pseudonym(&privacy->pseudonym.items[i], type, value, text);
                out[i] = text;
        }
        return size;
}

static bool is_same_plate(const char *one, const char *other)
{
        CLEANUP(buffer_free) Buffer plain_one = { 0 };
        CLEANUP(buffer_free) Buffer plain_other = { 0 };

        text_normalise(&plain_one, one, strlen(one));
        text_normalise(&plain_other, other, strlen(other));
        return plain_one.size == plain_other.size && memcmp(plain_one.bytes, plain_other.bytes, plain_one.size) == 0;
}

static void plate_take(void *context, const char *plate)
{
        PlateTaker *taker = context;
        Event *event = taker->event;

        for (size_t i = 0; i < event->objects_size; i++)
                if (event->objects[i].kind == OBJECT_PLATE && is_same_plate(event->objects[i].id, plate))
                        return;
        event_add_object(event, OBJECT_PLATE, arena_copy(taker->arena, plate, strlen(plate)));
}

enum { NUMERALS_LEAST = 7 };

/* Every pattern holds a digit or an @, in one width or the other, or a number's worth of Chinese numerals. */
static bool may_be_personal(const char *text)
{
        const char *end = text + strlen(text);
        size_t numerals = 0;

        if (strpbrk(text, "0123456789@\xef"))
                return true;
        while (text < end && numerals < NUMERALS_LEAST)
                numerals += mask_digit(text_next(&text, end)) >= 0;
        return numerals == NUMERALS_LEAST;
}

static void field_mask(const char **field, const char *const *known, PlateTaker *taker)
{
        CLEANUP(buffer_free) Buffer masked = { 0 };

        if (!*field || (!known[0] && !may_be_personal(*field)))
                return;
        if (!mask_text(&masked, *field, known, plate_take, taker))
                return;
        *field = arena_copy(taker->arena, masked.bytes, masked.size);
        taker->event->quality |= QUALITY_MASKED;
}

/* Words that stand for a name and name nobody; they are in every other report. */
static bool is_anybody(const char *name)
{
        static const char *const words[] = { "市民", "热心市民", "群众", "居民",   "网友",    "业主",     "路人",
                                             "匿名", "先生",     "女士", "网格员", "citizen", "anonymous" };

        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
                if (text_same(name, words[i]))
                        return true;
        return false;
}

/* What the reporter is called and known by is masked wherever a text repeats it; a short id would hide house numbers.
 */
static void texts_mask(Event *event, Arena *arena)
{
        const char **const fields[] = {
                &event->title,
                &event->description,
                &event->place.address,
                &event->place.district,
                &event->place.grid,
                &event->place.subdistrict,
                &event->status.raw,
                &event->place.community,
                &event->org.reporting,
                &event->org.responsible,
                &event->source.channel,
                &event->category.raw_name,
                &event->category.raw_code,
        };
        const char *name = event->reporter.name, *id = event->reporter.id, *known[3] = { NULL };
        PlateTaker taker = { event, arena };
        size_t known_size = 0;

        if (name && !is_anybody(name))
                known[known_size++] = name;
        if (id && strlen(id) >= KNOWN_ID_LEAST)
                known[known_size++] = id;
        for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
                field_mask(fields[i], known, &taker);
}

static void plates_replace(const Privacy *privacy, Event *event, Arena *arena)
{
        size_t size = event->objects_size;

        for (size_t i = 0; i < size; i++) {
                EventObject *object = &event->objects[i];
                const char *names[CARRIED] = { NULL };
                size_t names_size;

                if (object->kind != OBJECT_PLATE)
                        continue;
                names_size = pseudonyms_take(privacy, "plate", object->id, arena, names);
                object->id = names[0];
                for (size_t k = 1; k < names_size; k++)
                        event_add_object(event, OBJECT_PLATE, names[k]);
        }
}

const char *privacy_reporter_type(const char *id)
{
        NumberKind kind = mask_number_kind(id);

        if (kind == NUMBER_PHONE)
                return "phone";
        return kind == NUMBER_PERSON ? "person_id" : "account";
}

/* The first character and a star; a name that begins with a star says nothing. */
static const char *name_mask(const char *name, Arena *arena)
{
        CLEANUP(buffer_free) Buffer masked = { 0 };
        const char *end = name + strlen(name);
        uint32_t first = ' ';

        while (name < end && (first <= ' ' || first == 0x3000))
                first = text_next(&name, end);
        if (first <= ' ' || first == '*' || first == 0x3000)
                return NULL;
        text_put(&masked, first);
        buffer_byte(&masked, '*');
        return arena_copy(arena, masked.bytes, masked.size);
}

static void reporter_replace(const Privacy *privacy, Event *event, Arena *arena)
{
        const char *id = event->reporter.id;

        event->reporter.ids_size = 0;
        if (id && id[0])
                event->reporter.ids_size =
                        pseudonyms_take(privacy, privacy_reporter_type(id), id, arena, event->reporter.ids);
        event->reporter.id = NULL;
        if (event->reporter.name)
                event->reporter.name = name_mask(event->reporter.name, arena);
}

void privacy_apply(const Privacy *privacy, Event *event, Arena *arena)
{
        texts_mask(event, arena);
        plates_replace(privacy, event, arena);
        reporter_replace(privacy, event, arena);
        if (privacy->test)
                event->quality |= QUALITY_TEST_KEY;
}

void privacy_seal(const Privacy *privacy, const char *extra, const char *bytes, size_t size, Buffer *out, int *version)
{
        const PrivacyKey *key = &privacy->seal.items[0];

        *version = key->version;
        seal_bytes(out, key->bytes, extra, strlen(extra), bytes, size);
}

bool privacy_unseal(const Privacy *privacy, int version, const char *extra, const char *bytes, size_t size, Buffer *out,
                    Error *err)
{
        const PrivacyKeys *keys = &privacy->seal;

        for (size_t i = 0; i < keys->size; i++) {
                if (keys->items[i].version != version)
                        continue;
                if (unseal_bytes(out, keys->items[i].bytes, extra, strlen(extra), bytes, size))
                        return true;
                return error_set(err, ERR_INPUT, "bad_check", "the seal of key version %d does not open", version);
        }
        return error_set(err, ERR_INPUT, "bad_check", "no seal key of version %d", version);
}
