#include "hub/dialect/case.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/dialect/place.h"
#include "hub/document/media.h"

#include <string.h>

/* What an error calls a role: by the platform's own member, where one is known. */
static const char *member_name(const CaseForm *form, const Case *found, CaseRole role, Arena *arena)
{
        if (found->paths[role])
                return found->paths[role];
        for (const CaseMember *member = form->members; member->path; member++)
                if (member->role == role)
                        return arena_copy(arena, member->path, strcspn(member->path, "|"));
        return case_role_name(role);
}

/* ---- state ---- */

/* A free reason may hold personal data: only one that the site wrote into its own table is repeated. */
static const char *word_choose(const CaseForm *form, const CaseOptions *options, const Case *found, StatusWords *status)
{
        const char *note = found->texts[CASE_STATUS_NOTE], *word = found->texts[CASE_STATUS];
        const char *stage = found->texts[CASE_STAGE];

        if (note && table_get(&options->states, note))
                word = note;
        if (status_find(&options->states, found->stage ? NULL : form->words, word, status))
                return word;
        if (found->stage != STATE_NONE && !table_get(&options->states, stage))
                *status = (StatusWords){ .state = found->stage };
        else if (!status_find(&options->states, form->words, stage, status))
                return word ? word : stage;
        return stage;
}

static void outcome_fill(const CaseForm *form, const CaseOptions *options, const char *outcome, StatusWords *status)
{
        StatusWords other;

        if (!outcome)
                return;
        if (status_find(&options->states, form->words, outcome, &other))
                status->outcome = other.outcome;
        else if (outcome_find(outcome) != OUTCOME_NONE)
                status->outcome = outcome_find(outcome);
}

/* A word that says neither yes nor no is a no. */
static bool flag_read(const Case *found, CaseRole role, Event *event)
{
        bool flag;

        if (!text_read_flag(found->texts[role], &flag))
                event->quality |= QUALITY_PARTIAL;
        return flag;
}

static bool status_fill(const CaseForm *form, const CaseOptions *options, const Case *found, Arena *arena, Event *event,
                        Error *err)
{
        StatusWords status = { .state = STATE_NONE };
        const char *word = word_choose(form, options, found, &status);
        const bool archived = flag_read(found, CASE_ARCHIVED, event), deleted = flag_read(found, CASE_DELETED, event);

        if (!word && !archived && form->state == STATE_NONE)
                return error_set(err, ERR_INPUT, "missing_field", "%s: missing",
                                 member_name(form, found, CASE_STATUS, arena));
        if (status.state == STATE_NONE && word && !archived)
                event->quality |= QUALITY_PARTIAL;
        if (status.state == STATE_NONE)
                status.state = archived ? STATE_CLOSED : form->state && !word ? form->state : STATE_RECEIVED;
        outcome_fill(form, options, found->texts[CASE_OUTCOME], &status);
        event->status.raw = word;
        event->status.state = deleted ? STATE_DELETED : status.state;
        event->status.outcome = status.outcome;
        event->status.reopened = status.reopened;
        return true;
}

/* ---- times ---- */

static bool time_take(const CaseOptions *options, const Case *found, CaseRole role, int64_t *ms,
                      TimePrecision *precision, Error *err)
{
        return !found->texts[role] || time_read_in(found->texts[role], options->zone_ms, ms, precision, err) ||
               error_add(err, "%s", found->paths[role] ? found->paths[role] : case_role_name(role));
}

/* A time that is good to know, but for which no case is turned away. */
static int64_t time_try(const CaseOptions *options, const Case *found, CaseRole role, Event *event)
{
        int64_t ms = TIME_NONE;
        Error unread;

        if (time_take(options, found, role, &ms, NULL, &unread))
                return ms;
        event->quality |= QUALITY_PARTIAL;
        return TIME_NONE;
}

static int64_t closed_read(const CaseOptions *options, const Case *found, Event *event)
{
        int64_t closed = time_try(options, found, CASE_CLOSED, event);

        if (closed == TIME_NONE && found->texts[CASE_END_OF_DAY_CLOSED]) {
                closed = time_try(options, found, CASE_END_OF_DAY_CLOSED, event);
                closed = closed == TIME_NONE ? closed : time_day_end(closed, options->zone_ms);
        }
        return event->status.state == STATE_CLOSED ? closed : TIME_NONE;
}

static int64_t end_read(const CaseForm *form, const CaseOptions *options, const Case *found, Event *event)
{
        const int64_t ms = time_try(options, found, CASE_VALID_TO, event);

        return form->whole_days && ms != TIME_NONE ? time_day_end(ms, options->zone_ms) : ms;
}

static bool times_fill(const CaseForm *form, const CaseOptions *options, const Case *found, Event *event, Error *err)
{
        const CaseRole begun = found->texts[CASE_OCCURRED] || found->later ? CASE_OCCURRED : CASE_UPDATED;

        if (!time_take(options, found, begun, &event->time.occurred, &event->time.precision, err))
                return false;
        event->time.updated = time_try(options, found, CASE_UPDATED, event);
        event->time.reported = time_try(options, found, CASE_REPORTED, event);
        event->time.deadline = time_try(options, found, CASE_DEADLINE, event);
        event->time.closed = closed_read(options, found, event);
        event->valid.from = time_try(options, found, CASE_VALID_FROM, event);
        event->valid.to = end_read(form, options, found, event);
        return true;
}

/* ---- revision ---- */

static bool is_hashed(const Case *found, CaseRole role)
{
        return found->texts[role] && role != CASE_URL && role != CASE_MEDIA;
}

const char *case_hash(const Case *found, Arena *arena)
{
        char digest[SHA256_TEXT_SIZE], *all, *at;
        size_t size = 1;

        for (CaseRole role = CASE_STATUS; role < CASE_ROLES; role++)
                if (is_hashed(found, role))
                        size += strlen(case_role_name(role)) + strlen(found->texts[role]) + 2;
        all = at = arena_take(arena, size);
        for (CaseRole role = CASE_STATUS; role < CASE_ROLES; role++)
                if (is_hashed(found, role))
                        at = stpcpy(stpcpy(stpcpy(stpcpy(at, case_role_name(role)), "="), found->texts[role]), "\n");
        return arena_copy(arena, sha256_text(all, size - 1, digest), 16);
}

const char *case_revision(const Case *found, const char *step, Arena *arena)
{
        const char *updated = found->texts[CASE_UPDATED];

        return updated ? arena_format(arena, "%s-%s", updated, step) : step;
}

static const char *revision_make(const Case *found, Arena *arena)
{
        const char *step = found->texts[CASE_STEP];

        return found->revision ? found->revision : case_revision(found, step ? step : case_hash(found, arena), arena);
}

/* ---- the rest ---- */

static void category_fill(const CaseForm *form, const CaseOptions *options, const Case *found, Event *event)
{
        const char *code = found->texts[CASE_CATEGORY_CODE], *name = found->texts[CASE_CATEGORY];
        const char *by_code = code ? table_get(&options->categories, code) : NULL;
        const char *by_name = name ? table_get(&options->categories, name) : NULL;

        event->category.raw_code = code;
        event->category.raw_name = name ? name : found->texts[CASE_CONTACT_KIND];
        event->category.fallback = form->fallback;
        event->category.code = by_code ? by_code : by_name;
        if (event->category.code)
                event->category.method = by_code ? METHOD_CODE : METHOD_NAME;
        event->severity = severity_words_find(form->severities, found->texts[CASE_SEVERITY]);
}

static void place_fill(const CaseForm *form, const CaseOptions *options, const Case *found, Event *event)
{
        place_position(options->crs, options->accuracy_m, form->position ? form->position : POSITION_GPS,
                       found->texts[CASE_LON], found->texts[CASE_LAT], event);
        event->place.address = found->texts[CASE_ADDRESS];
        event->place.subdistrict = found->texts[CASE_SUBDISTRICT];
        event->place.community = found->texts[CASE_COMMUNITY];
        event->place.grid = found->texts[CASE_GRID];
}

static void persons_fill(const CaseForm *form, const Case *found, Event *event)
{
        event->reporter.name = found->texts[CASE_REPORTER];
        event->reporter.id = found->texts[CASE_REPORTER_ID];
        if (event->reporter.name || event->reporter.id)
                event->reporter.kind = form->reporter ? form->reporter : "citizen";
        event->org.reporting = found->texts[CASE_REPORTING];
        event->org.responsible = found->texts[CASE_RESPONSIBLE];
}

static void objects_fill(const Case *found, Arena *arena, Event *event)
{
        event_add_object(event, OBJECT_PLATE, found->texts[CASE_PLATE]);
        event_add_object(event, OBJECT_ASSET, found->texts[CASE_ASSET]);
        event_add_object(event, OBJECT_CASE, found->texts[CASE_OTHER_CASE]);
        event_add_case_link(event, "case", found->texts[CASE_OTHER_CASE]);
        media_text(found->texts[CASE_MEDIA], arena, event);
        media_node(found->nodes[CASE_MEDIA], arena, event);
}

/* A bare number as json_read() hands it over, 350206231205e+6, where the site says that its own end so. */
static const char *id_unfold(const char *id, Arena *arena)
{
        const size_t size = id ? strspn(id, "0123456789") : 0;
        size_t zeros = 0;

        if (size == 0 || id[size] != 'e' || id[size + 1] != '+')
                return id;
        for (const char *at = id + size + 2; *at >= '0' && *at <= '9' && zeros < 100; at++)
                zeros = zeros * 10 + (size_t)(*at - '0');
        return zeros > 0 && zeros < 100 ? arena_format(arena, "%.*s%0*d", (int)size, id, (int)zeros, 0) : id;
}

bool case_event(const CaseForm *form, const CaseOptions *options, const Case *found, Arena *arena, Event *event,
                Error *err)
{
        const char *id = found->texts[CASE_ID], *id_name = member_name(form, found, CASE_ID, arena);

        event_init(event, form->kind ? form->kind : KIND_REPORT);
        event->quality = found->quality;
        if (!id && found->nodes[CASE_ID])
                return error_set(err, ERR_INPUT, "bad_id", "%s: JSON where a number is due", id_name);
        if (options->whole_ids)
                id = id_unfold(id, arena);
        if (!case_id_check(id_name, id, form->sheet && !options->whole_ids, err))
                return false;
        event->space = options->space;
        event->source.id = id;
        event->source.revision = revision_make(found, arena);
        event->source.channel = found->texts[CASE_CHANNEL];
        event->source.url = found->texts[CASE_URL];
        event->title = found->texts[CASE_TITLE];
        event->description = found->texts[CASE_DESCRIPTION];
        if (!status_fill(form, options, found, arena, event, err) || !times_fill(form, options, found, event, err))
                return false;
        category_fill(form, options, found, event);
        place_fill(form, options, found, event);
        persons_fill(form, found, event);
        objects_fill(found, arena, event);
        return true;
}
