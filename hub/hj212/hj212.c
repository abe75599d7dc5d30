#include "hub/hj212/hj212.h"

#include "hub/base/text.h"
#include "hub/hj212/hj212_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MARK = 2, DIGITS = 4, HEAD = HJ212_HEAD, CRC = 4 };

static const char line_end_text[] = "\\r\\n"; /* as some devices write it out */

/* ---- where it ends ---- */

/* Annex A of HJ 212-2017: not the CRC-16 of Modbus, whose first step differs. */
static uint16_t crc_of(const char *bytes, size_t size)
{
        enum { START = 0xffff, POLYNOMIAL = 0xa001, BITS = 8 };
        unsigned crc = START;

        for (size_t i = 0; i < size; i++) {
                crc = (crc >> BITS) ^ (unsigned char)bytes[i];
                for (int bit = 0; bit < BITS; bit++)
                        crc = crc & 1 ? (crc >> 1) ^ POLYNOMIAL : crc >> 1;
        }
        return (uint16_t)crc;
}

static bool crc_is(const char *segment, size_t size, const char *told)
{
        char text[2 * CRC + 1]; /* gcc takes what is told for as wide as its type */

        snprintf(text, sizeof(text), "%04X", (unsigned)crc_of(segment, size));
        return strncasecmp(text, told, CRC) == 0;
}

static size_t digits_of(const char *bytes, size_t size, const char *digits)
{
        size_t count = 0;

        while (count < size && bytes[count] && strchr(digits, bytes[count]))
                count++;
        return count;
}

static bool is_head(const char *bytes, size_t size)
{
        return size >= HEAD && memcmp(bytes, "##", MARK) == 0 &&
               digits_of(bytes + MARK, DIGITS, "0123456789") == DIGITS;
}

static size_t segment_size(const char *head)
{
        size_t size = 0;

        for (size_t i = MARK; i < HEAD; i++)
                size = size * 10 + (size_t)(head[i] - '0');
        return size;
}

/* Where the next packet begins, from `at` on; size: nowhere. Encrypted bytes look so once in 3 x 10^10. */
static size_t head_find(const char *bytes, size_t at, size_t size)
{
        while (at < size && !is_head(bytes + at, size - at))
                at++;
        return at;
}

static size_t line_end_size(const char *bytes, size_t size)
{
        if (size >= strlen(line_end_text) && memcmp(bytes, line_end_text, strlen(line_end_text)) == 0)
                return strlen(line_end_text);
        return digits_of(bytes, size, "\r\n");
}

bool hj212_is_line_end(const char *bytes, size_t size)
{
        const size_t begins = line_end_size(bytes, size);

        return begins + digits_of(bytes + begins, size - begins, "\r\n \t") == size;
}

/* Begins like a packet or a written-out line end, but is too short to tell. */
static bool may_begin(const char *bytes, size_t size)
{
        if (size < strlen(line_end_text) && memcmp(bytes, line_end_text, size) == 0)
                return true;
        return size < HEAD && memcmp(bytes, "##", size < MARK ? size : MARK) == 0 &&
               (size < MARK || digits_of(bytes + MARK, size - MARK, "0123456789") == size - MARK);
}

/*
 * All of it is there, but its CRC is another: encrypted, damaged, or of another length than it says. Of another length, where no
 * CRC stands at its end: then it goes on to the end of its line.
 */
static size_t doubtful_size(const char *bytes, size_t size, size_t whole)
{
        const char *crc = bytes + whole - CRC;

        if (digits_of(crc, CRC, "0123456789abcdefABCDEF") < CRC)
                while (whole < size && !strchr("\r\n", bytes[whole]) && !is_head(bytes + whole, size - whole))
                        whole++;
        return whole;
}

FrameResult hj212_cut(const char *bytes, size_t size, size_t *used)
{
        size_t whole, next;

        *used = line_end_size(bytes, size);
        if (*used)
                return FRAME_WHOLE;
        if (may_begin(bytes, size))
                return FRAME_MORE;
        if (!is_head(bytes, size)) {
                for (*used = 1; *used < size && !strchr("#\r\n\\", bytes[*used]);)
                        (*used)++;
                return FRAME_JUNK;
        }
        whole = HEAD + segment_size(bytes) + CRC;
        if (size < whole || !crc_is(bytes + HEAD, whole - HEAD - CRC, bytes + whole - CRC)) {
                next = head_find(bytes, HEAD, size < whole ? size : whole);
                if (size < whole && next == size)
                        return FRAME_MORE;
                whole = next < whole ? next : doubtful_size(bytes, size, whole);
        }
        *used = whole + line_end_size(bytes + whole, size - whole);
        return FRAME_WHOLE;
}

/* ---- what it says ---- */

static void member_take(const char *key, const char *value, const char **parts, Hj212 *packet)
{
        const struct {
                const char *key;
                const char **value;
        } members[] = { { "QN", &packet->qn }, { "CN", &packet->cn }, { "PW", &packet->pw },
                        { "MN", &packet->mn }, { "PNUM", parts },     { "PNO", &packet->part } };

        if (strcasecmp(key, "Flag") == 0 && (!text_read_integer(value, &packet->flag) || packet->flag < 0))
                packet->flag = 0;
        for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
                if (strcasecmp(key, members[i].key) == 0)
                        *members[i].value = hj212_is_absent(value) ? NULL : value;
}

/* In any order. Some devices say in Flag that there are parts, and number none; others number them, and say nothing. */
static void header_read(char *text, Hj212 *packet)
{
        enum { PART_MOST = 8 };
        const char *parts = NULL;
        int64_t count = 0;
        char *value;

        while ((value = hj212_word(&text, ";"))) {
                const char *key = hj212_word(&value, "=");

                member_take(key, value ? hj212_word(&value, "") : "", &parts, packet);
        }
        if (packet->part &&
            (!hj212_is_word(packet->part, PART_MOST) || (parts && text_read_integer(parts, &count) && count == 1)))
                packet->part = NULL;
}

static bool crc_wrong(const char *segment, size_t size, const char *told, Error *err)
{
        if (digits_of(told, CRC, "0123456789abcdefABCDEF") < CRC ||
            (memmem(segment, size, "CP=&&", 5) && memcmp(segment + size - 2, "&&", 2) != 0))
                return error_set(err, ERR_INPUT, "bad_length", "its length leads to no && and CRC");
        return error_set(err, ERR_INPUT, "bad_check", "CRC: not that of these bytes");
}

/* Between CP=&& and the && at the end; NULL: there is none. */
static char *content_find(char *segment, size_t size, size_t *content_size)
{
        static const char begins[] = "CP=&&", ends[] = "&&";
        char *at = memmem(segment, size, begins, strlen(begins));

        if (!at)
                return NULL;
        at += strlen(begins);
        *content_size = size - (size_t)(at - segment);
        if (*content_size >= strlen(ends) && memcmp(segment + size - strlen(ends), ends, strlen(ends)) == 0)
                *content_size -= strlen(ends);
        return at;
}

static bool segment_read(char *segment, size_t size, const char *told, const uint8_t *key, Arena *arena, Hj212 *packet,
                         Error *err)
{
        size_t content_size = 0;
        char *content = content_find(segment, size, &content_size);

        header_read(arena_copy(arena, segment, content ? (size_t)(content - segment) : size), packet);
        if (!crc_is(segment, size, told)) {
                if (key && content && packet->flag >> HJ212_VERSION == HJ212_2025)
                        sm4_decrypt(key, content, content_size);
                if (!crc_is(segment, size, told))
                        return crc_wrong(segment, size, told, err);
        }
        packet->content = arena_copy(arena, content ? content : "", content_size);
        return true;
}

bool hj212_key(const Secret *secret, uint8_t key[SM4_SIZE])
{
        CLEANUP(secret_free) Buffer bytes = { 0 };

        if (secret->size == SM4_SIZE)
                buffer_add(&bytes, secret->bytes, SM4_SIZE);
        else if (secret->size != 2 * (size_t)SM4_SIZE || !hex_read((const char *)secret->bytes, &bytes))
                return false;
        memcpy(key, bytes.bytes, SM4_SIZE);
        return true;
}

bool hj212_key_check(const char *option, const void *of, Error *err)
{
        const Secret *secret = of;
        uint8_t key[SM4_SIZE];
        const bool good = !secret->size || hj212_key(secret, key);

        explicit_bzero(key, sizeof(key));
        return good || error_set(err, ERR_FATAL, NULL, "%s: neither 16 characters nor 32 hexadecimal digits", option);
}

bool hj212_open(const char *bytes, size_t size, const uint8_t *key, Arena *arena, Hj212 *packet, Error *err)
{
        size_t length, whole;

        *packet = (Hj212){ 0 };
        if (!is_head(bytes, size))
                return error_set(err, ERR_INPUT, "bad_length", "no packet: ## and four digits");
        length = segment_size(bytes);
        whole = HEAD + length + CRC;
        if (size < whole || !hj212_is_line_end(bytes + whole, size - whole))
                return error_set(err, ERR_INPUT, "bad_length", "length: %zu, of %zu bytes in all", length, size);
        return segment_read(arena_copy(arena, bytes + HEAD, length), length, bytes + HEAD + length, key, arena, packet,
                            err);
}

void hj212_seal(const char *segment, size_t size, Buffer *out)
{
        buffer_format(out, "##%04zu", size);
        buffer_add(out, segment, size);
        buffer_format(out, "%04X\r\n", (unsigned)crc_of(segment, size));
}

const char *hj212_answer(const Hj212 *packet, Arena *arena)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        const char *cn = packet->cn ? packet->cn : "", *segment;

        if (!(packet->flag & HJ212_ASKS) || cn[0] == '1' || text_same(hj212_other(cn), "answer"))
                return NULL;
        segment = arena_format(arena, "QN=%s;ST=91;CN=9014;PW=%s;MN=%s;Flag=%" PRId64 ";CP=&&&&",
                               packet->qn ? packet->qn : "", packet->pw ? packet->pw : "", packet->mn ? packet->mn : "",
                               packet->flag >> HJ212_VERSION << HJ212_VERSION);
        hj212_seal(segment, strlen(segment), &out);
        return arena_copy(arena, out.bytes, out.size);
}

bool hj212_open_with(const Secret *secret, const char *bytes, size_t size, Arena *arena, Hj212 *packet, Error *err)
{
        uint8_t key[SM4_SIZE];
        const bool has_key = hj212_key(secret, key);
        const bool is_open = hj212_open(bytes, size, has_key ? key : NULL, arena, packet, err);

        explicit_bzero(key, sizeof(key));
        return is_open;
}
