#include "hub/base/charset.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/xml.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

struct Charset {
        const char *name;   /* for iconv; NULL: UTF-8, which we decode ourselves */
        size_t unit;        /* bytes to skip where nothing can be read */
        const char *mark;   /* byte order mark */
        const char *labels; /* between blanks, in lower case */
};

enum { UTF_8, GB18030 };

static const Charset charsets[] = {
        [UTF_8] = { NULL, 1, "\xef\xbb\xbf", " utf-8 utf8 unicode-1-1-utf-8 us-ascii ascii " },
        [GB18030] = { "GB18030", 1, "\x84\x31\x95\x33",
                      " gb18030 gb18030-2005 gb18030-2022 gbk x-gbk gb2312 gb_2312-80 gb_2312 csgb2312 iso-ir-58 "
                      "chinese"
                      " cp936 ms936 windows-936 936 euc-cn " },
        { "BIG5-HKSCS", 1, NULL, " big5 big5-hkscs cn-big5 csbig5 x-x-big5 cp950 " },
        { "UTF-16LE", 2, "\xff\xfe", " utf-16 utf-16le unicode ucs-2 " },
        { "UTF-16BE", 2, "\xfe\xff", " utf-16be " },
        { "ISO-8859-1", 1, NULL, " iso-8859-1 iso8859-1 latin1 l1 " },
        { "CP1252", 1, NULL, " windows-1252 cp1252 x-cp1252 " },
};

enum { CHARSETS = sizeof(charsets) / sizeof(charsets[0]), LABEL_MOST = 32 };

/* The name in "text/xml; charset=gb2312", '"gb2312"' or "GB2312"; false when there is none that could be ours. */
static bool label_read(const char *label, char out[LABEL_MOST])
{
        static const char parameter[] = "charset=";
        const char *found = label ? strcasestr(label, parameter) : NULL;
        size_t size;

        if (!label)
                return false;
        if (found)
                label = found + strlen(parameter);
        label += strspn(label, " \t\"'");
        size = strcspn(label, " \t\"';,");
        if (size == 0 || size > LABEL_MOST - 3)
                return false;
        out[0] = ' ';
        for (size_t i = 0; i < size; i++)
                out[i + 1] = (char)(label[i] >= 'A' && label[i] <= 'Z' ? label[i] + 32 : label[i]);
        memcpy(out + size + 1, " ", 2);
        return true;
}

static const Charset *charset_by_label(const char *label)
{
        char name[LABEL_MOST];

        if (!label_read(label, name))
                return NULL;
        for (size_t i = 0; i < CHARSETS; i++)
                if (strstr(charsets[i].labels, name))
                        return &charsets[i];
        return NULL;
}

static const Charset *charset_by_mark(const char *bytes, size_t size)
{
        for (size_t i = 0; i < CHARSETS; i++) {
                const char *mark = charsets[i].mark;

                if (mark && size >= strlen(mark) && memcmp(bytes, mark, strlen(mark)) == 0)
                        return &charsets[i];
        }
        return NULL;
}

/* What a text looks like when it is read as UTF-8, and as GB18030. */
typedef struct {
        size_t chinese; /* bytes of characters that are likely: long ones in UTF-8, those of everyday in GB18030 */
        size_t others;  /* bytes of the other characters that are no ASCII */
        size_t broken;  /* sequences */
        size_t cuts;    /* of those, the ones that begin a long character, and ASCII or the end follows */
} Census;

static Census census_utf8(const char *at, const char *end)
{
        Census census = { 0 };

        while (at < end) {
                const char *start = at;
                uint32_t point;

                if ((uint8_t)*at < 0x80) {
                        at++;
                } else if (text_decode(&at, end, &point)) {
                        *(at - start > 2 ? &census.chinese : &census.others) += (size_t)(at - start);
                } else {
                        bool begins = (uint8_t)*start >= 0xe0 && (uint8_t)*start <= 0xf4;

                        census.broken++;
                        census.cuts += begins && (at == end || (uint8_t)*at < 0x80);
                }
        }
        return census;
}

static bool is_in(uint8_t byte, uint8_t least, uint8_t most)
{
        return byte >= least && byte <= most;
}

/* Bytes of the character at `at`, 0 for none: GB 18030-2022, 5.1. */
static size_t gb18030_size(const uint8_t *at, const uint8_t *end)
{
        if (end - at < 2 || !is_in(at[0], 0x81, 0xfe))
                return 0;
        if (is_in(at[1], 0x30, 0x39))
                return end - at >= 4 && is_in(at[2], 0x81, 0xfe) && is_in(at[3], 0x30, 0x39) ? 4 : 0;
        return is_in(at[1], 0x40, 0xfe) && at[1] != 0x7f ? 2 : 0;
}

/* Of everyday: rows 16 to 55 of GB 2312, its first level, and 1 to 3, its punctuation, letters and digits. */
static Census census_gb18030(const char *bytes, size_t size)
{
        const uint8_t *at = (const uint8_t *)bytes, *end = at + size;
        Census census = { 0 };

        for (size_t used = 1; at < end; at += used) {
                bool is_everyday = is_in(at[0], 0xb0, 0xd7) || is_in(at[0], 0xa1, 0xa3);

                used = 1;
                if (*at < 0x80)
                        continue;
                used = gb18030_size(at, end);
                census.broken += used == 0;
                *(used == 2 && is_everyday && at[1] >= 0xa1 ? &census.chinese : &census.others) += used;
                used += used == 0;
        }
        return census;
}

/* By its declaration or its transport; NULL: neither says what can be true. */
static const Charset *charset_by_word(const char *label, const char *bytes, size_t size)
{
        const bool is_readable = size && strchr("<{[\"", bytes[0]) && bytes[0] && (size < 2 || bytes[1]);
        char declared[LABEL_MOST];
        const Charset *charset = NULL;

        if (xml_encoding(bytes, size, declared, sizeof(declared)))
                charset = charset_by_label(declared);
        if (!charset || (charset->unit > 1 && is_readable))
                charset = charset_by_label(label);
        return charset && charset->unit > 1 && is_readable ? NULL : charset;
}

const Charset *charset_find(const char *label, const char *bytes, size_t size, size_t *start)
{
        const Charset *utf8 = &charsets[UTF_8], *gb18030 = &charsets[GB18030], *charset = charset_by_mark(bytes, size);
        Census as_utf8, as_gb = { 0 };

        *start = charset ? strlen(charset->mark) : 0;
        if (charset)
                return charset;
        as_utf8 = census_utf8(bytes, bytes + size);
        if (as_utf8.broken)
                as_gb = census_gb18030(bytes, size);
        if (as_utf8.chinese && as_utf8.chinese >= as_gb.chinese)
                return utf8;
        charset = charset_by_word(label, bytes, size);
        if (charset && (charset != utf8 || as_gb.broken > as_gb.chinese / 8))
                return charset;
        return as_utf8.broken > as_utf8.cuts ? gb18030 : utf8;
}

size_t charset_unit(const Charset *charset)
{
        return charset->unit;
}

static size_t decode_utf8(Buffer *out, const char *bytes, size_t size)
{
        const char *at = bytes, *from = bytes, *end = bytes + size;
        size_t repaired = 0;

        buffer_room(out, size);
        while (at < end) {
                const char *start = at;
                uint32_t point;

                if ((uint8_t)*at < 0x80) {
                        at++;
                } else if (!text_decode(&at, end, &point)) {
                        buffer_add(out, from, (size_t)(start - from));
                        text_put(out, point);
                        from = at;
                        repaired++;
                }
        }
        buffer_add(out, from, (size_t)(end - from));
        return repaired;
}

/* One step of iconv, with room; returns 0, or errno. */
static int decode_step(iconv_t converter, Buffer *out, char **from, size_t *left)
{
        size_t room = *left * 2 + 64;
        char *to;
        int trouble;

        buffer_room(out, room);
        to = out->bytes + out->size;
        trouble = iconv(converter, from, left, &to, &room) == (size_t)-1 ? errno : 0;
        if (!trouble && iconv(converter, NULL, NULL, &to, &room) == (size_t)-1)
                trouble = errno;
        out->size = (size_t)(to - out->bytes);
        out->bytes[out->size] = '\0';
        return trouble;
}

/* What stops iconv: 0x80 is the euro sign in GB18030 (WHATWG, 10.2.1); the rest is broken. A cut end is one break. */
static size_t repair(const Charset *charset, Buffer *out, int trouble, char **from, size_t *left)
{
        bool euro = charset == &charsets[GB18030] && (uint8_t) * *from == 0x80;
        size_t skip = trouble == EINVAL || *left < charset->unit ? *left : charset->unit;

        text_put(out, euro ? 0x20ac : 0xfffd);
        *from += skip;
        *left -= skip;
        return !euro;
}

static void converter_drop(iconv_t *converter)
{
        iconv_close(*converter);
}

static size_t decode_iconv(const Charset *charset, iconv_t opened, Buffer *out, const char *bytes, size_t size)
{
        CLEANUP(converter_drop) iconv_t converter = opened;
        CLEANUP(mem_drop) char *copy = mem_copy(bytes, size); /* iconv's input is not const */
        char *from = copy;
        size_t left = size, repaired = 0;

        while (left) {
                int trouble = decode_step(converter, out, &from, &left);

                if (trouble == EILSEQ || trouble == EINVAL)
                        repaired += repair(charset, out, trouble, &from, &left);
        }
        return repaired;
}

bool charset_convert(const Charset *charset, Buffer *out, const char *bytes, size_t size, size_t *repaired, Error *err)
{
        iconv_t converter;

        if (!charset->name) {
                *repaired += decode_utf8(out, bytes, size);
                return true;
        }
        buffer_room(out, size);
        converter = iconv_open("UTF-8", charset->name);
        if (converter == (iconv_t)-1) /* NOLINT(performance-no-int-to-ptr): how iconv says no */
                return error_set(err, ERR_FATAL, "bad_charset", "the C library cannot decode %s", charset->name);
        *repaired += decode_iconv(charset, converter, out, bytes, size);
        return true;
}

bool charset_decode(Buffer *out, const char *label, const char *bytes, size_t size, size_t *repaired, Error *err)
{
        size_t start;
        const Charset *charset = charset_find(label, bytes, size, &start);

        *repaired = 0;
        return charset_convert(charset, out, bytes + start, size - start, repaired, err);
}

bool charset_encode(Buffer *out, const char *label, const char *text, size_t size)
{
        const Charset *charset = charset_by_label(label);
        CLEANUP(mem_drop) char *copy = mem_copy(text, size);
        char *from = copy, *to;
        size_t left = size, room = size * 4 + 64;
        iconv_t opened = charset && charset->name ? iconv_open(charset->name, "UTF-8") : (iconv_t)-1; /* NOLINT */

        if (opened == (iconv_t)-1) /* NOLINT(performance-no-int-to-ptr): how iconv says no */
                return false;
        CLEANUP(converter_drop) iconv_t converter = opened;
        buffer_room(out, room);
        to = out->bytes + out->size;
        if (iconv(converter, &from, &left, &to, &room) == (size_t)-1)
                return false;
        out->size = (size_t)(to - out->bytes);
        out->bytes[out->size] = '\0';
        return true;
}
