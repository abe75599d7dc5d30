#!/bin/bash
# A database of any age becomes today's, with what it holds: from nothing, and from each stage that was once the newest, with rows in it, by two hub migrate at once.
# What comes of it is the schema of a new database, to the letter, and the indicators count the old case. UPGRADE_FROM: the stages, or all.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
OLD_SCHEMAS=$TEST/schemas
UPGRADE_FROM=${UPGRADE_FROM:-005 060 095 130 148}

# From 005 on there are all the tables of a case.
stages() {
        if [ "$UPGRADE_FROM" = all ]; then find "$HUB_CLONE/schemas/sql" -name '[0-9]*.sql' -printf '%f\n' | cut -c1-3 | sort | sed -n '/^005$/,$p'; else printf '%s\n' $UPGRADE_FROM; fi
}

as_postgres() {
        PGPASSWORD=$(cat "$HUB_SECRETS/postgres-postgres") "$@" -h 127.0.0.1 -p "$HUB_PORT_POSTGRES" -U postgres
}

database_new() {
        as_postgres psql -qd postgres -c "DROP DATABASE IF EXISTS hub WITH (FORCE)"
        postgres_database "$HUB_PORT_POSTGRES" "$HUB_SECRETS"
}

# stage NUMBER: a database as it was when the file of that number was the newest.
stage() {
        local file
        rm -rf "$OLD_SCHEMAS"
        cp -r "$HUB_CLONE/schemas" "$OLD_SCHEMAS"
        for file in "$OLD_SCHEMAS"/sql/*.sql; do
                [[ $(basename "$file") < "${1}_z" ]] || rm "$file"
        done
        database_new
        HUB_SCHEMAS=$OLD_SCHEMAS hub migrate >"$TEST/logs/stage.log" 2>&1 || { cat "$TEST/logs/stage.log"; return 1; }
}

# One case, reported, filed and closed in time: its rows as a correlator of any age wrote them, in the columns that there are.
rows() {
        sql "$(cat <<'END'
DO $$
DECLARE
        place text;
        value jsonb;
        columns text;
BEGIN
        PERFORM meta.ensure_month('ods.record', '2024-02-01 12:00+08');
        FOR place, value IN SELECT * FROM (VALUES
                ('ops.kafka_offset', '{"topic": "hub.events.v1", "partition": 0, "first_offset": 0, "next_offset": 1, "committed_at": "2024-02-01T12:00:00+08:00"}'::jsonb),
                ('ods.event_key', '{"zone": "350206", "id": "p12::1:1"}'),
                ('ods.record', jsonb_build_object('topic', 'hub.events.v1', 'partition', 0, 'offset', 0, 'run', 'r', 'seq', 1, 'id', 'p12::1:1', 'subject', 'p12::1', 'kind', 'report', 'zone', '350206',
                        'platform', 'p12', 'instance', 'grid', 'received', '2024-02-01T12:00:00+08:00', 'occurred', '2024-02-01T09:00:00+08:00', 'category', 'E0504', 'verdict', 'stored', 'text',
                        '{"id":"p12::1:1","subject":"p12::1","kind":"report","platform":"p12","zone":"350206","time":{"occurred":"2024-02-01T01:00:00.000Z","reported":"2024-02-01T01:00:00.000Z","updated":"2024-02-01T03:00:00.000Z","closed":"2024-02-01T03:00:00.000Z","deadline":"2024-02-06T01:00:00.000Z","received":"2024-02-01T04:00:00.000Z"},"status":{"state":"closed","outcome":"done"},"category":{"code":"E0504","method":"code"},"title":"t"}')),
                ('dw_1.zone', '{"zone": "350206", "state": "{\"time\": 1706760000000}"}'),
                ('dw_1.incident', '{"incident": "i-1", "zone": "350206", "number": "20240201-1", "epoch": 1, "version": 1, "state": "closed", "severity": "low", "category": "E0504", "category_name": "店外经营",
                        "title": "旧案", "opened": "2024-02-01T09:00:00+08:00", "updated": "2024-02-01T11:00:00+08:00", "closed": "2024-02-01T11:00:00+08:00", "founding": "p12::1:1", "reports": 1,
                        "platforms": ["p12"], "rules": "r", "candidate_until": 1706760000000, "kept_until": 1706760000000, "correlator": "{}"}'),
                ('dw_1.subject', '{"zone": "350206", "subject": "p12::1", "incident": "i-1", "platform": "p12", "first_event": "p12::1:1", "last_event": "p12::1:1", "state": "closed", "severity": "low",
                        "category": "E0504", "title": "旧案", "occurred": "2024-02-01T09:00:00+08:00", "active": true, "correlator": "{\"number\": 1}"}'),
                ('dw_1.link', '{"zone": "350206", "subject": "p12::1", "incident": "i-1", "partition": 0, "offset": 0, "event": "p12::1:1", "linked_at": "2024-02-01T12:00:00+08:00", "linked_by": "rules",
                        "decision": "new", "reasons": [{"feature": "age", "value": "30", "points": 300}], "refused": [], "rules": "r", "doubtful": false}'),
                ('dw_1.incident_status', '{"incident": "i-1", "epoch": 1, "version": 1, "change": "opened", "state": "closed", "at": "2024-02-01T12:00:00+08:00", "cause": "p12::1:1"}'),
                ('ops.outbox', '{"zone": "350206", "incident": "i-1", "epoch": 1, "version": 1, "payload": "{}"}'),
                ('ops.rejected', '{"topic": "hub.rejected.v1", "partition": 0, "offset": 0, "stage": "adapter", "reason": "bad_time", "received": "2024-02-01T12:00:00+08:00"}')) AS v (place, value) LOOP
                SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
                WHERE attrelid = place::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity = '' AND value ? attname;
                EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM jsonb_populate_record(NULL::%s, $1)', place, columns, columns, place) USING value;
        END LOOP;
END $$
END
)"
}

migrate_two() {
        local one
        hub migrate >"$TEST/one" 2>&1 &
        one=$!
        hub migrate >"$TEST/two" 2>&1 || { cat "$TEST/two"; return 1; }
        wait "$one" || { cat "$TEST/one"; return 1; }
        [ "$(cat "$TEST/one" "$TEST/two" | grep -c '^applied ')" -eq "$1" ]
}

# The partitions are those of the data; the order of columns is that of their coming.
schema() {
        as_postgres pg_dump -d hub --schema-only | grep -v '^\\\(un\)\?restrict\|record_p2024' >"$1"
}

service_up postgres
database_new
check "from nothing" hub migrate >"$TEST/logs/migrate.log"
FILES=$(grep -c '^applied ' "$TEST/logs/migrate.log")
sql "SELECT meta.ensure_month('ods.record', '2024-02-01 12:00+08')" >/dev/null
schema "$TEST/today"
for number in $(stages); do
        check "a database of $number" stage "$number"
        check "with what it holds" rows
        check "two hub migrate bring $number up, each file once" migrate_two $((FILES - $(sql "SELECT count(*) FROM meta.schema_version")))
        check "all files" sql_is "SELECT count(*) FROM meta.schema_version" "$FILES"
        check "its incident is there" sql_is "SELECT title, reports, kept_day FROM dw.incident JOIN dw_1.incident i USING (incident, title, reports)" "旧案|1|19754"
        check "and why" sql_is "SELECT reasons -> 0 ->> 'feature' FROM dw.link" age
        check "it can be told" sql_is "SELECT ops.version_payload('i-1', 1, 'updated')::json ->> 'title'" 旧案
        check "the indicators count it" sql_is "SELECT (mart.refresh()).cases; SELECT inst_num, archive_num, intime_archive_num FROM mart.case_flags" $'1\n1|1|1'
        check "the log, the outbox and what was rejected are as they were" sql_is "SELECT (SELECT count(*) FROM ods.record), (SELECT count(*) FROM ops.outbox), (SELECT count(*) FROM ops.rejected)" "1|1|1"
        schema "$TEST/upgraded"
        check "the schema of $number is that of a new database" diff "$TEST/upgraded" "$TEST/today"
done
