#!/bin/bash
# The next batch is decided while PostgreSQL writes this one. PostgreSQL is held up with a batch half written until the next one stands decided on it;
# then the correlator is killed, the writing statement is ended, or its COMMIT refused. Whatever was decided on what never was goes with it: every event
# is there once, as one correlator that nobody disturbed would have it. An event that comes again in the batch behind is a duplicate all the same.
# The correlator without its guards (tool/controls.h) must lose a batch here.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
export HUB_LOG=debug HUB_LOOP_WAIT=0.3

BATCH=20
CONTROLS=$(dirname "$(dirname "$HUB")")/tests/system/tool/test-hub-controls
SENT=0

event() {
        echo '{"id": "p12::case-'"$1"':1", "subject": "p12::case-'"$1"'", "kind": "report", "platform": "p12", "instance": "grid", "zone": "350206",
                "source": {"id": "case-'"$1"'", "revision": "1"}, "time": {"occurred": "2023-12-05T00:30:15.120Z", "received": "2023-12-05T00:30:16.000Z"},
                "status": {"state": "received"}, "category": {"code": "E0504", "method": "code"}, "severity": "low", "title": "占道 '"$1"'",
                "raw": {"sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}}' | tr -d '\n'
        echo
}

configure() {
        cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
        { config_head && echo "correlate: { batch_events: $BATCH }"; } >"$TEST/hub.yaml"
        export HUB_CONFIG=$TEST/hub.yaml
}

owner() {
        postgres_sql "$HUB_PORT_POSTGRES" "$HUB_SECRETS" postgres -c "$1"
}

# Who writes may not until hold_end; who reads may.
hold() {
        owner "BEGIN; LOCK TABLE ods.record IN SHARE MODE; SELECT pg_sleep(600)" >/dev/null 2>&1 &
        HOLDER=$!
        wait_for 30 "the lock" sql_is "SELECT count(*) FROM pg_locks WHERE relation = 'ods.record'::regclass AND mode = 'ShareLock' AND granted" 1
}

hold_end() {
        owner "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'PgSleep'" >/dev/null
        wait "$HOLDER" || true
}

# decided: how often a batch stood decided on another one in flight, so far.
decided() { grep -c '"decided while the batch before is written"' "$TEST/logs/correlate.log" || true; }
decided_since() { [ "$(decided)" -gt "$1" ]; }
overs() { grep -c '"correlator starts over"' "$TEST/logs/correlate.log" || true; }
overs_since() { [ "$(overs)" -gt "$1" ]; }
seats() { grep -cs '"took a partition","topic":"hub.events.v1","partition":0,' "$TEST/logs/correlate.log" || true; }
seats_since() { [ "$(seats)" -gt "${1:-0}" ]; }
writing() { [ "$(owner "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hub correlate' AND wait_event_type = 'Lock'")" = 1 ]; }

# One event comes, and PostgreSQL holds its batch; it comes again with many more, and the next batch stands decided.
in_flight() {
        local before number first=$((SENT + 1))
        before=$(decided)
        hold
        event "$first" | "$WIRE" put "$BROKERS" hub.events.v1 0
        wait_for 60 "a batch in flight" writing || return 1
        for ((number = first; number <= first + BATCH * 2; number++)); do event "$number"; done >"$TEST/events"
        { event "$first" && cat "$TEST/events"; } | "$WIRE" put "$BROKERS" hub.events.v1 0
        SENT=$((SENT + BATCH * 2 + 1)) MESSAGES=$((MESSAGES + BATCH * 2 + 3))
        wait_for 60 "the next one decided on it" decided_since "$before" || return 1
}

# Each event stored once, what came again a duplicate, each offset there; a subject and a link a case, nothing of a batch that never was.
all_once() {
        wait_for 60 "the log to be read" log_read || return 1
        sql_is "SELECT count(*), count(DISTINCT \"offset\"), count(DISTINCT id), count(*) FILTER (WHERE verdict = 'stored'), max(\"offset\") + 1 FROM ods.record" \
                "$MESSAGES|$MESSAGES|$SENT|$SENT|$MESSAGES" &&
                sql_is "SELECT count(*) FROM ods.event_key" "$SENT" &&
                sql_is "SELECT count(*) FROM dw.link WHERE unlinked_at IS NULL" "$SENT" &&
                sql_is "SELECT count(*) FROM dw.subject" "$SENT" &&
                sql_is "SELECT count(*) FROM dw.incident i WHERE version <> (SELECT count(*) FROM ops.outbox o WHERE o.incident = i.incident)" 0
}

# A correlator that has its partition: who only opens its connections would wait for the lock.
seated() {
        local before
        before=$(seats)
        process_up correlate correlate
        wait_for 60 "its seat" seats_since "$before"
}

kill_in_flight() {
        in_flight || return 1
        process_kill correlate
        hold_end
        all_once
}

statement_ends() {
        local before
        before=$(overs)
        in_flight || return 1
        owner "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE application_name = 'hub correlate' AND wait_event_type = 'Lock'" >/dev/null
        wait_for 60 "the correlator to start over" overs_since "$before" || return 1
        hold_end
        all_once
}

session_ends() {
        in_flight || return 1
        owner "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'hub correlate' AND wait_event_type = 'Lock'" >/dev/null
        hold_end
        all_once
}

# The first COMMIT from now on is refused when all its rows are written.
commit_refused() {
        local before
        before=$(overs)
        owner "CREATE SEQUENCE IF NOT EXISTS public.refusals; ALTER SEQUENCE public.refusals RESTART; GRANT USAGE ON SEQUENCE public.refusals TO PUBLIC;
        CREATE OR REPLACE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
                IF nextval('public.refusals') = 1 THEN RAISE SQLSTATE '40001' USING MESSAGE = 'refused at COMMIT'; END IF;
                RETURN NULL;
        END \$\$;
        DROP TRIGGER IF EXISTS refuse ON ops.outbox;
        CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON ops.outbox DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.refuse()" >/dev/null
        in_flight || return 1
        hold_end
        [ "${HUB_CONTROL:-}" ] || wait_for 60 "the correlator to start over" overs_since "$before" || return 1
        all_once
}

nobody_disturbed() {
        local before
        before=$(overs)
        in_flight || return 1
        hold_end
        all_once && [ "$(overs)" = "$before" ]
}

loses() { ! "$@" && log_read && sql_is "SELECT count(*) < $MESSAGES FROM ods.record" t; }

service_up kafka postgres
configure
hub_ready
MESSAGES=0
seated
check "an event that comes again in the batch behind is a duplicate, and nothing starts over for it" nobody_disturbed
check "killed with a batch in flight: every event once" kill_in_flight
check "the writing statement is ended: what was decided on it goes, every event once" statement_ends
check "the writing session is ended: every event once" session_ends
check "COMMIT refused: what was decided on it goes, every event once" commit_refused
process_down correlate

[ -x "$CONTROLS" ] || exit 0
HUB=$CONTROLS HUB_CONTROL=tag,compare
export HUB_CONTROL
seated
check "who neither sees a COMMIT refused nor compares the offset loses a batch" loses commit_refused
