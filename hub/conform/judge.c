#include "hub/conform/judge.h"

#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/event/names.h"

#include <string.h>

#define BEFORE_MS INT64_C(631152000000) /* 1990 */
#define AHEAD_MS  INT64_C(600000)
#define LONG_MS   (INT64_C(50) * 366 * 86400 * 1000)

enum { ALONE_MOST = 4, EVENTS_MOST = 64 }; /* of one trial: items that are tried alone, events that are read */

/* ---- times ---- */

static const char *time_wrong(const Event *event)
{
        const struct {
                const char *name;
                int64_t ms, ahead;
        } times[] = { { "occurred", event->time.occurred, INT64_MAX }, { "reported", event->time.reported, AHEAD_MS },
                      { "updated", event->time.updated, AHEAD_MS },    { "closed", event->time.closed, AHEAD_MS },
                      { "deadline", event->time.deadline, LONG_MS },   { "valid.from", event->valid.from, LONG_MS },
                      { "valid.to", event->valid.to, LONG_MS } };

        for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
                if (times[i].ms != TIME_NONE &&
                    (times[i].ms < BEFORE_MS || times[i].ms - event->time.received > times[i].ahead))
                        return times[i].name;
        if (event->time.occurred != TIME_NONE && event->time.occurred - event->time.received > AHEAD_MS &&
            !(event->quality & QUALITY_CLOCK_FUTURE))
                return "occurred (ahead, and not marked)";
        if (event->time.closed != TIME_NONE && event->time.closed < event->time.occurred &&
            !(event->quality & QUALITY_CLOCK_MISSING))
                return "closed before occurred";
        return NULL;
}

/* ---- personal ---- */

/* Members that a number may stand in: ids are what they are, links and addresses go as they came. */
static void told_only(json_t *event)
{
        static const char *const members[] = { "id", "subject", "objects", "links", "media", "raw", "instance" };
        static const char *const source[] = { "id", "revision", "sequence", "url" };

        for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
                json_object_del(event, members[i]);
        for (size_t i = 0; i < sizeof(source) / sizeof(source[0]); i++)
                json_object_del(json_object_get(event, "source"), source[i]);
}

static bool told_has(const TrialEvent *event, const char *number)
{
        CLEANUP(json_drop) json_t *told = NULL;
        CLEANUP(mem_drop) char *text = NULL;
        Error err = { 0 };

        if (!memmem(event->bytes, event->size, number, strlen(number)))
                return false;
        told = json_read_typed(event->bytes, event->size, &err);
        told_only(told);
        text = json_dumps(told, JSON_COMPACT);
        return text && strstr(text, number);
}

/* ---- one event, one verdict ---- */

static void event_judge(Bench *bench, const Attempt *attempt, const TrialEvent *event)
{
        const Fixture *fixture = bench->setup.fixture;
        const char *wrong, *crs;
        EventValue value;
        Error err = { 0 };
        bool is_form = event_read(bench->reader, event->bytes, event->size, &value, &err);

        bench_rule(bench, RULE_FORM, is_form, attempt, "%s", err.text);
        bench_rule(bench, RULE_PERSONAL, !told_has(event, CANARY_PHONE) && !told_has(event, CANARY_PERSON), attempt,
                   "a number that was put in comes out: %.*s", 300, event->bytes);
        if (!is_form)
                return;
        wrong = time_wrong(&value.event);
        bench_rule(bench, RULE_TIME, !wrong, attempt, "%s", wrong ? wrong : "");
        crs = value.event.position.method ? value.event.position.crs : NULL;
        if (crs)
                bench_rule(bench, RULE_POSITION,
                           fixture->beside.size &&
                                   memmem(fixture->beside.bytes, fixture->beside.size, crs, strlen(crs)),
                           attempt, "position in %s, which nothing declares", crs);
}

static void alone_judge(Bench *bench, const Attempt *attempt, const Record *record, const TrialVerdict *verdict)
{
        CLEANUP(mem_drop) char *item = mem_copy(verdict->item, verdict->size);
        const char *reason;
        Record alone = *record;
        Outcome outcome;

        alone.bytes = item;
        alone.size = verdict->size;
        arena_reset(bench->alone);
        trial_run(&bench->setup, &alone, bench->alone, &outcome);
        /* What is no record at all is rejected, too, where nobody can be asked again. */
        reason = outcome.verdicts_size == 1 ? outcome.verdicts[0].reason : NULL;
        bench_rule(bench, RULE_ALONE,
                   !outcome.events_size && (outcome.ended == ERR_RETRY || text_same(reason, verdict->reason)), attempt,
                   "rejected as %s; alone %zu events, %zu verdicts, %s (%s): %.*s", verdict->reason,
                   outcome.events_size, outcome.verdicts_size, reason ? reason : "none", outcome.text, 120,
                   verdict->item);
}

static bool is_reason(const char *reason)
{
        return reason && names_find(&reason_names, reason) < reason_names.size;
}

/* An item that is an array is a page when it comes alone, null and "" are none: nothing in them is lost. */
static bool is_tried_alone(const TrialVerdict *verdict)
{
        return verdict->item && verdict->reason && verdict->item[0] != '[' && strcmp(verdict->item, "null") != 0 &&
               strcmp(verdict->item, "\"\"") != 0;
}

void judge_outcome(Bench *bench, const Attempt *attempt, const Record *record, const Outcome *outcome)
{
        size_t alone = 0;

        bench_rule(bench, RULE_ALIVE, outcome->ended != ERR_FATAL && outcome->ms < JUDGE_ALIVE_MS, attempt,
                   "%s after %jd ms: %s", outcome->ended == ERR_FATAL ? "fatal" : "slow", (intmax_t)outcome->ms,
                   outcome->text);
        for (size_t i = 0; i < outcome->events_size && i < EVENTS_MOST; i++)
                event_judge(bench, attempt, &outcome->events[i]);
        for (size_t i = 0; i < outcome->verdicts_size; i++) {
                const TrialVerdict *verdict = &outcome->verdicts[i];

                if (!verdict->rejected)
                        continue;
                bench_rule(bench, RULE_REASON, is_reason(verdict->reason), attempt, "reason %s: %s",
                           verdict->reason ? verdict->reason : "(none)", outcome->text);
                if (!attempt->is_wrapped && is_tried_alone(verdict) && alone++ < ALONE_MOST)
                        alone_judge(bench, attempt, record, verdict);
        }
}
