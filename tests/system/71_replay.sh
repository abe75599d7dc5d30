#!/bin/bash
# The log decided again: the same rules give the same rows byte for byte, though the replay was killed; other rules give other incidents, which hub compare
# lists and hub promote puts in place while a correlator is at work. What operators joined or parted stays so.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/flow.sh"
export WIRE

exits() {
        local want=$1 code=0
        shift
        "$@" >"$TEST/said" 2>&1 || code=$?
        tail -n 40 "$TEST/said"
        [ "$code" -eq "$want" ]
}

says() {
        grep -q "$1" "$TEST/said"
}

next_offset() {
        sql "SELECT sum(next_offset) FROM ops.$1 WHERE topic = 'hub.events.v1' ${2:-}"
}

# Every column of every table of a generation but the epoch, as one hash a table.
hashes() {
        local table
        for table in $(sql "SELECT relname FROM pg_class WHERE relnamespace = '$1'::regnamespace AND relkind = 'r' ORDER BY 1"); do
                echo "$table $(sql "SELECT count(*), md5(string_agg((to_jsonb(t) - 'epoch')::text, E'\n' ORDER BY (to_jsonb(t) - 'epoch')::text COLLATE \"C\")) FROM $1.$table AS t")"
        done
}

same_hashes() {
        hashes dw_1 >"$TEST/one"
        hashes "$1" >"$TEST/two"
        cat "$TEST/one"
        diff "$TEST/one" "$TEST/two"
}

# The replay has written something, and is killed before its end.
killed_midway() {
        local pid reached
        HUB_DB_USER=hub_owner "$HUB" recorrelate --config "$TEST/small.yaml" >"$TEST/logs/killed.log" 2>&1 &
        pid=$!
        wait_for 30 "the replay to be under way" sql_is "SELECT max(next_offset) > 20 FROM ops.replay" t
        kill -KILL "$pid"
        wait "$pid" || true
        reached=$(next_offset replay)
        echo "killed at $reached of $(next_offset kafka_offset)"
        [ "$reached" -lt "$(next_offset kafka_offset)" ]
}

# ORDER is merge or split, on cases that the rules left apart or put together.
order() {
        local verb=$1 query=$2
        sql "$query" | tr '|' '\n' >"$TEST/named"
        mapfile -t named <"$TEST/named"
        hub command "$verb" "${named[@]}"
}

pairs_hold() {
        sql_is "SELECT count(*) FROM dw_$1.pair_rule p JOIN dw_$1.subject a ON a.zone = p.zone AND a.subject = p.one JOIN dw_$1.subject b ON
                b.zone = p.zone AND b.subject = p.other WHERE (p.rule = 'must') <> (a.incident = b.incident)" 0 &&
                sql_is "SELECT count(DISTINCT rule) FROM dw_$1.pair_rule" 2
}

flow_up 20 40
process_up correlate correlate
process_up relay relay
flow_played
wait_for 60 "every event in the warehouse" stored_all "$TEST/play/events.csv"
check "a merge" order merge "SELECT min(founding), max(founding) FROM dw.incident WHERE closed IS NULL AND reports > 0"
check "a split" order split "SELECT max(last_event) FROM dw.subject GROUP BY incident HAVING count(*) > 2 ORDER BY incident LIMIT 1"
flow_down correlate relay

sed 's/^zones: .*/&\ncorrelate: { batch_events: 7 }/' "$HUB_CONFIG" >"$TEST/small.yaml"
cp -r "$HUB_CLONE/deploy/config/"{zones.yaml,devices,regions} "$TEST/"
check "a replay is killed midway" killed_midway
check "and goes on" exits 0 hub recorrelate
check "not from the start" says "generation 2: [0-9]* records"
check "there are incidents to compare" sql_is "SELECT count(*) > 30 FROM dw_1.incident" t
check "the same rules: the same rows in every table" same_hashes dw_2
check "hub compare finds no difference" exits 0 hub compare
check "nothing of it is published" sql_is "SELECT count(*) FROM ops.outbox WHERE epoch > 1" 0
