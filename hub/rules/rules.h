#pragma once

/*
 * The rules of correlation as data: schemas/rules.yaml and the category table that it names. Points are log-odds in
 * thousandths. A table of a number is a mapping "below: points" with rising keys and "more" for the rest, "absent" where a
 * side lacks the feature; a table of choices maps each of them. What a file leaves out is 0. rules_version() is the SHA-256
 * over every file that decide reads.
 */

#include "hub/event/calendar.h"
#include "hub/event/category.h"
#include "hub/wording/feature.h"
#include "hub/wording/words.h"

enum { TABLE_BINS_MOST = 24, CATEGORY_CODE_SIZE = 33 };

typedef struct {
        int64_t below[TABLE_BINS_MOST]; /* of a number: rising */
        size_t size;
        int32_t points[TABLE_BINS_MOST + 2]; /* a bin each: those below, more, absent; or the choices in their order */
} PointTable;

/* Features whose points a category has of its own. */
enum {
        CATEGORY_RATE,
        CATEGORY_FAR,
        CATEGORY_SAID,
        CATEGORY_THING,
        CATEGORY_ALONG, /* another house of the same street */
        CATEGORY_APART,
        CATEGORY_POINTS
};

/* What holds for a category; the entry "default" for those without one, and for what an entry leaves out. */
typedef struct {
        int32_t own[CATEGORY_POINTS]; /* points of its own: category_point() */
        int64_t radius_cm;            /* farther apart (beyond both accuracies): never compared */
        int64_t diameter_cm;          /* an incident never grows beyond */
        int64_t members;              /* from so many subjects on, a join takes more points (full) */
        int64_t grace_ms;             /* after closing, reports still join for this long */
        int64_t idle_ms;              /* without an event for this long, it is no candidate any more */
        int64_t recur_ms;             /* what comes after the grace, but within this long, recurs */
        int64_t deadline_ms;          /* after opening, where no report brings a deadline; 0: none */
        int64_t deadline_workdays;    /* the same in working days; where over 0, in place of deadline_ms */
        int64_t raise_platforms;      /* so many platforms raise the severity by a step; 0: never */
        int64_t raise_reports;        /* so many reports too */
        bool raise_warned;            /* a weather warning in force too */
        bool street;                  /* the state of a whole one: who lives along it walks round nothing */
        char registry
                [CATEGORY_CODE_SIZE]; /* category of the registry rows that permit it: in force, a step less; "": none do */
        const Calendar *calendar;     /* of deadline_workdays; borrowed from the rules */
} CategoryRules;

typedef struct {
        int32_t merge, suggest;
        int32_t full; /* beyond merge, for each time that an incident's reports reach members, twice members, and so on */
        int64_t scale_cm;           /* distances are divided by (accuracy of both / scale), when that is over 1 */
        int64_t wide_cm;            /* a position less accurate than this is wide */
        int64_t cell_cm, coarse_cm; /* of the two grids */
        int64_t candidates;         /* most incidents compared with one event */
        int64_t centroid;           /* so many different things on one point: it is a centroid, and wide */
        PointTable tables[FEATURES];
        char version[65];
} RuleSet;

typedef struct Rules Rules;

Rules *rules_load(const char *path, Error *err); /* NULL: rules.yaml of schemas_path() */
const RuleSet *rules_set(const Rules *rules);
/* Its own entry, else that of the first kind whose words its code holds, else the default. Never NULL. */
const CategoryRules *rules_category(const Rules *rules, const char *code);
const char *rules_group(const Rules *rules, const char *code); /* of compatible categories; NULL: none; borrowed */
EventSeverity rules_severity(const Rules *rules,
                             const char *code);        /* what the category alone says; SEVERITY_INFO: nothing */
bool rules_heed(const Rules *rules, const char *code); /* some category minds registry rows of this one */
const Words *rules_words(const Rules *rules);          /* how common words are on day 0 */
const char *rules_version(const Rules *rules);
void rules_free(Rules *rules);

int64_t rules_deadline(const CategoryRules *rule, int64_t opened); /* TIME_NONE: none */

Feature category_feature(size_t point); /* of CATEGORY_RATE and so on */
/* How often the category's own point counts in a bin of its feature: CATEGORY_APART once for each bin farther, the others by yes or no. */
static inline int64_t category_times(size_t point, const PointTable *table, size_t bin)
{
        if (point == CATEGORY_RATE)
                return 1;
        if (point == CATEGORY_ALONG)
                return bin == ADDRESS_STREET || bin == ADDRESS_OTHER_HOUSE;
        if (point != CATEGORY_APART)
                return bin != WHETHER_NO;
        return bin <= table->size ? (int64_t)bin : 0;
}

size_t table_bins(const PointTable *table, Feature feature);
/* value may be VALUE_ABSENT; of a number the one, of either the other. */
static inline size_t table_number_bin(const PointTable *table, int64_t value)
{
        size_t bin = 0;

        if (value == VALUE_ABSENT)
                return table->size + 1;
        while (bin < table->size && value >= table->below[bin])
                bin++;
        return bin;
}

static inline size_t table_bin(const PointTable *table, Feature feature, int64_t value)
{
        if (feature_form(feature)->choices)
                return value == VALUE_ABSENT ? 0 : (size_t)value;
        return table_number_bin(table, value);
}

/* For learning: the same to change, and the whole as the text of a file. */
RuleSet *rules_edit(Rules *rules);
CategoryRules *rules_edit_category(Rules *rules, const char *code); /* "default", or one of its own from now on */
void rules_write(Buffer *out, const Rules *rules);
