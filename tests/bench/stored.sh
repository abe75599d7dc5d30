# shellcheck shell=bash
# tests/bench/run --only correlate and tests/bench/paper: what it takes to store a log, in time and on disk, beside what PostgreSQL itself takes.

now() {
        date +%s%N
}

# rate TEXT COUNT BEGIN END: COUNT events between two times.
rate() {
        awk -v text="$1" -v count="$2" -v begin="$3" -v end="$4" 'BEGIN {
                printf "%-44s %9.0f events/s   (%d in %.2f s)\n", text, count / ((end - begin) / 1e9), count, (end - begin) / 1e9 }'
}

read_to_end() {
        sql_is "SELECT next_offset FROM ops.kafka_offset WHERE topic = 'hub.events.v1' AND partition = 0" \
                "$("$WIRE" watermarks "$BROKERS" hub.events.v1 | awk '$1 == 0 { print $3 }')"
}

# processor_s PID...: the seconds of processor that they have had.
processor_s() {
        local pid
        for pid in "$@"; do sed 's/.*) //' "/proc/$pid/stat"; done | awk -v hz="$(getconf CLK_TCK)" '{ ticks += $12 + $13 } END { printf "%.2f", ticks / hz }'
}

bench_correlate() {
        local begin end count empty
        empty=$(sql "SELECT pg_database_size('hub')")
        begin=$(now)
        process_up correlate correlate
        wait_for 600 "the log to be read" read_to_end
        end=$(now)
        count=$(sql "SELECT count(*) FROM ods.record WHERE verdict = 'stored'")
        rate "correlate into PostgreSQL, one process" "$count" "$begin" "$end"
        CORRELATE=$((end - begin))
        # shellcheck disable=SC2046
        echo "                                             processor: correlator $(processor_s $(awk '{ print $1 }' "$TEST/run/correlate.pid")) s," \
                "its sessions in PostgreSQL $(processor_s $(sql "SELECT pid FROM pg_stat_activity WHERE usename = 'correlator'")) s"
        process_down correlate
        echo "                                             per event: $(sql "SELECT round(count(*)::numeric / $count, 2) FROM ops.outbox") versions," \
                "$(sql "SELECT (pg_database_size('hub') - $empty) / $count") bytes on disk (limit 4000), of $(sql "SELECT count(*) FROM dw.incident") incidents"
        disk "$count"
}

# disk EVENTS: the bytes an event of each table, those of its indexes among them.
disk() {
        sql "SELECT format('%-44s %9s bytes, of it indexes %s', '', round(sum(pg_total_relation_size(c.oid)) / $1), round(sum(pg_indexes_size(c.oid)) / $1)) || '   ' || n.nspname || '.'
                    || regexp_replace(c.relname, '_p[0-9]{6}$', '')
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname ~ '^(ods|ops|dw_[0-9]+)$'
             GROUP BY n.nspname, regexp_replace(c.relname, '_p[0-9]{6}$', '') HAVING sum(pg_total_relation_size(c.oid)) / $1 >= 10 ORDER BY sum(pg_total_relation_size(c.oid)) DESC"
}

# The same rows as bare COPY into staging tables and INSERT from there, in batches of 1,000 events, into tables of the same
# form and indexes: what PostgreSQL itself takes.
bench_copy() {
        local begin end
        /usr/bin/python3 "$BENCH/bare_copy.py" prepare "$TEST"
        begin=$(now)
        /usr/bin/python3 "$BENCH/bare_copy.py" load "$TEST"
        end=$(now)
        rate "the same rows by bare staged COPY" "$(sql "SELECT count(*) FROM ods.record WHERE verdict = 'stored'")" "$begin" "$end"
        awk -v a="$CORRELATE" -v b=$((end - begin)) 'BEGIN { printf "%-44s %9.2f\n", "ratio: time of correlate / time of bare COPY", a / b }'
}
