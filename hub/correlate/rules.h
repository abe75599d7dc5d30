#pragma once

/*
 * The rules of correlation as data: schemas/rules.yaml and the category table that it names. Points are log-odds in
 * thousandths. A bin table is a mapping "below: points" with rising keys and "more" for the rest; "absent" where a side lacks
 * the feature. rules_version() is the SHA-256 over every file that decide reads.
 */

#include "hub/event/category.h"

enum { RULES_BINS_MOST = 24 };

typedef struct {
        int64_t below[RULES_BINS_MOST];
        int32_t points[RULES_BINS_MOST];
        size_t size;
        int32_t more, absent;
} RuleBins;

/* What holds for a category; the entry "default" for those without one. */
typedef struct {
        int32_t rate;        /* points: how readily reports of this category are duplicates */
        int64_t radius_cm;   /* farther apart (beyond both accuracies): never compared */
        int64_t diameter_cm; /* an incident never grows beyond */
        int64_t members;     /* nor above this many subjects */
        int64_t grace_ms;    /* after closing, reports still join for this long */
        int64_t idle_ms;     /* without an event for this long, it is no candidate any more */
} CategoryRules;

typedef struct {
        int32_t prior, merge, suggest;
        int64_t scale_cm;           /* distances are divided by (accuracy of both / scale), when that is over 1 */
        int64_t wide_cm;            /* a position less accurate than this is wide */
        int64_t cell_cm, coarse_cm; /* of the two grids */
        int64_t candidates;         /* most incidents compared with one event */
        RuleBins distance;          /* scaled centimetres; written in metres */
        RuleBins accuracy;          /* accuracy of both together, centimetres; written in metres */
        RuleBins age;               /* minutes between the two */
        RuleBins text;              /* cosine in thousandths */
        int32_t category_same, category_related, category_other;
        int32_t object_equal, object_different, object_absent;
        int32_t channel_same, channel_other;
        char version[65];
} RuleSet;

typedef struct Rules Rules;

Rules *rules_load(const char *path, Error *err); /* NULL: rules.yaml of schemas_path() */
const RuleSet *rules_set(const Rules *rules);
const CategoryRules *rules_category(const Rules *rules, const char *code); /* never NULL */
const char *rules_group(const Rules *rules, const char *code); /* of compatible categories; NULL: none; borrowed */
const char *rules_version(const Rules *rules);
int32_t rules_points(const RuleBins *bins, int64_t value);
void rules_free(Rules *rules);
