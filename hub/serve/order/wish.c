#include "hub/serve/order/wish.h"

#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/serve/body.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
        NOT_FOUND = 404,
        FORBIDDEN = 403,
        CONFLICT = 409,
        STALE = 412,
        REQUIRED = 428,
        EVENTS_MOST = 64,
        NOTE_MOST = 2000, /* code points */
        ORG_MOST = 256    /* bytes */
};

void wish_free(Wish *wish)
{
        buffer_free(&wish->args);
        buffer_free(&wish->note);
}

/* ---- the members ---- */

static bool members_check(Call *call, const json_t *body)
{
        static const char *const known[] = { "verb", "incident", "incidents", "events", "command", "args", "note" };
        CLEANUP(json_decrefp) json_t *copy = json_deep_copy(body); /* Jansson's iterators know no const */

        for (void *at = json_object_iter(copy); at; at = json_object_iter_next(copy, at)) {
                bool is_known = false;

                for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
                        is_known = is_known || text_same(known[i], json_object_iter_key(at));
                if (!is_known)
                        return body_wrong(call, "", "has a member that is not known here");
        }
        return true;
}

/* A text of the body, in the arena; absent: NULL and true. */
static bool text_take(Call *call, const json_t *from, const char *name, const char *pointer, const char **text)
{
        const json_t *member = json_object_get(from, name);

        *text = NULL;
        if (!member)
                return true;
        if (!json_is_string(member) || strlen(json_string_value(member)) != json_string_length(member) ||
            json_string_length(member) == 0)
                return body_wrong(call, pointer, "is no text");
        *text = arena_copy(call->arena, json_string_value(member), json_string_length(member));
        return true;
}

static bool list_take(Call *call, const json_t *body, const char *name, const char *texts[EVENTS_MOST], size_t *size)
{
        const json_t *list = json_object_get(body, name);
        const char *pointer = arena_format(call->arena, "/%s", name);

        *size = json_array_size(list);
        if (list && (!json_is_array(list) || *size == 0 || *size > EVENTS_MOST))
                return body_wrong(call, pointer, "is no list of 1 to %d texts", EVENTS_MOST);
        for (size_t i = 0; i < *size; i++) {
                const json_t *item = json_array_get(list, i);

                if (!json_is_string(item) || strlen(json_string_value(item)) != json_string_length(item))
                        return body_wrong(call, pointer, "holds what is no text");
                texts[i] = arena_copy(call->arena, json_string_value(item), json_string_length(item));
        }
        return true;
}

static bool verb_check(Call *call, const char *verb)
{
        static const char *const verbs[] = { "merge",  "split", "confirm", "reject", "assign", "dispatch", "dispose",
                                             "verify", "close", "reopen",  "note",   "undo",   "apart" };

        for (size_t i = 0; verb && i < sizeof(verbs) / sizeof(verbs[0]); i++)
                if (text_same(verbs[i], verb))
                        return true;
        return body_wrong(call, "/verb",
                          "is none of merge, apart, split, confirm, reject, assign, dispatch, dispose, verify, "
                          "close, reopen, note, undo");
}

static bool note_take(Call *call, const json_t *body, Wish *wish)
{
        const char *note;

        if (!text_take(call, body, "note", "/note", &note))
                return false;
        if (note && text_points(note) > NOTE_MOST)
                return body_wrong(call, "/note", "is longer than %d characters", NOTE_MOST);
        if (!note && text_same(wish->command.verb, "note"))
                return body_wrong(call, "/note", "is missing");
        command_note(&wish->command, &wish->note, note);
        return true;
}

static bool org_take(Call *call, const json_t *body, Wish *wish)
{
        const bool is_for_org = text_same(wish->command.verb, "assign") || text_same(wish->command.verb, "dispatch");
        const json_t *args = json_object_get(body, "args");
        const char *org = NULL;

        if (args &&
            (!json_is_object(args) || !is_for_org || json_object_size(args) != (json_object_get(args, "org") != NULL)))
                return body_wrong(call, "/args", "holds org, for assign and dispatch, and nothing else");
        if (!text_take(call, args, "org", "/args/org", &org))
                return false;
        if (org && strlen(org) > ORG_MOST)
                return body_wrong(call, "/args/org", "is longer than %d bytes", ORG_MOST);
        if (!org && text_same(wish->command.verb, "assign"))
                return body_wrong(call, "/args/org", "is missing");
        if (org)
                command_argument(&wish->command, &wish->args, "org", org);
        return true;
}

/* ---- incidents, as they stand ---- */

static bool nothing(Call *call, const char *what)
{
        return call_problem(call, NOT_FOUND, "not-found", "there is no such %s", what);
}

/* NULL: the answer is a problem. What is not for this person is not there. */
static DbResult *incident_ask(Call *call, const char *id)
{
        const char *const values[] = { id };
        DbResult *row = NULL;
        Error err = { 0 };

        if (!db_query(call->db, &row,
                      "SELECT founding, zone, epoch, version, rules, merged_into FROM dw.incident WHERE incident = $1"
                      " AND version > 0",
                      values, 1, &err)) {
                call_trouble(call, &err);
                return NULL;
        }
        if (db_rows(row) == 1 && person_sees(call->person, db_text(row, 0, 1)))
                return row;
        db_result_free(row);
        nothing(call, "incident");
        return NULL;
}

/* One event of it stands for the incident, and its zone is the command's. */
static bool incident_add(Call *call, Wish *wish, const char *id)
{
        CLEANUP(db_result_drop) DbResult *row = incident_ask(call, id);
        Command *command = &wish->command;
        const char *zone = row ? db_text(row, 0, 1) : NULL;

        if (!row)
                return false;
        if (db_text(row, 0, 5))
                return call_problem(call, CONFLICT, "conflict", "%s was merged into %s", id, db_text(row, 0, 5));
        if (command->zone && !text_same(command->zone, zone))
                return call_problem(call, CONFLICT, "conflict", "incidents of two zones stay two");
        command->zone = arena_format(call->arena, "%s", zone);
        command->events[command->events_size++] = arena_format(call->arena, "%s", db_text(row, 0, 0));
        return true;
}

/* If-Match against how it stands; what was seen goes along, for it may change on the way. */
static bool seen_check(Call *call, Wish *wish)
{
        const char *seen = call_header(call, "If-Match");
        CLEANUP(db_result_drop) DbResult *row = NULL;
        const char *now;

        if (!seen && text_same(wish->command.verb, "note"))
                return true;
        if (!seen)
                return call_problem(call, REQUIRED, "precondition-required",
                                    "If-Match must hold the ETag of the incident as it was seen");
        row = incident_ask(call, wish->incident);
        if (!row)
                return false;
        now = arena_format(call->arena, "\"%" PRId64 ".%" PRId64 "\"", db_integer(row, 0, 2), db_integer(row, 0, 3));
        if (!text_same(seen, now)) {
                call_tell(call, "ETag", now);
                return call_problem(call, STALE, "stale", "%s has changed meanwhile", wish->incident);
        }
        snprintf(wish->rules, sizeof(wish->rules), "%s", db_text(row, 0, 4));
        wish->command.expected_incident = wish->incident;
        wish->command.expected_version = db_integer(row, 0, 3);
        wish->command.expected_rules = wish->rules;
        return true;
}

/* ---- by verb ---- */

static bool is_of_several(const char *verb)
{
        return text_same(verb, "merge") || text_same(verb, "apart");
}

/* Of several incidents, the first of which is the one that was seen: the survivor, or the one that is another problem than the others. */
static bool several_take(Call *call, const json_t *body, Wish *wish)
{
        const char *incidents[EVENTS_MOST] = { NULL };
        size_t size;

        if (!list_take(call, body, "incidents", incidents, &size))
                return false;
        if (size < 2)
                return body_wrong(call, "/incidents", "names two at least: of merge the survivor first");
        for (size_t i = 0; i < size; i++)
                if (!incident_add(call, wish, incidents[i]))
                        return false;
        wish->incident = incidents[0];
        return true;
}

static bool one_take(Call *call, const json_t *body, Wish *wish)
{
        Command *command = &wish->command;
        const bool is_split = text_same(command->verb, "split");
        const char *events[EVENTS_MOST] = { NULL };
        size_t size;

        if (!text_take(call, body, "incident", "/incident", &wish->incident) ||
            !list_take(call, body, "events", events, &size))
                return false;
        if (!wish->incident)
                return body_wrong(call, "/incident", "is missing");
        if (is_split != (size > 0))
                return body_wrong(call, "/events", "names those that leave, of split alone");
        if (!incident_add(call, wish, wish->incident))
                return false;
        if (is_split) {
                memcpy(command->events, events, size * sizeof(events[0]));
                command->events_size = size;
        }
        return true;
}

/* Of another's only a supervisor may. */
static bool undo_take(Call *call, const json_t *body, Wish *wish)
{
        CLEANUP(db_result_drop) DbResult *row = NULL;
        const char *values[1];
        Error err = { 0 };

        if (!text_take(call, body, "command", "/command", &values[0]))
                return false;
        if (!values[0])
                return body_wrong(call, "/command", "is missing");
        if (!db_query(call->db, &row, "SELECT zone, by_whom FROM ops.command WHERE id = $1", values, 1, &err))
                return call_trouble(call, &err);
        if (db_rows(row) != 1 || !person_sees(call->person, db_text(row, 0, 0)))
                return nothing(call, "command");
        if (call->person->role < ROLE_SUPERVISOR && !text_same(db_text(row, 0, 1), call->person->name))
                return call_problem(call, FORBIDDEN, "forbidden", "only a supervisor takes back what others said");
        wish->command.zone = arena_format(call->arena, "%s", db_text(row, 0, 0));
        command_argument(&wish->command, &wish->args, "command", values[0]);
        return true;
}

/* A member that belongs to another verb is a mistake that somebody should hear of. */
static bool strangers_check(Call *call, const json_t *body, const char *verb)
{
        const bool is_undo = text_same(verb, "undo");
        const struct {
                const char *member;
                bool is_right;
        } members[] = { { "incidents", is_of_several(verb) },
                        { "events", text_same(verb, "split") },
                        { "command", is_undo },
                        { "incident", !is_undo && !is_of_several(verb) } };

        for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
                if (json_object_get(body, members[i].member) && !members[i].is_right)
                        return body_wrong(call, arena_format(call->arena, "/%s", members[i].member),
                                          "is not of this verb");
        return true;
}

bool wish_read(Call *call, const json_t *body, Wish *wish)
{
        const char *verb;

        *wish = (Wish){ .command.by = call->person->name };
        if (!members_check(call, body) || !text_take(call, body, "verb", "/verb", &verb) || !verb_check(call, verb) ||
            !strangers_check(call, body, verb))
                return false;
        wish->command.verb = verb;
        if (!note_take(call, body, wish) || !org_take(call, body, wish))
                return false;
        if (text_same(verb, "undo"))
                return undo_take(call, body, wish);
        return (is_of_several(verb) ? several_take : one_take)(call, body, wish) && seen_check(call, wish);
}
