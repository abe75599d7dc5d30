#!/bin/bash
# The warehouse's schema: made once however many ask at once, every column explained, each role with its rights only, months as Shanghai counts them;
# and the queries that we ship answer, on rows whose answer is known by hand.
set -euo pipefail
# shellcheck source=../lib/services.sh
. "$(dirname "$0")/../lib/services.sh"
HERE=$HUB_CLONE/tests/system

# Four at once on an empty database: all succeed, each file is applied by one of them.
migrate_together() {
        local number pids=()
        for number in 1 2 3 4; do
                hub migrate >"$TEST/migrate-$number" 2>&1 &
                pids+=($!)
        done
        for number in "${pids[@]}"; do wait "$number" || { cat "$TEST"/migrate-*; return 1; }; done
        [ "$(cat "$TEST"/migrate-* | grep -c '^applied ')" -eq "$(find "$HUB_CLONE/schemas/sql" -name '[0-9]*.sql' | wc -l)" ]
}

# A month whose rows lie in the default partition cannot be made: that must be said, or nobody finds out.
month_missed() {
        sql "DO \$\$ BEGIN EXECUTE format('DROP TABLE ods.record_p%s', to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YYYYMM')); END \$\$;
                INSERT INTO ods.record (topic, partition, \"offset\", received, verdict) VALUES ('t', 0, 1, now(), 'tick')"
        hub migrate >"$TEST/missed" 2>&1
        grep -q "ods.record_default holds rows of a month.*\"month\": *\"$(TZ=Asia/Shanghai date +%Y-%m)\"" "$TEST/missed" || { cat "$TEST/missed"; return 1; }
}

# query NAME: as whoever may ask it.
query() {
        local user=analyst
        [ "$1" != ledger_by_hour ] || user=api
        postgres_sql "$HUB_PORT_POSTGRES" "$HUB_SECRETS" "$user" -f "$HUB_CLONE/deploy/queries/$1.sql"
}

answers() {
        query "$1" >"$TEST/answer" && diff - "$TEST/answer" <<<"$2"
}

service_up postgres
postgres_database "$HUB_PORT_POSTGRES" "$HUB_SECRETS"
check "four hub migrate at once" migrate_together
postgres_logins "$HUB_PORT_POSTGRES" "$HUB_SECRETS"
check "comments, rights, months" /usr/bin/python3 "$HERE/lib/schema.py"
{ postgres_login officer "$(postgres_secret "$HUB_SECRETS" officer)"; echo "GRANT hub_privacy TO officer;"; } | postgres_sql "$HUB_PORT_POSTGRES" "$HUB_SECRETS" postgres -f -
check "every role, every table, every verb" /usr/bin/python3 "$HERE/lib/rights.py"
check "two live generations are refused" [ "$(sql "INSERT INTO ops.generation VALUES (2, 2, true)" 2>&1 | grep -c generation_one_live)" = 1 ]
check "a missed month is said" month_missed
MONTH=record_p$(TZ=Asia/Shanghai date +%Y%m)
check "and in hub status" grep -q '^default  *1 records of months that have no partition' <(hub status)
check "its rows are moved into it" test "$(hub warehouse months)" = "$MONTH: 1 records"
check "nothing is left, nothing is lost" sql_is "SELECT count(*), min(tableoid::regclass::text) FROM ods.record WHERE topic = 't'" "1|ods.$MONTH"
check "and what comes goes there" sql_is "INSERT INTO ods.record (topic, partition, \"offset\", received, verdict) VALUES ('t', 0, 2, now(), 'tick') RETURNING tableoid::regclass::text" "ods.$MONTH"

sql "$(cat "$HERE/lib/queries.sql")"
check "who is first, who is last" answers first_and_last 'p01|2|1|1|30.0
p09|2|1|1|90.0'
check "why they stand together" answers why_joined '20240102-BBBBBBBB|p01::2|p09::1:1|1500|distance|12|1200
20240102-BBBBBBBB|p01::2|p09::1:1|1500|age|30|300'
check "how many become one" answers compression '2024-01-02|2|3|1.50|1
2024-01-06|1|2|2.00|1'
check "where it comes back" answers repeat_spots '20240102-BBBBBBBB|店外经营|枋湖路|2024-01-03 12:00:00+08|1|2024-01-06 08:00:00+08|21.6'
check "the ledger by hour" answers ledger_by_hour 'cam|2024-01-02 08:00:00+08|2|5|5|3|1|1|0|0'
