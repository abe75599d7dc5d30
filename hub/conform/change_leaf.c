#include "hub/base/text.h"
#include "hub/conform/change.h"

#include <string.h>

enum { LEAVES_MOST = 48 };

/* The first leaf of each path. */
static bool is_first(const Document *document, size_t index)
{
        for (size_t i = 0; i < index; i++)
                if (strcmp(document->leaves[i].path, document->leaves[index].path) == 0)
                        return false;
        return true;
}

static bool changed_try(Text *text, Span span, const char *literal, const char *what, Outcome *outcome,
                        Attempt *attempt, Buffer *changed)
{
        buffer_clear(changed);
        document_with(&text->document, span, literal, changed);
        *attempt = text_attempt(text, what, changed->bytes, changed->size);
        return bench_try(text->bench, attempt, outcome);
}

/*
 * What was rejected may be right without the member that made it wrong, and is a subject then. So may be what a member names
 * beside the case itself.
 */
static void subject_judge(Text *text, const Leaf *leaf, const Attempt *attempt, const Outcome *outcome)
{
        const char *stranger = outcome_stranger(outcome, &text->whole);

        if (text_is_id_known(text) && !text_touches(text, leaf) && !outcome_has_rejects(&text->whole))
                bench_rule(text->bench, RULE_SUBJECT, !stranger || !outcome_stranger(&text->whole, outcome), attempt,
                           "subject %s", stranger ? stranger : "");
}

/* ---- nothing, however written ---- */

typedef struct {
        const char *literal, *what; /* literal NULL: taken out */
} Nothing;

static const Nothing json_nothings[] = { { NULL, "absent" },
                                         { "null", "null" },
                                         { "\"\"", "empty" },
                                         { "\"-\"", "a dash" },
                                         { "\" \"", "a blank" },
                                         { "\"\xe3\x80\x80\"", "a full-width blank" },
                                         { 0 } };
static const Nothing text_nothings[] = {
        { "", "empty" }, { "-", "a dash" }, { " ", "a blank" }, { "\xe3\x80\x80", "a full-width blank" }, { 0 }
};

static void nothings_try(Text *text, const Leaf *leaf)
{
        const bool is_json = text->document.kind == DOCUMENT_JSON;
        CLEANUP(buffer_free) Buffer first = { 0 }, changed = { 0 }, said = { 0 };
        const char *first_what = "";

        for (const Nothing *nothing = is_json ? json_nothings : text_nothings; nothing->what; nothing++) {
                CLEANUP(mem_drop) char *what = text_format("%s %s", leaf->path, nothing->what);
                Span span = nothing->literal ? leaf->value : leaf->whole;
                Outcome outcome;
                Attempt attempt;

                if (span.end == 0 || !changed_try(text, span, nothing->literal ? nothing->literal : "", what, &outcome,
                                                  &attempt, &changed))
                        continue;
                subject_judge(text, leaf, &attempt, &outcome);
                if (outcome.ended == ERR_RETRY || !(text->whole.events_size + text->whole.verdicts_size))
                        continue; /* it is no page without it */
                buffer_clear(&said);
                outcome_say(&outcome, false, &said);
                if (!first.bytes) {
                        buffer_add(&first, said.bytes, said.size);
                        first_what = nothing->what;
                        continue;
                }
                bench_rule(text->bench, RULE_BLANK, text_same(first.bytes, said.bytes), &attempt,
                           "%s gives %.150s; this %.150s", first_what, first.bytes, said.bytes);
        }
}

/* ---- something else ---- */

static void others_try(Text *text, const Leaf *leaf)
{
        static const char *const others[] = {
                "不识之词", "17", CANARY_PHONE, ("联系" CANARY_PHONE "王"), ("证件 " CANARY_PERSON), CANARY_PERSON
        };
        static const char *const shapes[] = { "{\"a\":\"1\"}", "[\"1\"]", "1e400", "true" };
        const bool is_json = text->document.kind == DOCUMENT_JSON;
        const size_t texts = sizeof(others) / sizeof(others[0]), forms = sizeof(shapes) / sizeof(shapes[0]);
        CLEANUP(buffer_free) Buffer changed = { 0 };

        for (size_t i = 0; i < texts + (is_json ? forms : 0); i++) {
                const char *other = i < texts ? others[i] : shapes[i - texts];
                CLEANUP(mem_drop) char *what = text_format("%s is %s", leaf->path, other);
                Outcome outcome;
                Attempt attempt;

                if (changed_try(text, leaf->value, i < texts ? text_literal(text, other, text->arena) : other, what,
                                &outcome, &attempt, &changed))
                        subject_judge(text, leaf, &attempt, &outcome);
        }
}

void change_leaves(Text *text)
{
        const Document *document = &text->document;
        Tally *tally = text->bench->tally;
        size_t tried = 0;

        for (size_t i = 0; i < document->leaves_size && tried < LEAVES_MOST; i++) {
                if (!is_first(document, i) || !tally_is_due(tally, document->leaves[i].path))
                        continue;
                tried++;
                nothings_try(text, &document->leaves[i]);
                others_try(text, &document->leaves[i]);
        }
}
