/*
 * A document that the strict reader refused, written again as JSON: the grammar is kept, what stands between its signs is
 * mended. It runs only then, once, from left to right.
 */

#include "hub/base/json_private.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <string.h>

typedef struct {
        const char *at, *end;
        Buffer *out;
        JsonMend *mend;
        int depth;
        char open[JSON_DEPTH_MOST + 1]; /* '[' or '{' at each depth */
        char before;                    /* the sign in front: [ { , : or '"' for a whole value, '\0' at the start */
        bool in_string, broken;         /* broken: signs that do not match, which nobody can mend */
} Mend;

static bool is_hex4(const char *at, const char *end, uint32_t *point)
{
        *point = 0;
        if (end - at < 4)
                return false;
        for (int i = 0; i < 4; i++) {
                const char *digits = "0123456789abcdef0123456789ABCDEF", *found = at[i] ? strchr(digits, at[i]) : NULL;

                if (!found)
                        return false;
                *point = *point << 4 | ((uint32_t)(found - digits) & 15);
        }
        return true;
}

static void copy(Mend *mend, size_t size)
{
        buffer_add(mend->out, mend->at, size);
        mend->at += size;
}

/* ---- in a string ---- */

/* \uXXXX: half of a pair alone, or NUL, is no character. */
static void unicode_mend(Mend *mend)
{
        uint32_t point, low;
        bool pair = mend->end - mend->at >= 12 && mend->at[6] == '\\' && mend->at[7] == 'u' &&
                    is_hex4(mend->at + 8, mend->end, &low) && low >= 0xdc00 && low <= 0xdfff;

        if (!is_hex4(mend->at + 2, mend->end, &point)) {
                buffer_text(mend->out, "\\\\");
                mend->at++;
                mend->mend->text = true;
        } else if (point >= 0xd800 && point <= 0xdbff && pair) {
                copy(mend, 12);
        } else if (point >= 0xd800 && point <= 0xdfff) {
                buffer_text(mend->out, "\\ufffd");
                mend->at += 6;
                mend->mend->text = true;
        } else {
                copy(mend, 6);
        }
}

/* A backslash of nothing that JSON knows stands for itself, as in C:\data. */
static void escape_mend(Mend *mend)
{
        if (mend->end - mend->at < 2) {
                copy(mend, 1);
        } else if (mend->at[1] == 'u') {
                unicode_mend(mend);
        } else if (mend->at[1] && strchr("\"\\/bfnrt", mend->at[1])) {
                copy(mend, 2);
        } else {
                buffer_text(mend->out, mend->at[1] == '\'' ? "" : "\\\\");
                mend->at++;
                mend->mend->text = true;
        }
}

static void control_mend(Mend *mend)
{
        static const char digits[] = "0123456789abcdef";
        unsigned char byte = (unsigned char)*mend->at++;

        if (byte)
                buffer_add(mend->out, (char[]){ '\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15] }, 6);
        else
                buffer_text(mend->out, "\\ufffd");
        mend->mend->text = true;
}

static void character_copy(Mend *mend)
{
        const char *from = mend->at;
        uint32_t point;

        if (text_decode(&mend->at, mend->end, &point)) {
                buffer_add(mend->out, from, (size_t)(mend->at - from));
                return;
        }
        text_put(mend->out, point);
        mend->mend->text = true;
}

static void string_mend(Mend *mend)
{
        mend->in_string = true;
        copy(mend, 1);
        while (mend->at < mend->end && *mend->at != '"') {
                if (*mend->at == '\\')
                        escape_mend(mend);
                else if ((unsigned char)*mend->at < 0x20)
                        control_mend(mend);
                else
                        character_copy(mend);
        }
        if (mend->at == mend->end)
                return;
        copy(mend, 1);
        mend->in_string = false;
        mend->before = '"';
}

/* ---- between the signs ---- */

static bool value_is_due(const Mend *mend)
{
        return mend->before == ':' || (mend->open[mend->depth] == '[' && mend->before != '"');
}

/* What other languages write where JSON has null, true and false; NULL: the word is none of them. */
static const char *word_meant(const char *word, size_t size)
{
        static const struct {
                const char *word, *meant;
        } words[] = { { "NaN", "null" },       { "nan", "null" },       { "NAN", "null" },  { "Infinity", "null" },
                      { "-Infinity", "null" }, { "-NaN", "null" },      { "inf", "null" },  { "-inf", "null" },
                      { "Inf", "null" },       { "undefined", "null" }, { "None", "null" }, { "nil", "null" },
                      { "NULL", "null" },      { "Null", "null" },      { "True", "true" }, { "TRUE", "true" },
                      { "False", "false" },    { "FALSE", "false" },    { "true", "true" }, { "false", "false" },
                      { "null", "null" } };

        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
                if (strlen(words[i].word) == size && memcmp(words[i].word, word, size) == 0)
                        return words[i].meant;
        return NULL;
}

static size_t word_size(const Mend *mend)
{
        static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-._";
        size_t size = 0;

        while (mend->at + size < mend->end && mend->at[size] && strchr(letters, mend->at[size]))
                size++;
        return size;
}

/* +1, .5 and 2023-12-05 without quotes; with a zero in front it stays wrong, as in every reader. */
static bool is_numeric(const char *word, size_t size)
{
        const char *bare = word + (*word == '+' || *word == '-');

        return strspn(word, "+-.0123456789eE") >= size && !(*bare == '0' && bare + 1 < word + size && bare[1] != '.') &&
               json_number_end(word, word + size) != word + size;
}

/* A word becomes what it means; what looks like a number becomes a text, since no digit may get lost. All else is for the
 * strict reader to judge. */
static void word_mend(Mend *mend)
{
        const size_t size = word_size(mend);
        const char *word = mend->at, *meant = word_meant(word, size);
        bool due = value_is_due(mend) && word + size < mend->end;

        mend->at += size;
        mend->before = '"';
        if (due && meant && strncmp(meant, word, size) != 0) {
                buffer_text(mend->out, meant);
                mend->mend->value = true;
        } else if (due && !meant && is_numeric(word, size)) {
                buffer_byte(mend->out, '"');
                buffer_add(mend->out, word, size);
                buffer_byte(mend->out, '"');
                mend->mend->value = true;
        } else {
                buffer_add(mend->out, word, size);
        }
}

/* A comma in front of an end, or of another, parts nothing; a name without a value has none. */
static void gap_mend(Mend *mend, char sign)
{
        if (mend->before == ':' && (sign == ',' || sign == '}')) {
                buffer_text(mend->out, "null");
                mend->mend->value = true;
        }
        if (mend->before == ',' && (sign == ']' || sign == '}') && mend->out->size) {
                char *comma = mend->out->bytes + mend->out->size;

                while (comma[-1] != ',')
                        comma--;
                comma[-1] = ' ';
                mend->mend->value = true;
        }
}

static void sign_copy(Mend *mend, char sign)
{
        gap_mend(mend, sign);
        if (sign == ',' && mend->before && strchr("[{,", mend->before)) {
                mend->at++;
                mend->mend->value = true;
                return;
        }
        copy(mend, 1);
        mend->before = sign;
        if (sign == '[' || sign == '{') {
                if (mend->depth == JSON_DEPTH_MOST)
                        mend->broken = true;
                else
                        mend->open[++mend->depth] = sign;
        } else if (sign == ']' || sign == '}') {
                mend->broken = mend->broken || !mend->depth || mend->open[mend->depth] != (sign == ']' ? '[' : '{');
                mend->depth -= mend->depth > 0;
                mend->before = '"';
        }
}

/* Control bytes, blanks of other widths and byte order marks between the signs. */
static void blank_mend(Mend *mend)
{
        const char *from = mend->at;
        uint32_t point = text_next(&mend->at, mend->end);

        if (point < 0x20 || point == 0x7f || point == 0xa0 || point == 0x3000 || point == 0xfeff) {
                buffer_byte(mend->out, ' ');
                mend->mend->text = true;
        } else {
                buffer_add(mend->out, from, (size_t)(mend->at - from));
        }
}

static void mend_run(Mend *mend)
{
        while (mend->at < mend->end && !mend->broken) {
                const char c = *mend->at;

                if (c == '"')
                        string_mend(mend);
                else if (c && strchr("[]{},:", c))
                        sign_copy(mend, c);
                else if (c && strchr(" \t\r\n", c))
                        copy(mend, 1);
                else if (mend->depth && c > 0x20 && c != 0x7f &&
                         (strchr("+-.", c) || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                          (c >= 'a' && c <= 'z')))
                        word_mend(mend);
                else
                        blank_mend(mend);
        }
}

json_t *json_read_mended(const char *bytes, size_t size, JsonMend *found, Error *err)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        Mend mend = { .at = bytes, .end = bytes + size, .out = &text, .mend = found };
        Error strict = { 0 }, again = { 0 };
        bool at_end;
        json_t *json = json_parse(bytes, size, true, &at_end, &strict);

        *found = (JsonMend){ 0 };
        if (json)
                return json;
        *err = strict;
        if (!text_same(strict.reason, "not_json") && !text_same(strict.reason, "bad_charset"))
                return NULL;
        if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
                mend.at += 3;
        buffer_room(&text, size);
        mend_run(&mend);
        json = mend.broken ? NULL : json_parse(text.bytes, text.size, true, &at_end, &again);
        if (json) {
                *err = (Error){ 0 };
                return json;
        }
        *found = (JsonMend){ .cut = !mend.broken && at_end && (mend.in_string || mend.depth) };
        if (!mend.broken && !text_same(again.reason, "not_json"))
                *err = again; /* members twice, and the like, behind what was mended */
        return NULL;
}
