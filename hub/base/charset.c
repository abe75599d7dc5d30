#include "hub/base/charset.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

typedef struct {
        const char *name;   /* for iconv; NULL: UTF-8, which we decode ourselves */
        size_t unit;        /* bytes to skip where nothing can be read */
        const char *mark;   /* byte order mark */
        const char *labels; /* between blanks, in lower case */
} Charset;

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

static size_t decode_utf8(Buffer *out, const char *bytes, size_t size)
{
        const char *end = bytes + size;
        size_t repaired = 0;

        while (bytes < end) {
                const char *start = bytes;
                uint32_t point;

                if (text_decode(&bytes, end, &point)) {
                        buffer_add(out, start, (size_t)(bytes - start));
                } else {
                        text_put(out, point);
                        repaired++;
                }
        }
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

bool charset_decode(Buffer *out, const char *label, const char *bytes, size_t size, size_t *repaired, Error *err)
{
        const Charset *charset = charset_by_mark(bytes, size);
        iconv_t converter;

        if (charset) {
                bytes += strlen(charset->mark);
                size -= strlen(charset->mark);
        } else {
                charset = charset_by_label(label);
        }
        if (!charset)
                charset = &charsets[text_is_utf8(bytes, size) ? UTF_8 : GB18030];

        buffer_room(out, size);
        if (!charset->name) {
                *repaired = decode_utf8(out, bytes, size);
                return true;
        }
        converter = iconv_open("UTF-8", charset->name);
        if (converter == (iconv_t)-1) /* NOLINT(performance-no-int-to-ptr): how iconv says no */
                return error_set(err, ERR_FATAL, "bad_charset", "the C library cannot decode %s", charset->name);
        *repaired = decode_iconv(charset, converter, out, bytes, size);
        return true;
}
