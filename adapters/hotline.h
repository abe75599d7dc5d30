#pragma once

/*
 * Inside of the hotline's adapter. Each member of a row that means something has a role: the profile knows those that
 * its dialect names, `notes` and `members` of the options say what the others mean and go before it. Roles become the
 * event.
 */

#include "hub/adapter.h"
#include "hub/base/json.h"
#include "hub/geo/crs.h"

typedef enum {
        ROLE_ID,
        ROLE_STEP, /* number of this revision, where one second sees several */
        ROLE_STATUS,
        ROLE_STAGE,       /* a coarser word, where status is absent or unknown */
        ROLE_STATUS_NOTE, /* why; only what the `states` option names counts */
        ROLE_OUTCOME,
        ROLE_OCCURRED,
        ROLE_UPDATED,
        ROLE_DEADLINE,
        ROLE_CLOSED,
        ROLE_END_OF_DAY_CLOSED, /* a date: closed when that day had ended */
        ROLE_CATEGORY_CODE,
        ROLE_CATEGORY,
        ROLE_CONTACT_KIND, /* complaint, question, praise: the category where none is named */
        ROLE_TITLE,
        ROLE_DESCRIPTION,
        ROLE_CHANNEL,
        ROLE_LON,
        ROLE_LAT,
        ROLE_ADDRESS,
        ROLE_SUBDISTRICT,
        ROLE_COMMUNITY,
        ROLE_GRID,
        ROLE_RESPONSIBLE,
        ROLE_REPORTER, /* a name */
        ROLE_PHONE,
        ROLE_ASSET,
        ROLE_PLATE,
        ROLE_CASE, /* number of the case that this one was merged with or split from */
        ROLE_MEDIA,
        ROLES,
} Role;

typedef struct {
        const char *texts[ROLES]; /* trimmed; NULL: absent, null, empty or "-" */
} Case;

typedef enum { PROFILE_VENDOR, PROFILE_OPEN311 } Profile;

typedef struct {
        int profile;
        Crs crs;
        double accuracy_m;
        char *items, *space;
        TextTable notes, members, categories, states;
        int64_t zone_ms; /* of times that name no zone: east of UTC */
} HotlineOptions;

const char *role_name(Role role);
void roles_read(const HotlineOptions *options, const json_t *item, Arena *arena, Case *found);
bool roles_check(const HotlineOptions *options, Error *err); /* ERR_FATAL: no such role */

bool status_fill(const HotlineOptions *options, const Case *found, Event *event, Error *err); /* missing_field */

/* ERR_INPUT missing_field (id, status), bad_time (occurred, updated); what is wrong elsewhere is left out and marked
 * partial. */
bool case_event(const HotlineOptions *options, const Case *found, Arena *arena, Event *event, Error *err);
