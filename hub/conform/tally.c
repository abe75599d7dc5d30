#include "hub/conform/tally.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PATH_MOST = 6 };

typedef struct {
        const char *name, *about;
} RuleText;

static const RuleText texts[RULES] = {
        [RULE_ALIVE] = { "alive", "any bytes end in events or a verdict: no crash, no halt, nothing fatal" },
        [RULE_FORM] = { "form", "each event is of the canonical form" },
        [RULE_SAME] = { "same", "the same bytes give the same events and verdicts" },
        [RULE_REASON] = { "reason", "what is rejected has a reason of the closed list" },
        [RULE_ALONE] = { "alone", "a rejected item can be taken alone, and is rejected for the same reason" },
        [RULE_TIME] = { "time", "no time that cannot be: before 1990, ahead of received, closed before occurred" },
        [RULE_POSITION] = { "position", "positions are of a system that the fixture's files declare" },
        [RULE_PERSONAL] = { "personal", "telephone and ID numbers leave no member in clear" },
        [RULE_CUT] = { "cut", "a document cut off tells nothing that the whole one does not" },
        [RULE_SUBJECT] = { "subject", "what does not touch the number does not touch the subject" },
        [RULE_BLANK] = { "blank", "null, empty, a dash, blanks and absence are one" },
        [RULE_ITEM] = { "item", "a bad item costs one item" },
        [RULE_REPEAT] = { "repeat", "an item that comes twice is the same event twice" },
        [RULE_CHARSET] = { "charset", "another character set says the same" },
        [RULE_WRAP] = { "wrap", "in an array or an object it is the same subject, or none" },
        [RULE_SICK] = { "sick", "an error, a login page, nothing at all: no event" },
        [RULE_LARGE] = { "large", "large, deep and long documents are answered" },
};

const char *rule_name(Rule rule)
{
        return texts[rule].name;
}

const char *rule_about(Rule rule)
{
        return texts[rule].about;
}

Tally *tally_new(void)
{
        Tally *tally = mmap(NULL, sizeof(Tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

        if (tally == MAP_FAILED) /* NOLINT(performance-no-int-to-ptr): how mmap says no */
                abort();
        return tally;
}

void tally_free(Tally *tally)
{
        if (tally)
                (void)munmap(tally, sizeof(Tally));
}

void tally_drop(Tally **tally)
{
        tally_free(*tally);
}

/* One line of UTF-8, whatever a platform's bytes put into it. */
__attribute__((format(printf, 2, 0))) static void line_write(char out[TALLY_TEXT], const char *format,
                                                             va_list arguments)
{
        CLEANUP(buffer_free) Buffer clean = { 0 };
        CLEANUP(mem_drop) char *text = NULL;
        const char *at, *end;
        int size = vasprintf(&text, format, arguments);

        for (at = text, end = text + (size < 0 ? 0 : size); at < end && clean.size < TALLY_TEXT - 8;) {
                uint32_t point = text_next(&at, end);

                text_put(&clean, point < 0x20 ? ' ' : point);
        }
        memcpy(out, clean.size ? clean.bytes : "", clean.size + 1);
}

bool tally_is_due(Tally *tally, const char *path)
{
        uint8_t *count = &tally->paths[hash64(path, strlen(path)) % sizeof(tally->paths)];

        return *count < PATH_MOST && ++*count;
}

void tally_now(Tally *tally, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        line_write(tally->now, format, arguments);
        va_end(arguments);
}

void tally_rule(Tally *tally, Rule rule, bool held, const char *format, ...)
{
        TallyRule *row = &tally->rules[rule];
        va_list arguments;

        row->tried++;
        if (held || row->failed++)
                return;
        va_start(arguments, format);
        line_write(row->example, format, arguments);
        va_end(arguments);
}

uint64_t tally_failed(const Tally *tally)
{
        uint64_t failed = 0;

        for (int rule = 0; rule < RULES; rule++)
                failed += tally->rules[rule].failed > 0;
        return failed;
}

void tally_table(const Tally *tally, const char *adapter, Buffer *out)
{
        buffer_format(out, "%-10s %8s %7s  %s\n", "rule", "tried", "failed", "what it asks");
        for (int rule = 0; rule < RULES; rule++) {
                const TallyRule *row = &tally->rules[rule];

                buffer_format(out, "%-10s %8ju %7ju  %s\n", texts[rule].name, (uintmax_t)row->tried,
                              (uintmax_t)row->failed, texts[rule].about);
                if (row->failed)
                        buffer_format(out, "%28s%s\n", "", row->example);
        }
        buffer_format(
                out, "%s: %ju fixtures, %ju inputs, %ju trials, %ju of %d rules broken; slowest %jd ms (%s), %jd MiB\n",
                adapter, (uintmax_t)tally->fixtures, (uintmax_t)tally->inputs, (uintmax_t)tally->trials,
                (uintmax_t)tally_failed(tally), RULES, (intmax_t)tally->slowest_ms, tally->slowest,
                (intmax_t)tally->memory_kib / 1024);
}

json_t *tally_json(const Tally *tally, const char *adapter)
{
        json_t *rules = json_array();

        for (int rule = 0; rule < RULES; rule++) {
                const TallyRule *row = &tally->rules[rule];

                json_array_append_new(rules,
                                      json_pack("{s:s, s:s, s:I, s:I, s:s*}", "rule", texts[rule].name, "about",
                                                texts[rule].about, "tried", (json_int_t)row->tried, "failed",
                                                (json_int_t)row->failed, "example", row->failed ? row->example : NULL));
        }
        return json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:s, s:o}", "adapter", adapter, "fixtures",
                         (json_int_t)tally->fixtures, "inputs", (json_int_t)tally->inputs, "trials",
                         (json_int_t)tally->trials, "slowest_ms", (json_int_t)tally->slowest_ms, "memory_kib",
                         (json_int_t)tally->memory_kib, "slowest", tally->slowest, "rules", rules);
}
