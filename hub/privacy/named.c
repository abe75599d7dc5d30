#include "hub/privacy/named.h"

#include "hub/base/charset.h"
#include "hub/base/memory.h"
#include "hub/privacy/mask.h"
#include "hub/privacy/privacy_keys.h"

#include <string.h>

enum { ACCOUNT_LEAST = 4, ACCOUNT_MOST = 128 }; /* bytes */

typedef struct {
        const Privacy *privacy;
        PrivacyNamed *named;
        void *context;
} Teller;

static void tell(const Teller *teller, const char *type, const char *value)
{
        for (size_t i = 0; i < teller->privacy->pseudonym.size; i++) {
                char text[PSEUDONYM_SIZE];

                privacy_key_pseudonym(&teller->privacy->pseudonym.items[i], type, value, text);
                teller->named(teller->context, text);
        }
}

static void plate_tell(void *context, const char *plate)
{
        tell(context, "plate", plate);
}

static void piece_tell(const Teller *teller, const char *type, const char *from, const char *to)
{
        CLEANUP(mem_drop) char *piece = mem_copy(from, (size_t)(to - from));

        tell(teller, type ? type : privacy_reporter_type(piece), piece);
}

static void numbers_tell(const Teller *teller, const char *text)
{
        CLEANUP(glyphs_close) Glyphs glyphs = { 0 };

        glyphs_read(&glyphs, text);
        for (size_t i = 0, end = 0; i < glyphs.size; i++) {
                const NumberKind kind = mask_number(&glyphs, i, &end);

                if (kind == NUMBER_PHONE || kind == NUMBER_PERSON)
                        piece_tell(teller, kind == NUMBER_PHONE ? "phone" : "person_id", text + glyphs.items[i].start,
                                   text + glyphs.items[end].start);
        }
}

static void values_tell(const Teller *teller, const char *text)
{
        static const char signs[] = "\"'<>,;&=|{}[]\t\r\n";

        for (const char *end; *text; text = end + (*end != '\0')) {
                const char *last;

                text += strspn(text, " ");
                end = last = text + strcspn(text, signs);
                while (last > text && last[-1] == ' ')
                        last--;
                if (last - text >= ACCOUNT_LEAST && last - text <= ACCOUNT_MOST)
                        piece_tell(teller, NULL, text, last);
        }
}

void privacy_named(const Privacy *privacy, const char *bytes, size_t size, PrivacyNamed *named, void *context)
{
        Teller teller = { privacy, named, context };
        CLEANUP(buffer_free) Buffer text = { 0 };
        CLEANUP(buffer_free) Buffer masked = { 0 };
        size_t repaired;
        Error none = { 0 };

        if (!charset_decode(&text, NULL, bytes, size, &repaired, &none)) {
                buffer_clear(&text);
                buffer_add(&text, bytes, size);
        }
        for (size_t i = 0; i < text.size; i++)
                if (text.bytes[i] == '\0')
                        text.bytes[i] = '\n';
        if (!text.size)
                return;
        mask_text(&masked, text.bytes, NULL, plate_tell, &teller);
        numbers_tell(&teller, text.bytes);
        values_tell(&teller, text.bytes);
}
