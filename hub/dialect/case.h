#pragma once

/*
 * A case as most platforms have it, between their document and our event: texts, each with a role. A dialect says in a table which
 * member plays which role; the `members` option names others, which go first. case_event() makes an event of it, and knows the
 * traps: words for nothing, times with and without zone, positions that are none, words of state, codes of category.
 * What a table cannot say is said in C: between the two calls about the case, after them about the event.
 */

#include "hub/dialect/words.h"
#include "hub/geo/crs.h"

#include <jansson.h>

/* In the order in which they are hashed: a new one goes where it likes, none ever changes its place. */
typedef enum {
        CASE_ID,
        CASE_STEP,        /* number of this revision */
        CASE_STATUS,      /* its word of state */
        CASE_STAGE,       /* a coarser one, or its number, where that is absent or unknown */
        CASE_STATUS_NOTE, /* why; counts only where the `states` option names it, for it may name a person */
        CASE_ARCHIVED,    /* a flag: closed, where no word is known */
        CASE_DELETED,     /* a flag: gone, whatever its word says */
        CASE_OUTCOME,
        CASE_OCCURRED,
        CASE_REPORTED,
        CASE_UPDATED,
        CASE_DEADLINE,
        CASE_CLOSED,
        CASE_END_OF_DAY_CLOSED, /* a date: closed when that day had ended */
        CASE_VALID_FROM,
        CASE_VALID_TO,
        CASE_CATEGORY_CODE,
        CASE_CATEGORY,
        CASE_CONTACT_KIND, /* complaint, question, praise: the category where none is named */
        CASE_SEVERITY,     /* its word of gravity, by the form's table */
        CASE_TITLE,
        CASE_DESCRIPTION,
        CASE_URL,
        CASE_CHANNEL,
        CASE_LON,
        CASE_LAT,
        CASE_ADDRESS,
        CASE_SUBDISTRICT,
        CASE_COMMUNITY,
        CASE_GRID,
        CASE_REPORTING,   /* the unit that reported */
        CASE_RESPONSIBLE, /* the unit that disposes */
        CASE_REPORTER,    /* a person's name */
        CASE_REPORTER_ID, /* that person's telephone, account or ID number */
        CASE_ASSET,
        CASE_PLATE,
        CASE_OTHER_CASE, /* number of the one that this was merged with or split from */
        CASE_MEDIA,
        CASE_ROLES,
} CaseRole;

typedef struct {
        const char *texts[CASE_ROLES];   /* trimmed; NULL: absent, or a word for nothing */
        const char *paths[CASE_ROLES];   /* where each was found, for errors */
        const json_t *nodes[CASE_ROLES]; /* an object or array where a text was due */
        const char *revision;            /* the adapter's own, in place of the rule; NULL: the rule */
        bool later;                      /* a word on what began before: without a time of that it has none */
        EventState stage;                /* what the dialect makes of CASE_STAGE; the site's own table goes before it */
        unsigned quality;                /* what the dialect knows of it already */
} Case;

typedef struct {
        const char *path; /* dotted; of several for one role, parted by | or a row each, the first that is there */
        CaseRole role;
} CaseMember;

typedef struct CaseForm {
        EventKind kind;                  /* KIND_NONE: a report */
        const CaseMember *members;       /* ends with a path of NULL */
        const StatusWords *words;        /* beside the workflow's; NULL: none */
        const SeverityWords *severities; /* NULL: none */
        EventState state;                /* of a case that tells none; STATE_NONE: such a case is refused */
        bool sheet;                      /* a row of a spreadsheet, which rounds long numbers */
        bool closed_says_so;             /* who has CASE_CLOSED is archived, too */
        bool whole_days;                 /* what is valid to a day is so to its end */
        PositionMethod position;         /* POSITION_NONE: gps */
        const char *fallback;            /* code where no category is found, in place of the table's */
        const char *reporter;            /* what kind a reporter is; NULL: citizen */
} CaseForm;

typedef struct {
        Crs crs; /* CRS_NONE: no position is read */
        double accuracy_m;
        char *space;
        TextTable states, categories, members;
        int64_t zone_ms; /* of times that name no zone: east of UTC */
        bool whole_ids;
} CaseOptions;

extern const Option case_options[];          /* a part: states, categories, members, time_zone, space, whole_ids */
extern const Option case_position_options[]; /* a part: crs, which is required, and accuracy_m */

/* For Option.check, of a table beside `members`: ERR_FATAL, there is no such role. */
bool case_members_check(const char *option, const void *members, Error *err);

/* Both add what `found`, which begins as zeros, lacks: by the option and the form, by one more table of member and role. */
void case_read(const CaseForm *form, const CaseOptions *options, const json_t *item, Arena *arena, Case *found);
void case_take(const TextTable *members, const json_t *item, Arena *arena, Case *found);

/* For PageForm.number: what only a case has, its number; "": it is none that may have been rounded. */
const char *case_number(const CaseForm *form, const CaseOptions *options, const json_t *object, Arena *arena);

/* Puts a time into a role where it is newer than what stands there; one that can be read goes before one that cannot. */
void case_newest(const CaseOptions *options, const char *path, const char *time, CaseRole role, Case *found);

/* Whether a text may name a case: ERR_INPUT missing_field (NULL), bad_id (a rounded number, of a `sheet` one that ends in zeros too; JSON). */
bool case_id_check(const char *member, const char *id, bool sheet, Error *err);

/*
 * An event, complete but for what the adapter knows better. Revision: a step, behind `updated` where both are there; else
 * `updated-HASH`, or the hash alone, so that two contents under one coarse time are two revisions. ERR_INPUT: missing_field (id,
 * status), bad_id, bad_time (occurred, or `updated` in its place). What is wrong elsewhere is left out and marked partial.
 */
bool case_event(const CaseForm *form, const CaseOptions *options, const Case *found, Arena *arena, Event *event,
                Error *err);

/* "name=text" of each role from CASE_STATUS on, a line each, in their order, without addresses: 16 digits of its SHA-256. */
const char *case_hash(const Case *found, Arena *arena);
/* The time of its change, and behind it what tells two changes of one time apart, which alone is one where there is no time. */
const char *case_revision(const Case *found, const char *step, Arena *arena);
const char *case_role_name(CaseRole role);
