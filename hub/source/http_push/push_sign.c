#include "hub/source/http_push/push_sign.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <string.h>

enum { SECOND = 1000, SIGNATURES_MOST = 32 };

static const int64_t seconds_most = INT64_MAX / SECOND / 2;

static bool mac_is_among(const char *signature, const uint8_t mac[SHA256_SIZE])
{
        bool found = false;

        for (size_t i = 0; i < SIGNATURES_MOST && *signature; i++) {
                CLEANUP(buffer_free) Buffer bytes = { 0 };
                const size_t size = strcspn(signature, " ");

                if (size > 3 && memcmp(signature, "v1,", 3) == 0 && base64_read(signature + 3, size - 3, &bytes) &&
                    bytes.size == SHA256_SIZE)
                        found |= bytes_equal(bytes.bytes, mac, SHA256_SIZE);
                signature += size;
                signature += strspn(signature, " ");
        }
        return found;
}

static bool is_signed(const Signed *of, const PushSecrets *secrets)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        uint8_t mac[SHA256_SIZE];
        bool found = false;

        buffer_room(&text, strlen(of->id) + strlen(of->timestamp) + of->size + 3);
        buffer_format(&text, "%s.%s.", of->id, of->timestamp);
        buffer_add(&text, of->body, of->size);
        for (size_t i = 0; i < secrets->size; i++) {
                hmac_sha256(secrets->lines[i].bytes, secrets->lines[i].size, text.bytes, text.size, mac);
                found |= mac_is_among(of->signature, mac);
        }
        return found;
}

/* In words for whoever looks into what was rejected; the peer is told 401 and no more. */
static const char *form_trouble(const Signed *of, int64_t *seconds)
{
        if (!of->id || !of->id[0])
                return "webhook-id is not there";
        if (!of->timestamp)
                return "webhook-timestamp is not there";
        if (!of->signature)
                return "webhook-signature is not there";
        if (strchr(of->id, '.') || strlen(of->id) > SIGN_ID_MOST)
                return "webhook-id has a full stop, or is too long";
        if (!text_read_integer(of->timestamp, seconds) || *seconds < 0 || *seconds > seconds_most)
                return "webhook-timestamp is no number of seconds";
        return NULL;
}

bool sign_check(const Signed *of, const PushSecrets *secrets, int64_t tolerance_ms, int64_t now, Error *err)
{
        int64_t seconds = 0, off;
        const char *trouble = form_trouble(of, &seconds);

        if (trouble)
                return error_set(err, ERR_INPUT, "bad_signature", "%s", trouble);
        if (!is_signed(of, secrets))
                return error_set(err, ERR_INPUT, "bad_signature", "none of the signatures is of one of our secrets");
        off = now - seconds * SECOND;
        if (off > tolerance_ms || off < -tolerance_ms)
                return error_set(err, ERR_INPUT, "stale_signature", "signed %lld s %s our clock",
                                 (long long)((off < 0 ? -off : off) / SECOND), off < 0 ? "ahead of" : "before");
        return true;
}
