#include "hub/base/charset.h"
#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "tests/unit/base/run.h"

#include <stdio.h>
#include <string.h>

static void decode_assert(const char *label, const char *bytes, size_t size, const char *want, size_t want_repaired)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        size_t repaired = 99;
        Error err = { 0 };

        ck_assert_msg(charset_decode(&out, label, bytes, size, &repaired, &err), "%s", err.text);
        ck_assert_str_eq(out.bytes, want);
        ck_assert_msg(repaired == want_repaired, "%s: %zu repaired", want, repaired);
}

#define DECODE(label, bytes, want, repaired) decode_assert((label), (bytes), sizeof(bytes) - 1, (want), (repaired))

/* 湖里 is BA FE C0 EF in GB2312, in GBK and in GB18030. */
START_TEST(labels_are_read_as_platforms_write_them)
{
        DECODE("gb2312", "\xba\xfe\xc0\xef", "湖里", 0);
        DECODE("GBK", "\xba\xfe\xc0\xef", "湖里", 0);
        DECODE("text/xml; charset=gb2312", "\xba\xfe\xc0\xef", "湖里", 0);
        DECODE("text/html;Charset=\"GB18030\"; x=y", "\xba\xfe\xc0\xef", "湖里", 0);
        DECODE("utf-8", "湖里", "湖里", 0);
        DECODE("big5", "\xb4\xf2\xa8\xbd", "湖里", 0);
        DECODE("utf-16le", "\x56\x6e\xcc\x91", "湖里", 0);
        DECODE("UTF-16BE", "\x6e\x56\x91\xcc", "湖里", 0);
        DECODE("ISO-8859-1", "caf\xe9", "café", 0);
        DECODE("windows-1252", "\x93q\x94", "“q”", 0);
}
END_TEST

/* GB2312 has no 镕; a platform that says gb2312 sends GBK's bytes for it (WHATWG Encoding, 4.2). */
START_TEST(gb2312_is_decoded_as_gb18030)
{
        DECODE("gb2312", "\xe9\x46", "镕", 0);
        DECODE("gbk", "\x81\x30\x84\x36", "¥", 0);
        DECODE("gbk", "\x80", "€", 0);
        DECODE("gbk", "\xd5\x5c", "誠", 0);
}
END_TEST

START_TEST(a_byte_order_mark_wins_and_goes)
{
        DECODE("gbk", "\xef\xbb\xbf湖", "湖", 0);
        DECODE("utf-8", "\xff\xfe\x56\x6e", "湖", 0);
        DECODE(NULL, "\xfe\xff\x6e\x56", "湖", 0);
        DECODE(NULL, "\x84\x31\x95\x33\xba\xfe", "湖", 0);
        DECODE(NULL, "\xef\xbb\xbf", "", 0);
}
END_TEST

START_TEST(without_a_usable_label_bytes_decide)
{
        DECODE(NULL, "湖里", "湖里", 0);
        DECODE(NULL, "\xba\xfe\xc0\xef", "湖里", 0);
        DECODE("application/json", "湖里", "湖里", 0);
        DECODE("x-unheard-of", "\xba\xfe", "湖", 0);
        DECODE("", "", "", 0);
}
END_TEST

/* CVE-2024-2961: the name in a message must never choose iconv's module. */
START_TEST(a_label_cannot_reach_iconv)
{
        DECODE("ISO-2022-CN-EXT", "\x1b\x24\x2a\x48", "\x1b\x24\x2a\x48", 0);
        DECODE("utf-8//TRANSLIT", "\xba\xfe", "湖", 0);
        DECODE("../../tmp/evil", "a", "a", 0);
        DECODE("gbk gb2312", "\xba\xfe", "湖", 0);
        DECODE("0123456789012345678901234567890123456789", "a", "a", 0);
}
END_TEST

START_TEST(breaks_are_repaired_and_counted)
{
        DECODE("utf-8",
               "a\xe6\xb9\xff"
               "b",
               "a\xef\xbf\xbd\xef\xbf\xbd"
               "b",
               2);
        DECODE("gbk", "\xba\xfe\xba", "湖\xef\xbf\xbd", 1);
        DECODE("gbk", "\xba\xfe\x81\x30\x81", "湖\xef\xbf\xbd", 1);
        DECODE("gbk", "\xff\xba\xfe", "\xef\xbf\xbd湖", 1);
        DECODE("gbk", "\xba\"}", "\xef\xbf\xbd\"}", 1);
        DECODE("utf-16le", "\x56\x6e\x00\xdc\x56\x6e\x41", "湖\xef\xbf\xbd湖\xef\xbf\xbd", 2);
        DECODE("big5", "\xb4", "\xef\xbf\xbd", 1);
}
END_TEST

/* A description that was cut at a count of bytes, a tab of another program's: the page stays what it is. */
START_TEST(a_few_bad_bytes_turn_no_utf8_into_another)
{
        DECODE(NULL, "湖里区\xe5烧烤占道", "湖里区\xef\xbf\xbd烧烤占道", 1);
        DECODE("application/json", "[\"湖里区\xe7\x83\",\"占道\"]", "[\"湖里区\xef\xbf\xbd\",\"占道\"]", 1);
        DECODE("text/html; charset=gbk", "湖里区\xff占道经营", "湖里区\xef\xbf\xbd占道经营", 1);
        DECODE("ISO-8859-1", "湖里", "湖里", 0);
        DECODE(NULL, "湖\xe9", "湖\xef\xbf\xbd", 1);
        DECODE(NULL, "{\"a\":\"x\xe6\xb9\"}", "{\"a\":\"x\xef\xbf\xbd\"}", 1);
        DECODE(NULL, "{\"a\":\"x\xe6\"}", "{\"a\":\"x\xef\xbf\xbd\"}", 1);
}
END_TEST

/* 湖里区占道经营: BA FE C0 EF C7 F8 D5 BC B5 C0 BE AD D3 AA. */
START_TEST(a_bad_byte_turns_no_gb18030_into_utf8)
{
        DECODE(NULL, "\xba\xfe\xc0\xef\xc7\xf8\xff\xd5\xbc\xb5\xc0", "湖里区\xef\xbf\xbd占道", 1);
        DECODE("gb2312", "\xba\xfe\xc0\xef\xff\xc7\xf8", "湖里\xef\xbf\xbd区", 1);
        DECODE("utf-8", "\xba\xfe\xc0\xef\xc7\xf8", "湖里区", 0);
        DECODE("utf-8", "\xba\xfe\xc0\xef\xc7\xf8\xd5\xbc\xff", "湖里区占\xef\xbf\xbd", 1);
        DECODE("utf-8", "\xba\xfe\xff", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 3);
        /* 联通 (C1 AA CD A8) is UTF-8 for its half: the label is what tells. */
        DECODE("gbk", "\xcd\xa8", "通", 0);
}
END_TEST

#define DECLARED(name) "<?xml version=\"1.0\" encoding=\"" name "\"?>"

START_TEST(what_the_document_declares_goes_before_its_transport)
{
        DECODE("text/xml; charset=iso-8859-1", DECLARED("gb2312") "\xba\xfe", DECLARED("gb2312") "湖", 0);
        DECODE("text/xml; charset=gbk", DECLARED("x-odd") "\xba\xfe", DECLARED("x-odd") "湖", 0);
        DECODE("text/xml; charset=big5", DECLARED("utf-8") "\xba\xfe", DECLARED("utf-8") "湖", 0);
        /* What a writer of .NET says of a text that then went out as UTF-8, or as the peer's own. */
        DECODE(NULL, DECLARED("utf-16") "湖", DECLARED("utf-16") "湖", 0);
        DECODE("text/xml; charset=gbk", DECLARED("utf-16") "\xba\xfe", DECLARED("utf-16") "湖", 0);
        DECODE("application/json; charset=utf-16", "{\"a\":1}", "{\"a\":1}", 0);
        DECODE("utf-16", "{\0\"\0", "{\"", 0);
}
END_TEST

START_TEST(large_texts_pass_whole)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        CLEANUP(buffer_free) Buffer out = { 0 };
        size_t repaired;
        Error err;

        for (size_t i = 0; i < 200000; i++)
                buffer_add(&text, i % 1000 ? "\xba\xfe" : "\xff", i % 1000 ? 2 : 1);
        ck_assert(charset_decode(&out, "gbk", text.bytes, text.size, &repaired, &err));
        ck_assert_uint_eq(repaired, 200);
        ck_assert_uint_eq(text_points(out.bytes), 200000);
}
END_TEST

/* The index of the WHATWG standard, pointer to code point: two bytes each (10.2.1). What differs is known and few. */
START_TEST(the_published_table_of_gb18030)
{
        const char *samples = getenv("HUB_SAMPLES");
        CLEANUP(mem_drop) char *path = text_format("%s/common/encoding/index-gb18030.txt", samples ? samples : "");
        CLEANUP(buffer_free) Buffer text = { 0 };
        size_t lines = 0, differ = 0;
        char *save = NULL;
        Error err = { 0 };

        if (!samples) {
                printf("skipped without HUB_SAMPLES: the_published_table_of_gb18030\n");
                return;
        }
        ck_assert_msg(file_read(&text, path, 10000000, &err), "%s", err.text);
        for (char *line = strtok_r(text.bytes, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
                CLEANUP(buffer_free) Buffer out = { 0 };
                unsigned pointer, point;
                size_t repaired;
                const char *at;
                char bytes[2];

                if (sscanf(line, "%u 0x%x", &pointer, &point) != 2)
                        continue;
                bytes[0] = (char)(pointer / 190 + 0x81);
                bytes[1] = (char)(pointer % 190 + (pointer % 190 < 0x3f ? 0x40 : 0x41));
                ck_assert(charset_decode(&out, "gbk", bytes, 2, &repaired, &err));
                at = out.bytes;
                differ += text_next(&at, out.bytes + out.size) != point;
                lines++;
        }
        printf("the_published_table_of_gb18030: %zu pairs, %zu differ\n", lines, differ);
        ck_assert_uint_gt(lines, 23000);
        ck_assert_uint_le(differ, 24);
}
END_TEST

RUN("charset", labels_are_read_as_platforms_write_them, gb2312_is_decoded_as_gb18030, a_byte_order_mark_wins_and_goes,
    without_a_usable_label_bytes_decide, a_label_cannot_reach_iconv, breaks_are_repaired_and_counted,
    a_few_bad_bytes_turn_no_utf8_into_another, a_bad_byte_turns_no_gb18030_into_utf8,
    what_the_document_declares_goes_before_its_transport, large_texts_pass_whole, the_published_table_of_gb18030)
