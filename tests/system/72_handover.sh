#!/bin/bash
# Three correlators share the partitions of one log under random blows: they are killed in a batch, stopped and started, cut off from PostgreSQL, frozen
# until another has taken their work. In the end the warehouse holds what one correlator alone makes of the log, row for row; and what operators joined or
# parted stands so after 10,000 events that would undo it. HUB_SEED repeats the log and the order of the blows.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/tables.sh"
export WIRE PYTHONPATH=$HUB_CLONE/tests/property HUB_LOOP_WAIT=1

SEED=${HUB_SEED:-$RANDOM}
RANDOM=$SEED
LOG=$TEST/log
NAMES=(correlate-1 correlate-2 correlate-3)
BLOWS=(kill kill kill kill kill kill kill cut cut cut freeze freeze freeze leave leave leave leave join join join join)
declare -A HERE_NOW

# A short batch makes more of them, so that a blow finds one; the outcome does not depend on it.
configure() {
        local name size
        cp "$LOG/zones.yaml" "$TEST/zones.yaml"
        config_head >"$TEST/hub.yaml"
        for name in "${NAMES[@]}"; do
                case $name in *1) size=10 ;; *2) size=20 ;; *) size=30 ;; esac
                sed "s/^zones: .*/&\ncorrelate: { batch_events: $size }/" "$TEST/hub.yaml" >"$TEST/$name.yaml"
        done
        export HUB_CONFIG=$TEST/hub.yaml
}

names_here() {
        printf '%s\n' "${!HERE_NOW[@]}" | sort
}

# start NAME, stop NAME: a correlator joins; it leaves, and gives its partitions back.
start() {
        HERE_NOW[$1]=1
        process_up "$1" correlate --config "$TEST/$1.yaml"
}

stop() {
        unset "HERE_NOW[$1]"
        process_down "$1"
}

one_of() {
        local all=("$@")
        ONE=${all[RANDOM % ${#all[@]}]}
}

away() {
        local name
        for name in "${NAMES[@]}"; do [ -n "${HERE_NOW[$name]:-}" ] || echo "$name"; done
}

join() {
        # shellcheck disable=SC2046
        if [ ${#HERE_NOW[@]} -lt ${#NAMES[@]} ]; then one_of $(away) && start "$ONE" && echo "join: $ONE"; fi
}

leave() {
        if [ ${#HERE_NOW[@]} -lt 2 ]; then
                join
        else
                # shellcheck disable=SC2046
                one_of $(names_here) && stop "$ONE" && echo "leave: $ONE"
        fi
}

read_so_far() {
        sql "SELECT sum(next_offset) FROM ops.kafka_offset WHERE topic = 'hub.events.v1'"
}

reached() {
        [ "$(read_so_far)" -ge "$1" ]
}

# Partitions with so much to do that it is not done before a blow falls.
unread() {
        sql "SELECT partition || ' ' || next_offset FROM ops.kafka_offset WHERE topic = 'hub.events.v1'" |
                awk 'NR == FNR { high[$1] = $3; next } high[$1] > $2 + 400 { print $1 }' "$TEST/high" - | sort -n
}

# A blow to the owner of a partition; somebody must be there to take over from him.
blow() {
        local partitions
        case $1 in join | leave) "$1"; return ;; esac
        [ ${#HERE_NOW[@]} -gt 1 ] || join
        mapfile -t partitions < <(unread)
        [ ${#partitions[@]} -gt 0 ] || { echo "$1: the log is read already"; return 1; }
        one_of "${partitions[@]}"
        # shellcheck disable=SC2046
        /usr/bin/python3 "$HERE/lib/handover.py" "$1" "$ONE" $(names_here)
}

shuffled() {
        local i j all=("$@")
        for ((i = ${#all[@]} - 1; i > 0; i--)); do
                j=$((RANDOM % (i + 1)))
                ONE=${all[i]} all[i]=${all[j]} all[j]=$ONE
        done
        ORDER=("${all[@]}")
}

# All over the log, but for its end.
handed_over() {
        local kind due before=-1 number=0 missed=0
        for kind in "${NAMES[@]}"; do start "$kind"; done
        shuffled "${BLOWS[@]}"
        for kind in "${ORDER[@]}"; do
                due=$((HIGH * number / (${#BLOWS[@]} + 5)))
                [ "$due" -gt "$before" ] || due=$((before + 1))
                wait_for 60 "the log to be read on" reached "$due" || return 1
                before=$(read_so_far)
                blow "$kind" || missed=$((missed + 1))
                number=$((number + 1))
        done
        echo "the last blow fell at $(read_so_far) of $HIGH"
        [ "$missed" -le 1 ] && ! reached "$HIGH"
}

# The same code without Kafka and PostgreSQL; what is no event it says, and goes on. And what it makes of the first zone's log, which has its partition
# alone, without its commands.
decided() {
        local number
        for number in 0 1 2 3 4 5; do
                hub tail events --partition "$number" --from 0 --until-end >"$TEST/log-$number"
                exits 4 hub decide <"$TEST/log-$number" 2>/dev/null || return 1
        done >"$TEST/decided"
        grep -v '"kind": "command"' "$TEST/log-0" | exits 4 hub decide >"$TEST/plain" 2>/dev/null
}

# What must not depend on who decided: every table of the generation, the log, and the outbox in the order of each zone.
WITHOUT='{seq,feed,published_at,committed_at,decided_at}'
tables() {
        schema_tables dw_1 | sed 's/^/dw_1./'
        printf '%s\n' ods.record ods.event_key ops.kafka_offset ops.rules ops.command ops.tick ops.rejected \
                '(SELECT *, row_number() OVER (PARTITION BY zone ORDER BY seq) AS place FROM ops.outbox)'
}

same_tables() {
        local table one two code=0
        while read -r table; do
                one=$(PGDATABASE=alone table_hash "$table" "$WITHOUT")
                two=$(table_hash "$table" "$WITHOUT")
                echo "$table: ${one%|*} rows"
                [ "$one" != "$two" ] || continue
                code=1
                PGDATABASE=alone table_rows "$table" "$WITHOUT" >"$TEST/rows-one"
                table_rows "$table" "$WITHOUT" >"$TEST/rows-two"
                diff "$TEST/rows-one" "$TEST/rows-two" | cut -c1-2000 | head -n 6 || true
        done < <(tables)
        return "$code"
}

echo "seed $SEED: HUB_SEED=$SEED repeats the log and the order of the blows"
service_up kafka postgres
/usr/bin/python3 "$HERE/lib/districts.py" "$HUB_CLONE" "$LOG" "$SEED"
configure
hub_ready
"$WIRE" load "$BROKERS" hub.events.v1 <"$LOG/events.tsv"
"$WIRE" load "$BROKERS" hub.rejected.v1 <"$LOG/rejected.tsv"
"$WIRE" watermarks "$BROKERS" hub.events.v1 >"$TEST/high"
HIGH=$(awk '{ sum += $3 } END { print sum }' "$TEST/high")

began=$SECONDS
process_up correlate correlate
check "hub decide on each partition meanwhile" decided
wait_for 120 "the log to be read" log_read
process_down correlate
echo "one correlator: $HIGH records, $((SECONDS - began)) s"
PGDATABASE=postgres SQL_USER=postgres sql "ALTER DATABASE hub RENAME TO alone"

hub_ready
began=$SECONDS
check "blows fall while the log is read" handed_over
wait_for 120 "the log to be read" log_read
for name in "${NAMES[@]}"; do process_down "$name"; done
echo "three under blows: $((SECONDS - began)) s"
check "they hurt" /usr/bin/python3 "$HERE/lib/handover.py" told 12 6 "${NAMES[@]}"
check "commands were obeyed, but for the merge of what was split before" sql_is "SELECT verb, outcome, left(reason, 25), count(*) FROM ops.command
        GROUP BY 1, 2, 3 ORDER BY 1, 2" "$(printf '%s\n' 'merge|done||7' 'merge|refused|was split by an operator:|7' 'split|done||7')"
check "row for row what one correlator makes of it" same_tables

check "hub decide gives the incidents that PostgreSQL holds" /usr/bin/python3 "$HERE/lib/pairs.py" log/truth.csv 0 --decisions "$TEST/decided"
check "what operators said holds" /usr/bin/python3 "$HERE/lib/stands.py" "$LOG/operators.json" 10000 "$TEST/plain"
