#!/bin/bash
# The log decided again: the same rules give the same rows byte for byte, though the replay was killed; other rules give other incidents, which hub compare
# lists and hub promote puts in place while a correlator is at work. What operators joined or parted stays so.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/flow.sh"
. "$(dirname "$0")/lib/tables.sh"
export WIRE

says() {
        grep -q "$1" "$TEST/said"
}

next_offset() {
        sql "SELECT sum(next_offset) FROM ops.$1 WHERE topic = 'hub.events.v1' ${2:-}"
}

# Every column of every table of a generation but the epoch, as one hash a table.
hashes() {
        local table
        for table in $(schema_tables "$1"); do echo "$table $(table_hash "$1.$table" '{epoch}')"; done
}

same_hashes() {
        local table rest
        hashes "$1" >"$TEST/one"
        hashes "$2" >"$TEST/two"
        cat "$TEST/one"
        while read -r table rest; do
                grep -qxF "$table $rest" "$TEST/two" && continue
                table_rows "$1.$table" '{epoch}' >"$TEST/rows-one"
                table_rows "$2.$table" '{epoch}' >"$TEST/rows-two"
                diff "$TEST/rows-one" "$TEST/rows-two" | head -n 6
        done <"$TEST/one"
        diff "$TEST/one" "$TEST/two"
}

promote_blocked() {
        sql_is "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'hub promote' AND wait_event_type = 'Lock'" t
}

# Somebody reads a view in a long transaction, so that promote stands before its end; there it is killed.
promote_killed() {
        local pid sleeper
        sql "BEGIN; SELECT count(*) FROM dw.suggestion; SELECT pg_sleep(120); COMMIT" >/dev/null 2>&1 &
        sleeper=$!
        wait_for 30 "the reader" sql_is "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'PgSleep'" t
        HUB_DB_USER=hub_owner "$HUB" promote >"$TEST/logs/promote-killed.log" 2>&1 &
        pid=$!
        wait_for 30 "promote to wait for the reader" promote_blocked
        kill -KILL "$pid"
        wait "$pid" || true
        sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'" >/dev/null
        wait "$sleeper" || true
        wait_for 30 "its session to end" sql_is "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hub promote'" 0
        [ "$(hub epoch)" = 1 ] && sql_is "SELECT ops.live_generation()" 1 && sql_is "SELECT max(epoch) FROM ops.outbox" 1
}

# The replay has written something, and is killed before its end.
killed_midway() {
        local pid reached
        HUB_DB_USER=hub_owner "$HUB" recorrelate --config "$TEST/small.yaml" >"$TEST/logs/killed.log" 2>&1 &
        pid=$!
        wait_for 30 "the replay to be under way" sql_is "SELECT max(next_offset) > 20 FROM ops.replay WHERE generation = 3" t
        kill -KILL "$pid"
        wait "$pid" || true
        reached=$(next_offset replay "AND generation = 3")
        echo "killed at $reached of $(next_offset kafka_offset)"
        [ "$reached" -lt "$(next_offset kafka_offset)" ]
}

# ORDER is merge or split, on cases that the rules left apart or put together.
order() {
        local verb=$1 query=$2
        sql "$query" | tr '|' '\n' >"$TEST/named"
        mapfile -t named <"$TEST/named"
        hub command "$verb" "${named[@]}" | tee "$TEST/outcome"
        grep -q '^done ' "$TEST/outcome"
}

# An open incident goes to whoever is to act; what was seen is checked.
assigned() {
        IFS='|' read -r incident version event < <(sql "SELECT incident, version, founding FROM dw.incident WHERE closed IS NULL AND reports > 0 AND version > 1 ORDER BY incident LIMIT 1")
        hub command assign "$event" --org 禾山中队 --note "尽快，电话13812345678" --expect "$incident:$version" | tee "$TEST/outcome" && grep -q '^done ' "$TEST/outcome" &&
                sql_is "SELECT assigned_to, assigned_by, assigned_at = (SELECT at FROM ops.command WHERE verb = 'assign' AND outcome = 'done')
                        FROM dw.incident WHERE incident = '$incident'" "禾山中队|user:operator|t" &&
                sql_is "SELECT payload::json #>> '{assigned_to,org}', payload::json #>> '{assigned_to,by}', payload::json #>> '{assigned_to,at}' = ops.time_text(at)
                        FROM ops.outbox o JOIN ops.command c USING (incident) WHERE c.verb = 'assign' AND c.outcome = 'done' AND payload::json ->> 'change' = 'assigned'" "禾山中队|user:operator|t" &&
                sql_is "SELECT note, args::json ->> 'org' FROM ops.command WHERE verb = 'assign' AND outcome = 'done'" "尽快，电话***********|禾山中队"
}

# Its first version is long gone.
stale() {
        local code=0
        hub command close "$event" --expect "$incident:1" >"$TEST/outcome" || code=$?
        cat "$TEST/outcome"
        [ "$code" = 1 ] && grep -q '^refused: stale' "$TEST/outcome"
}

# The last merge is undone: its two cases stand apart again, no pair is left, and every case has one link that lives.
taken_back() {
        local standing="SELECT count(DISTINCT incident) FROM dw.subject WHERE '${named[0]}' LIKE subject || ':%' OR '${named[1]}' LIKE subject || ':%'"
        sql_is "$standing" 1 && hub command undo "$(sed 's/.*(\(cmd:.*\))$/\1/' "$TEST/outcome")" && sql_is "$standing" 2 &&
                sql_is "SELECT count(*) FROM dw_1.pair_rule" 0 && one_link_each
}

one_link_each() {
        sql_is "SELECT count(*) FROM dw.subject s WHERE 1 <> (SELECT count(*) FROM dw.link l WHERE l.zone = s.zone AND l.subject = s.subject AND
                l.unlinked_at IS NULL AND l.incident = s.incident)" 0
}

# Those of the live generation are in the other too, be it that a command found nothing to do there; and they hold.
pairs_hold() {
        sql_is "SELECT count(*) FROM (SELECT one, other, rule, command FROM dw_1.pair_rule EXCEPT SELECT one, other, rule, command FROM dw_$1.pair_rule) AS p" 0 &&
                sql_is "SELECT count(*) FROM dw_$1.pair_rule p JOIN dw_$1.subject a ON a.zone = p.zone AND a.subject = p.one JOIN dw_$1.subject b ON
                b.zone = p.zone AND b.subject = p.other WHERE (p.rule = 'must') <> (a.incident = b.incident)" 0 &&
                sql_is "SELECT count(DISTINCT rule) FROM dw_$1.pair_rule" 2
}

configure() {
        local name
        cp -r "$HUB_CLONE/deploy/config/"{zones.yaml,devices,regions,gazetteer} "$HUB_CLONE/schemas/"{categories,words}.yaml "$TEST/"
        cp "$HUB_CLONE/schemas/rules.yaml" "$TEST/rules-1.yaml"
        # nothing joins: a split finds nothing to part, and yet parts for ever
        sed 's/^merge: .*/merge: 90000/' "$TEST/rules-1.yaml" >"$TEST/rules-2.yaml"
        for name in 1 2; do
                sed "s,^zones: .*,&\\ncorrelate: { rules: $TEST/rules-$name.yaml }," "$HUB_CONFIG" >"$TEST/config-$name.yaml"
        done
        sed "s,^zones: .*,&\\ncorrelate: { rules: $TEST/rules-2.yaml\, batch_events: 7 }," "$HUB_CONFIG" >"$TEST/small.yaml"
        cp "$TEST/config-1.yaml" "$TEST/hub.yaml"
        HUB_CONFIG=$TEST/hub.yaml
        export HUB_CONFIG
}

centre() {
        /usr/bin/python3 "$HERE/lib/centre.py" "$@"
}

configure
flow_up 60 50
process_up correlate correlate
process_up relay relay
wait_for 120 "some reports" sql_is "SELECT count(*) > 80 FROM ods.record WHERE kind = 'report'" t
wait_for 60 "an assignment of what was seen" assigned
check "rows tell it as the correlator did" /usr/bin/python3 "$HERE/lib/payloads.py"
check "a command on what has changed since is refused" stale
check "a merge that is taken back" order merge "SELECT min(founding), max(founding) FROM dw.incident WHERE closed IS NULL AND reports > 0"
check "leaves all as it was" taken_back
check "a merge" order merge "SELECT min(founding), max(founding) FROM dw.incident WHERE closed IS NULL AND reports > 0"
check "a split" order split "SELECT max(last_event) FROM dw.subject GROUP BY incident HAVING count(*) > 2 AND NOT bool_or(subject IN
        (SELECT one FROM dw_1.pair_rule UNION SELECT other FROM dw_1.pair_rule)) ORDER BY incident LIMIT 1"
check "other rules" exits_said 0 hub recorrelate --rules "$TEST/rules-2.yaml"
check "hub compare lists what would part" exits_said 3 hub compare
check "by incident" says '^part E[0-9]* i-[0-9a-z]*: i-[0-9a-z]* i-'
check "and as JSON" exits_said 3 hub compare --json --limit 1
check "what operators said holds under other rules" pairs_hold 2
check "recorrelate with others refuses" exits_said 2 hub recorrelate
check "promote wants the configuration to name the rules" exits_said 2 hub promote
cp "$TEST/config-2.yaml" "$HUB_CONFIG"
check "promote killed before its end changes nothing" promote_killed
check "promote while reports come" exits_said 0 hub promote
sql "SELECT sum(next_offset) FROM ops.kafka_offset WHERE topic = 'hub.events.v1'" >"$TEST/promoted"
check "the epoch is raised" [ "$(hub epoch)" = 2 ]
check "analysts see the other generation" sql_is "SELECT count(*) > 0 AND bool_and(pg_get_viewdef(oid) LIKE '%dw_2.%') AND
        NOT bool_or(pg_get_viewdef(oid) LIKE '%dw_1.%') FROM pg_class WHERE relnamespace = 'dw'::regnamespace AND relkind = 'v'" t
hashes dw_1 >"$TEST/old"
centre read
flow_played
wait_for 60 "every event in the warehouse" stored_all "$TEST/play/events.csv"
check "reports came after it" [ "$(next_offset kafka_offset)" -gt "$(cat "$TEST/promoted")" ]
flow_down correlate relay
check "the correlator ended for it, and started again" grep -q "another generation is live" "$TEST/logs/correlate.log"
hashes dw_1 >"$TEST/old-later"
check "nothing was written into the old one" diff "$TEST/old" "$TEST/old-later"
check "every case has one link that lives" one_link_each
centre read
check "a command centre has the warehouse's state" centre same
check "the incident topic equals the outbox" /usr/bin/python3 "$HERE/lib/outbox.py"
check "the ledger balances" hub audit --wait 30s

check "a replay under the same rules is killed midway" killed_midway
check "and goes on" exits_said 0 hub recorrelate
check "there are incidents to compare" sql_is "SELECT count(*) > 30 FROM dw.incident" t
check "the same rules: the same rows in every table" same_hashes dw_2 dw_3
check "the old generation is gone" sql_is "SELECT to_regnamespace('dw_1') IS NULL" t
check "hub compare finds no difference" exits_said 0 hub compare
check "nothing of it is published" sql_is "SELECT count(*) FROM ops.outbox WHERE epoch > 2" 0
