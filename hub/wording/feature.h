#pragma once

/*
 * What two reports are compared by. A feature's value is a number that falls into bins, or one of a few choices; its points
 * stand in a table of the rules (rules.h), one entry a bin. Some are facts of the newcomer's surroundings and the same
 * against everybody.
 */

#include <stddef.h>
#include <stdint.h>

typedef enum {
        FEATURE_PRIOR,    /* before any evidence */
        FEATURE_RATE,     /* how readily reports of the newcomer's category are duplicates */
        FEATURE_CATEGORY, /* of the two categories */
        FEATURE_FAR,      /* over 20 m apart, scaled; what it means is the newcomer's category's to say */
        FEATURE_SAID,     /* texts alike; the same */
        FEATURE_THING,    /* the id of one thing in both; the same */
        FEATURE_DISTANCE, /* centimetres; the bins hold it scaled by both accuracies. Absent too on a point that unlike things share */
        FEATURE_NAMED,    /* the same where both name one house: what it says then, beside the distance */
        FEATURE_ACCURACY, /* centimetres, of both together */
        FEATURE_AGE,      /* minutes between the two */
        FEATURE_BURST,    /* minutes and metres apart: one walk-round files several things */
        FEATURE_OBJECT,   /* ids of things, by kind */
        FEATURE_TEXT,     /* cosine of the whole texts, thousandths */
        FEATURE_TITLE,    /* cosine of titles or first sentences, thousandths */
        FEATURE_RARE,     /* rare runs of characters that both texts hold */
        FEATURE_SHARED,   /* bits of the rarest words that both hold, the address among them */
        FEATURE_SIGN,     /* names of shops, estates and buildings in address and words (sign.h) */
        FEATURE_PLACE,    /* names of estates, roads, schools in titles or first sentences */
        FEATURE_AREA,     /* names of districts and towns there */
        FEATURE_ADDRESS,
        FEATURE_CHANNEL,
        FEATURE_REPORTER,
        FEATURE_REPEAT,     /* identical long text near by; or one point that unlike things share */
        FEATURE_NEIGHBOURS, /* open incidents of the category within 50 m of the newcomer */
        FEATURE_DENSITY,    /* and within 150 m */
        FEATURE_CROWD,      /* different things on the newcomer's very point: a centroid? */
        FEATURES,
} Feature;

enum { RELATION_OTHER, RELATION_SAME, RELATION_RELATED, RELATION_ABSENT }; /* of categories; absent: both unknown */
enum { WHETHER_NO, WHETHER_YES };
enum { BURST_NONE, BURST_POINT, BURST_NEAR, BURST_APART };
enum { MATCH_ABSENT, MATCH_SAME, MATCH_DIFFERENT }; /* of places */
/* template: the same words of the same person about another place */
enum { REPORTER_ABSENT, REPORTER_SAME, REPORTER_DIFFERENT, REPORTER_TEMPLATE };
enum { AREA_ABSENT, AREA_TOWN, AREA_DISTRICT, AREA_DIFFERENT };
/* First of addresses as a whole, then of houses that are read as a road and a number (street.h). */
enum {
        ADDRESS_ABSENT,
        ADDRESS_SAME,
        ADDRESS_STREET,
        ADDRESS_DIFFERENT,
        ADDRESS_HOUSE,
        ADDRESS_OTHER_HOUSE, /* of the same road */
        ADDRESS_ROAD,        /* the same, one side without a number */
        ADDRESS_OTHER_ROAD
};
enum {
        SIGN_ABSENT,
        SIGN_SAME,
        SIGN_PART, /* one stands within the other */
        SIGN_SLIP, /* one letter is another one */
        SIGN_ESTATE,
        SIGN_OTHER_BUILDING,
        SIGN_DIFFERENT,
        SIGN_MARK, /* only a school, a market, a bridge near by is the same */
        SIGN_OTHER_MARK
};
enum { CHANNEL_OTHER, CHANNEL_SAME };
/* point: on one point that unlike things share: a centre's, a default's; nowhere: no distance, and nothing that both name */
enum { REPEAT_NONE, REPEAT_TEXT, REPEAT_POINT, REPEAT_NOWHERE };

/* Of objects: absent, then for each kind of ObjectKind equal and different. */
enum { OBJECT_ABSENT };
#define OBJECT_EQUAL(kind)     (2 * (int64_t)(kind)-1)
#define OBJECT_DIFFERENT(kind) (2 * (int64_t)(kind))

enum { VALUE_ABSENT = INT32_MIN };

typedef struct {
        const char *name;
        const char *const *choices; /* ends with NULL; NULL: a number */
        int64_t unit;               /* how many of the value's units are one of the file's */
        int trend;                  /* may points only rise (1) or fall (-1) as the number rises */
} FeatureForm;

extern const FeatureForm feature_forms[FEATURES];

static inline const FeatureForm *feature_form(Feature feature)
{
        return &feature_forms[feature];
}

size_t feature_choices(Feature feature); /* 0: a number */
