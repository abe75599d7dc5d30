/* What operators say: a command goes into the log, and what became of it is read again by its id. */

#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/serve/body.h"
#include "hub/serve/order/given.h"
#include "hub/serve/order/wish.h"
#include "hub/serve/routes.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
        OK = 200,
        ACCEPTED = 202,
        NOT_FOUND = 404,
        OTHERWISE = 422,
        BAD_REQUEST = 400,
        UNAVAILABLE = 503,
        KAFKA_MS = 5000,
        KEY_MOST = 255,
        WAIT_MOST_S = 10,
        LOOK_MS = 100
};

/* ---- giving one ---- */

static void accepted(Call *call, const GivenCommand *given)
{
        const char *self = arena_format(call->arena, "/v1/commands/%s", given->id);

        call_tell(call, "Location", self);
        call_json(call, ACCEPTED,
                  json_pack("{s:s, s:s, s:[{s:s, s:s, s:s}]}", "command", given->id, "state", "waiting", "links",
                            "href", self, "rel", "self", "type", "application/json"));
}

static bool key_read(Call *call, const char **key)
{
        *key = call_header(call, "Idempotency-Key");
        if (*key && **key && strlen(*key) <= KEY_MOST && text_is_utf8(*key, strlen(*key)))
                return true;
        return call_problem(call, BAD_REQUEST, "bad-argument",
                            "the header Idempotency-Key, of 1 to %d bytes, tells a repeat from another command",
                            KEY_MOST);
}

/* The same person, key and wish give the same id, whichever process is asked, so that it counts once. */
static void id_make(const char *by, const char *key, GivenCommand *given)
{
        CLEANUP(mem_drop) char *all = text_format("%s\n%s\n%s", by, given->body, key);

        command_id_of(all, strlen(all), given->id);
}

static void body_note(const json_t *body, GivenCommand *given)
{
        char *text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);

        sha256_text(text, strlen(text), given->body);
        free(text);
}

/* After a restart a repeat is still known, once it was decided: what it was then is what counts, though it would be stale now. */
static bool is_decided(Call *call, GivenCommand *given, bool *is_known)
{
        CLEANUP(db_result_drop) DbResult *row = NULL;
        const char *const values[] = { given->id };
        Error err = { 0 };

        if (!db_query(call->db, &row, "SELECT zone, verb, by_whom FROM ops.command WHERE id = $1", values, 1, &err))
                return call_trouble(call, &err);
        *is_known = db_rows(row) > 0;
        if (!*is_known)
                return true;
        snprintf(given->zone, sizeof(given->zone), "%s", db_text(row, 0, 0));
        snprintf(given->verb, sizeof(given->verb), "%s", db_text(row, 0, 1));
        snprintf(given->by, sizeof(given->by), "%s", call->person->name);
        given->at = time_now();
        return true;
}

static bool give(Call *call, const json_t *body, const char *key, GivenCommand *given)
{
        CLEANUP(wish_free) Wish wish = { 0 };
        Error err = { 0 };
        bool is_known = false;

        id_make(call->person->name, key, given);
        if (!is_decided(call, given, &is_known))
                return false;
        if (is_known)
                return true;
        if (!wish_read(call, body, &wish))
                return false;
        wish.command.id = given->id;
        wish.command.at = given->at = time_now();
        snprintf(given->verb, sizeof(given->verb), "%s", wish.command.verb);
        snprintf(given->zone, sizeof(given->zone), "%s", wish.command.zone);
        snprintf(given->by, sizeof(given->by), "%s", call->person->name);
        if (!call->serve->line)
                return call_problem(call, UNAVAILABLE, "kafka-away", "commands.keys is not set here: nobody can sign");
        if (operate_give(call->serve->line, &wish.command, KAFKA_MS, &err)) {
                log_info("command given", LOG_TEXT("command", given->id), LOG_TEXT("verb", given->verb),
                         LOG_TEXT("by", given->by), LOG_TEXT("request", call->id));
                return true;
        }
        if (err.kind == ERR_INPUT)
                return body_wrong(call, "", "%s", err.text);
        log_limited(LOG_WARNING, "a command did not reach Kafka",
                    (const LogKey[]){ LOG_TEXT("error", err.text), LOG_TEXT("request", call->id), { 0 } });
        call_tell(call, "Retry-After", "2");
        return call_problem(call, UNAVAILABLE, "kafka-away", "Kafka does not answer; the same again counts once");
}

static void command_post(Call *call)
{
        CLEANUP(json_drop) json_t *body = body_read(call);
        GivenCommand given = { 0 };
        const char *key;
        GivenFound found;

        if (!body || !key_read(call, &key))
                return;
        body_note(body, &given);
        found = given_find(call->serve->given, call->person->name, key, &given);
        if (found == GIVEN_OTHERWISE) {
                call_problem(call, OTHERWISE, "conflict", "this Idempotency-Key came with another command before");
                return;
        }
        if (found == GIVEN_NEW) {
                if (!give(call, body, key, &given))
                        return;
                given_add(call->serve->given, call->person->name, key, &given);
        }
        accepted(call, &given);
}

/* ---- what became of one ---- */

typedef struct {
        const char *begins, *zh;
} Words;

/* As hub/zone says them. */
static const Words refusals[] = {
        { "stale: ", "提交前已有变化" },
        { "unknown event ", "没有这条上报" },
        { "no event is named", "没有指明上报" },
        { "was split by an operator", "已由操作员拆分" },
        { "was split by another command too", "另有拆分命令" },
        { "the events stand in one incident already", "已经在同一事件中" },
        { "the events stand in several incidents", "分属多个事件" },
        { "the events stand in one incident", "本在同一事件中" },
        { "wants an event of each of two incidents", "需要两个事件" },
        { "nothing would stay in ", "原事件将不剩任何上报" },
        { "is closed already", "已经结案" },
        { "is not closed", "尚未结案" },
        { "no command that was done and can be undone", "没有可撤销的命令" },
        { "was undone already", "已经撤销" },
        { "none that it moved stands there any more", "所移动的上报已不在原处" },
        { "none that stayed stands there any more", "留下的上报已不在原处" },
        { "something later was said of ", "之后已有其他命令" },
        { "the name of the organisation is too long", "单位名称过长" },
};

static const char *refusal_zh(const char *reason)
{
        for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
                if (text_starts(reason, refusals[i].begins))
                        return refusals[i].zh;
        return "未执行";
}

static DbResult *outcome_ask(Call *call, const char *id, Error *err)
{
        const char *const values[] = { id };
        DbResult *row = NULL;

        (void)db_query(
                call->db, &row,
                "SELECT c.outcome, c.reason, c.incident, c.verb, c.by_whom, ops.time_text(c.at), c.zone,"
                " (SELECT max(s.version) FROM dw.incident_status s WHERE s.incident = c.incident AND s.cause = c.id)"
                " FROM ops.command c WHERE c.id = $1",
                values, 1, err);
        return row;
}

static void optional(json_t *told, const char *name, const char *text)
{
        if (text)
                json_object_set_new(told, name, json_string(text));
}

static void outcome_tell(Call *call, const char *id, const DbResult *row)
{
        const char *reason = db_text(row, 0, 1);
        json_t *told = json_pack("{s:s, s:s}", "command", id, "verb", db_text(row, 0, 3));

        optional(told, "by", db_text(row, 0, 4));
        optional(told, "at", db_text(row, 0, 5));
        optional(told, "state", db_text(row, 0, 0));
        optional(told, "incident", db_text(row, 0, 2));
        if (db_text(row, 0, 7))
                json_object_set_new(told, "version", json_integer(db_integer(row, 0, 7)));
        if (reason) {
                json_object_set_new(told, "reason", json_string(reason));
                json_object_set_new(told, "reason_words",
                                    json_pack("{s:s, s:s}", "zh", refusal_zh(reason), "en", reason));
        }
        call_json(call, OK, told);
}

static void waiting_tell(Call *call, const GivenCommand *given)
{
        char at[TIME_TEXT_SIZE];

        call_json(call, OK,
                  json_pack("{s:s, s:s, s:s, s:s, s:s}", "command", given->id, "verb", given->verb, "by", given->by,
                            "at", time_text(given->at, at), "state", "waiting"));
}

/* Of one that was given here and is not decided yet. Of the workers at most half wait so: others are told at once how it stands. */
static bool outcome_await(Call *call, const char *id, bool is_given, int64_t until, DbResult **row)
{
        Error err = { 0 };

        for (;;) {
                *row = outcome_ask(call, id, &err);
                if (!*row)
                        return call_trouble(call, &err);
                if (db_rows(*row) > 0 || !is_given || time_monotonic() >= until)
                        return true;
                db_result_drop(row);
                poll(NULL, 0, LOOK_MS);
        }
}

static void command_get(Call *call)
{
        const char *id = call_parameter(call, "id"), *wait = call_argument(call, "wait");
        CLEANUP(db_result_drop) DbResult *row = NULL;
        GivenCommand given = { 0 };
        int64_t seconds = 0;

        if (wait && (!text_read_integer(wait, &seconds) || seconds < 0 || seconds > WAIT_MOST_S)) {
                call_wrong(call, "wait", "is seconds, 0 to %d", WAIT_MOST_S);
                return;
        }
        const bool is_given = given_by_id(call->serve->given, id, &given) && person_sees(call->person, given.zone);
        const bool may_wait = atomic_fetch_add(&call->serve->awaiting, 1) < call->serve->config->serve.workers / 2;
        const bool is_asked = outcome_await(call, id, is_given && may_wait, call->begun + seconds * 1000, &row);
        atomic_fetch_sub(&call->serve->awaiting, 1);
        if (!is_asked)
                return;
        if (db_rows(row) > 0 && person_sees(call->person, db_text(row, 0, 6)))
                outcome_tell(call, id, row);
        else if (db_rows(row) == 0 && is_given)
                waiting_tell(call, &given);
        else
                call_problem(call, NOT_FOUND, "not-found", "there is no such command");
}

static const char *const get_arguments[] = { "wait", NULL };

const Route commands_routes[] = {
        { "POST", "/v1/commands", ROLE_DISPATCHER, command_post },
        { "GET", "/v1/commands/{id}", ROLE_VIEWER, command_get, get_arguments },
        { 0 },
};
