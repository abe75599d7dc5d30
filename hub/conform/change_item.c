#include "hub/base/text.h"
#include "hub/conform/change.h"

#include <string.h>

enum { GROUPS_MOST = 4, PAGE = 10000, LONG_ITEM = 4096 };

/* A group of what stands side by side; whether it is one of items shows when one of them is taken out. */
typedef struct {
        Text *text;
        const Item *first, *last;
        const char *separator;
        Buffer changed;
} Group;

static const Item *group_item(const Document *document, size_t group, bool last)
{
        const Item *found = NULL;

        for (size_t i = 0; i < document->items_size; i++)
                if (document->items[i].group == group) {
                        found = &document->items[i];
                        if (!last)
                                break;
                }
        return found;
}

static bool group_try(Group *group, Span span, const char *literal, const char *what, Outcome *outcome,
                      Attempt *attempt)
{
        buffer_clear(&group->changed);
        document_with(&group->text->document, span, literal, &group->changed);
        *attempt = text_attempt(group->text, what, group->changed.bytes, group->changed.size);
        return bench_try(group->text->bench, attempt, outcome);
}

static size_t told(const Outcome *outcome)
{
        return outcome->events_size + outcome->verdicts_size;
}

/* Not counted as a trial: it is asked again after a crash. */
static bool is_of_items(Group *group)
{
        const Text *text = group->text;
        const Item *last = group->last;
        Span span = last->whole;
        Attempt attempt;
        Outcome outcome;
        Record record;

        if (group->first != last && text->document.kind == DOCUMENT_JSON)
                while (text->document.bytes[span.at] != ',')
                        span.at--;
        buffer_clear(&group->changed);
        document_with(&text->document, span, "", &group->changed);
        attempt = text_attempt(text, "an item less", group->changed.bytes, group->changed.size);
        record = bench_record(text->bench, &attempt, attempt.bytes);
        trial_run(&text->bench->setup, &record, text->arena, &outcome);
        return told(&outcome) < told(&text->whole) && outcome.ended == ERR_NONE;
}

static void bad_try(Group *group, const char *bad, size_t at, const char *separator_before,
                    const char *separator_behind)
{
        CLEANUP(mem_drop) char *literal = text_format("%s%s%s", separator_before, bad, separator_behind);
        CLEANUP(mem_drop)
        char *what = text_format("%.40s %s the items", bad, separator_before[0] ? "behind" : "before");
        const char *missing;
        Outcome outcome;
        Attempt attempt;

        if (!group_try(group, (Span){ at, at }, literal, what, &outcome, &attempt))
                return;
        missing = outcome_missing(&outcome, &group->text->whole);
        bench_rule(group->text->bench, RULE_ITEM, !missing && outcome.ended == ERR_NONE, &attempt, "%s is gone: %s",
                   missing ? missing : "nothing", outcome.text);
}

static void bads_try(Group *group)
{
        static const char *const json_bads[] = { "\"x\"", "{}", "null", "[]", "7", "{\"\":{}}" };
        const DocumentKind kind = group->text->document.kind;
        const Item *first = group->first;
        CLEANUP(mem_drop) char *element = text_format("<%s></%s>", first->name, first->name);

        for (size_t i = 0; kind == DOCUMENT_JSON && i < sizeof(json_bads) / sizeof(json_bads[0]); i++) {
                bad_try(group, json_bads[i], first->whole.at, "", ",");
                bad_try(group, json_bads[i], group->last->whole.end, ",", "");
        }
        if (kind == DOCUMENT_XML)
                bad_try(group, element, first->whole.at, "", "");
        if (kind == DOCUMENT_TABLE) {
                bad_try(group, "x\n", first->whole.at, "", "");
                bad_try(group, "x,x;x\tx\n", first->whole.at, "", "");
        }
}

static char *item_copy(const Group *group, const Item *item)
{
        return mem_copy(group->text->document.bytes + item->whole.at, item->whole.end - item->whole.at);
}

static bool is_line_ended(const Group *group)
{
        const Document *document = &group->text->document;

        return document->kind != DOCUMENT_TABLE || document->bytes[group->last->whole.end - 1] == '\n';
}

static void twice_try(Group *group)
{
        CLEANUP(mem_drop) char *copy = item_copy(group, group->last);
        CLEANUP(mem_drop) char *literal = text_format("%s%s", group->separator, copy);
        const Outcome *whole = &group->text->whole;
        const char *missing, *stranger;
        Outcome outcome;
        Attempt attempt;
        size_t at = group->last->whole.end;

        if (!is_line_ended(group) ||
            !group_try(group, (Span){ at, at }, literal, "the last item twice", &outcome, &attempt))
                return;
        missing = outcome_missing(&outcome, whole);
        stranger = outcome_missing(whole, &outcome);
        bench_rule(group->text->bench, RULE_REPEAT, !missing && !stranger, &attempt, "missing \"%s\", new \"%s\"",
                   missing ? missing : "", stranger ? stranger : "");
}

/* Once an adapter: it costs more than all else. */
static void page_try(Group *group)
{
        CLEANUP(mem_drop) char *copy = item_copy(group, group->last);
        Tally *tally = group->text->bench->tally;
        CLEANUP(buffer_free) Buffer many = { 0 };
        size_t at = group->last->whole.end;
        Outcome outcome;
        Attempt attempt;

        if (tally->has_page || !is_line_ended(group) || strlen(copy) > LONG_ITEM)
                return;
        tally->has_page = true;
        for (int i = 0; i < PAGE; i++)
                buffer_format(&many, "%s%s", group->separator, copy);
        if (group_try(group, (Span){ at, at }, many.bytes, "ten thousand items", &outcome, &attempt))
                bench_rule(group->text->bench, RULE_LARGE,
                           text_same(outcome.reason, "too_large") ||
                                   (outcome.ended == ERR_NONE && told(&outcome) >= told(&group->text->whole) + PAGE),
                           &attempt, "%zu events and verdicts: %s", told(&outcome), outcome.text);
}

static void group_free(Group *group)
{
        buffer_free(&group->changed);
}

void change_items(Text *text)
{
        const Document *document = &text->document;
        size_t tried = 0;

        for (size_t i = 1; i <= document->groups && tried < GROUPS_MOST; i++) {
                CLEANUP(group_free)
                Group group = { .text = text,
                                .first = group_item(document, i, false),
                                .last = group_item(document, i, true),
                                .separator = document->kind == DOCUMENT_JSON ? "," : "" };

                if (!group.first || !is_of_items(&group))
                        continue;
                tried++;
                bads_try(&group);
                twice_try(&group);
                page_try(&group);
        }
}
