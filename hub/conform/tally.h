#pragma once

/*
 * What an adapter was tried on and what it broke, a row a rule. It lies in memory that a child and its parent share: the trials run
 * in a child, and when that dies the parent knows at which.
 */

#include "hub/base/buffer.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
        RULE_ALIVE,
        RULE_FORM,
        RULE_SAME,
        RULE_REASON,
        RULE_ALONE,
        RULE_TIME,
        RULE_POSITION,
        RULE_PERSONAL,
        RULE_CUT,
        RULE_SUBJECT,
        RULE_BLANK,
        RULE_ITEM,
        RULE_REPEAT,
        RULE_CHARSET,
        RULE_WRAP,
        RULE_SICK,
        RULE_LARGE,
        RULES,
} Rule;

enum { TALLY_TEXT = 480 };

typedef struct {
        uint64_t tried, failed;
        char example[TALLY_TEXT]; /* the first that failed */
} TallyRule;

typedef struct {
        TallyRule rules[RULES];
        uint64_t fixtures, inputs, trials; /* records translated */
        char now[TALLY_TEXT];              /* the trial that runs */
        uint64_t at;                       /* its number within its input, from 1 */
        int64_t slowest_ms, memory_kib;    /* memory: of the largest child, sanitizers' own included */
        char slowest[TALLY_TEXT];
        uint8_t paths[4096]; /* how often a member was changed, by its path's hash */
        bool has_page;       /* a page of ten thousand items was tried */
} Tally;

const char *rule_name(Rule rule);
const char *rule_about(Rule rule);

Tally *tally_new(void); /* zeros; shared with the children of fork() */
void tally_free(Tally *tally);
void tally_drop(Tally **tally); /* for CLEANUP */

bool tally_is_due(Tally *tally, const char *path); /* the same member was not changed in many inputs before; counts */
void tally_now(Tally *tally, const char *format, ...) __attribute__((format(printf, 2, 3)));
void tally_rule(Tally *tally, Rule rule, bool held, const char *format, ...) __attribute__((format(printf, 4, 5)));
uint64_t tally_failed(const Tally *tally); /* rules that did not hold */

void tally_table(const Tally *tally, const char *adapter, Buffer *out);
json_t *tally_json(const Tally *tally, const char *adapter); /* owned */
