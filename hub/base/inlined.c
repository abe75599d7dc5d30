#include "hub/base/inlined.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"

#include <string.h>

#define MARK "sha256:"

enum { PICTURE_LEAST = 256, PIECE = 4 * 4096, HEAD_MOST = 80 };

typedef struct {
        Sha256 *sha256; /* owned */
        Buffer bytes;
        char piece[PIECE + 1];
        size_t used, padding;
        bool is_base64;
} Digesting;

static void piece_end(Digesting *digesting)
{
        while (digesting->used % 4)
                digesting->piece[digesting->used++] = '=';
        buffer_clear(&digesting->bytes);
        digesting->is_base64 =
                digesting->is_base64 && base64_read(digesting->piece, digesting->used, &digesting->bytes);
        sha256_add(digesting->sha256, digesting->bytes.bytes, digesting->bytes.size);
        digesting->used = 0;
}

static void digit_add(Digesting *digesting, char digit)
{
        digesting->padding += digit == '=';
        digesting->is_base64 = digesting->is_base64 && (digit == '=' || !digesting->padding);
        digesting->piece[digesting->used++] = digit;
        if (digesting->used == PIECE)
                piece_end(digesting);
}

/* The quote that ends a string; its end where there is none. */
static const char *string_end(const char *at, const char *end)
{
        while (at < end && *at != '"')
                at += *at == '\\' && at + 1 < end ? 2 : 1;
        return at < end ? at : end;
}

/* Behind "data:image/jpeg;base64,". */
static const char *head_skip(const char *at, const char *end)
{
        const size_t size = (size_t)(end - at) < HEAD_MOST ? (size_t)(end - at) : HEAD_MOST;
        const char *comma = size > 5 && memcmp(at, "data:", 5) == 0 ? memchr(at, ',', size) : NULL;

        return comma ? comma + 1 : at;
}

/* Escapes that base64 meets in JSON: \/ for a slash, \n and \r where it is broken into lines. */
static bool is_line_end(const char *at)
{
        return *at == '\\' && (at[1] == 'n' || at[1] == 'r');
}

static bool picture_digest(const char *at, const char *end, char out[SHA256_TEXT_SIZE])
{
        CLEANUP(mem_drop) Digesting *digesting = mem_new(sizeof(Digesting));

        digesting->sha256 = sha256_new();
        digesting->is_base64 = true;
        for (at = head_skip(at, end); at < end && digesting->is_base64; at++) {
                if (is_line_end(at)) {
                        at++;
                        continue;
                }
                at += *at == '\\' && at[1] == '/';
                digit_add(digesting, *at);
        }
        piece_end(digesting);
        sha256_end(digesting->sha256, out);
        sha256_free(digesting->sha256);
        buffer_free(&digesting->bytes);
        return digesting->is_base64;
}

static void string_copy(Buffer *out, const char *at, const char *end)
{
        char digest[SHA256_TEXT_SIZE];

        if (end - at >= PICTURE_LEAST && picture_digest(at, end, digest))
                buffer_format(out, MARK "%s", digest);
        else
                buffer_add(out, at, (size_t)(end - at));
}

void inlined_cut(Buffer *out, const char *bytes, size_t size)
{
        const char *at = bytes, *end = bytes + size, *quote, *closing;

        while ((quote = memchr(at, '"', (size_t)(end - at)))) {
                buffer_add(out, at, (size_t)(quote + 1 - at));
                closing = string_end(quote + 1, end);
                string_copy(out, quote + 1, closing);
                at = closing;
                if (at < end)
                        buffer_byte(out, *at++);
        }
        buffer_add(out, at, (size_t)(end - at));
}

const char *inlined_digest(const char *text)
{
        const size_t mark = sizeof(MARK) - 1;

        if (!text || strncmp(text, MARK, mark) != 0 || strlen(text) != mark + SHA256_TEXT_SIZE - 1 ||
            strspn(text + mark, "0123456789abcdef") != SHA256_TEXT_SIZE - 1)
                return NULL;
        return text + mark;
}
