#include "hub/base/charset.h"
#include "hub/base/text.h"
#include "hub/conform/change.h"

#include <stdio.h>
#include <string.h>

/* ---- character sets ---- */

static void encoded_try(Text *text, const Buffer *bytes, const char *what, const char *content_type)
{
        CLEANUP(buffer_free) Buffer whole = { 0 }, said = { 0 };
        Attempt attempt = text_attempt(text, what, bytes->bytes, bytes->size);
        Outcome outcome;

        attempt.content_type = content_type;
        if (!bench_try(text->bench, &attempt, &outcome))
                return;
        outcome_say(&text->whole, true, &whole);
        outcome_say(&outcome, true, &said);
        bench_rule(text->bench, RULE_CHARSET, text_same(whole.bytes, said.bytes), &attempt,
                   "UTF-8 gives %.200s; this %.200s", whole.bytes, said.bytes);
}

static void gb_try(Text *text)
{
        const Document *document = &text->document;
        const char *plain = text->content_type ? text->content_type : "text/plain";
        CLEANUP(mem_drop) char *declared = text_format("%s; charset=GB2312", plain);
        CLEANUP(buffer_free) Buffer bytes = { 0 };

        if (!charset_encode(&bytes, "gb18030", document->bytes, document->size) ||
            text_is_utf8(bytes.bytes, bytes.size))
                return;
        encoded_try(text, &bytes, "in GB18030, declared as GB2312", declared);
        encoded_try(text, &bytes, "in GB18030, not declared", text->content_type);
}

static void marked_try(Text *text, const char *mark, const char *label, const char *what)
{
        const Document *document = &text->document;
        CLEANUP(buffer_free) Buffer bytes = { 0 };

        buffer_text(&bytes, mark);
        if (!label)
                buffer_add(&bytes, document->bytes, document->size);
        if (!label || charset_encode(&bytes, label, document->bytes, document->size))
                encoded_try(text, &bytes, what, text->content_type);
}

/* A document that names its own set contradicts each of these: what it says is tried by its own fixtures. */
static bool has_declaration(const Document *document)
{
        return document->kind == DOCUMENT_XML && memmem(document->bytes, document->size, "encoding=", 9);
}

static void charsets_try(Text *text)
{
        marked_try(text, "\xef\xbb\xbf", NULL, "with a byte order mark");
        if (has_declaration(&text->document))
                return;
        gb_try(text);
        marked_try(text, "\xff\xfe", "utf-16le", "in UTF-16LE with its mark");
        marked_try(text, "\xfe\xff", "utf-16be", "in UTF-16BE with its mark");
}

/* ---- wrappings ---- */

typedef struct {
        const char *before, *behind, *what;
        bool is_strange; /* a form that a dialect may know: only what always holds is asked */
} Wrapping;

static void wrappings_try(Text *text)
{
        static const Wrapping wrappings[] = {
                { "[", "]", "in an array", false },
                { "{\"data\":", "}", "in an object", false },
                { "{\"code\":0,\"msg\":\"ok\",\"data\":[", "]}", "in a page", false },
                { "{\"specversion\":\"1.0\",\"id\":\"e1\",\"source\":\"/conform\",\"type\":\"case\",\"data\":", "}",
                  "in a CloudEvents envelope", true },
        };
        const Document *document = &text->document;

        for (size_t i = 0; i < sizeof(wrappings) / sizeof(wrappings[0]); i++) {
                CLEANUP(buffer_free) Buffer bytes = { 0 };
                const char *stranger;
                Outcome outcome;
                Attempt attempt;

                buffer_text(&bytes, wrappings[i].before);
                buffer_add(&bytes, document->bytes, document->size);
                buffer_text(&bytes, wrappings[i].behind);
                attempt = text_attempt(text, wrappings[i].what, bytes.bytes, bytes.size);
                attempt.is_wrapped = true;
                if (!bench_try(text->bench, &attempt, &outcome) || wrappings[i].is_strange)
                        continue;
                stranger = outcome_stranger(&outcome, &text->whole);
                bench_rule(text->bench, RULE_WRAP, !stranger, &attempt, "subject %s", stranger ? stranger : "");
        }
}

/* A packet says its length in bytes, and its CRC. */
void change_forms(Text *text)
{
        if (text->document.kind != DOCUMENT_PACKET)
                charsets_try(text);
        if (text->document.kind == DOCUMENT_JSON)
                wrappings_try(text);
}

/* ---- large ---- */

enum { MEGABYTE = 1 << 20, DEPTH = 10000 };

static bool outcome_is_told(const Outcome *outcome)
{
        return outcome->ended != ERR_NONE || outcome->events_size || outcome->verdicts_size;
}

static void large_try(Text *text, const Buffer *bytes, const char *what)
{
        Attempt attempt = text_attempt(text, what, bytes->bytes, bytes->size);
        Outcome outcome;

        if (bench_try(text->bench, &attempt, &outcome) && outcome_is_told(&text->whole))
                bench_rule(text->bench, RULE_LARGE, outcome_is_told(&outcome), &attempt,
                           "neither events nor a verdict");
}

static void filled(Buffer *out, const char *piece, size_t times)
{
        for (size_t i = 0; i < times; i++)
                buffer_text(out, piece);
}

static void leaf_large_try(Text *text, const Leaf *leaf)
{
        CLEANUP(buffer_free) Buffer bytes = { 0 }, value = { 0 };
        CLEANUP(mem_drop) char *what = text_format("%s of a megabyte", leaf->path);

        filled(&value, "\xe6\xb9\x96", MEGABYTE / 3);
        document_with(&text->document, leaf->inside, value.bytes, &bytes);
        if (text->document.bytes[leaf->value.at] == '"' || text->document.kind != DOCUMENT_JSON)
                large_try(text, &bytes, what);
}

static void deep_try(Text *text)
{
        const bool is_json = text->document.kind == DOCUMENT_JSON;
        CLEANUP(buffer_free) Buffer bytes = { 0 }, value = { 0 };

        if (text->document.kind == DOCUMENT_TABLE)
                return;
        filled(&value, is_json ? "[" : "<a>", DEPTH);
        filled(&value, is_json ? "]" : "</a>", DEPTH);
        document_with(&text->document, text->document.leaves[0].value, value.bytes, &bytes);
        large_try(text, &bytes, "ten thousand deep");
        buffer_clear(&bytes);
        filled(&bytes, is_json ? "{\"a\":" : "<a>", DEPTH);
        large_try(text, &bytes, "ten thousand deep, without end");
}

void change_large(Text *text)
{
        const Document *document = &text->document;
        CLEANUP(buffer_free) Buffer bytes = { 0 };

        leaf_large_try(text, &document->leaves[0]);
        leaf_large_try(text, &document->leaves[document->leaves_size / 2]);
        deep_try(text);
        buffer_add(&bytes, document->bytes, document->size);
        filled(&bytes, "                \n", MEGABYTE / 17);
        large_try(text, &bytes, "blanks of a megabyte behind it");
}
