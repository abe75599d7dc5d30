#!/bin/bash
# Somebody else's table, whose owner works on it: rows committed late, an hour too late, without a time, changed by hand, all at once; marked as
# deleted and deleted; while the adapter is killed, its sessions are cut and the whole server falls. In the end the last state of every row that is there is in the
# warehouse once, and each that is gone is said to be gone, once. Over TLS, as a user who may only read. ROWS_CHANGES changes its size.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"

export HUB_LOOP_WAIT=0.2
owner() { PGDATABASE=${OWNED:-vendors} postgres_sql "$HUB_PORT_POSTGRES" "$HUB_SECRETS" postgres "$@"; }

# The server's certificate signs itself; verify-full wants the address in it.
tls_on() {
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=vendors -addext subjectAltName=IP:127.0.0.1 \
                -keyout "$TEST/server.key" -out "$TEST/server.crt" 2>/dev/null
        cp "$TEST/server.key" "$TEST/server.crt" "$TEST/postgres/data/"
        chmod 0600 "$TEST/postgres/data/server.key"
        user_own postgres "$TEST/postgres/data"
        OWNED=postgres owner -c "ALTER SYSTEM SET ssl = on" -c "SELECT pg_reload_conf()" >/dev/null
}

owner_make() {
        secret_make "$HUB_SECRETS/postgres-reader"
        OWNED=postgres owner -c "CREATE DATABASE vendors"
        owner -f - <<END
CREATE SCHEMA vendors;
CREATE TABLE vendors.stall_case (id text PRIMARY KEY, version integer, is_delete boolean, updated_at timestamp without time zone);
CREATE INDEX ON vendors.stall_case (updated_at, id);
CREATE ROLE reader LOGIN PASSWORD '$(cat "$HUB_SECRETS/postgres-reader")';
GRANT USAGE ON SCHEMA vendors TO reader;
GRANT SELECT ON vendors.stall_case TO reader;
END
}

# instance NAME CERTIFICATES
instance() {
        cat <<END
  $1:
    adapter: grid
    platform: p13
    source:
      kind: postgres
      url: "postgresql://reader@127.0.0.1:$HUB_PORT_POSTGRES/vendors?sslmode=verify-full&sslrootcert=$2"
      password_file: "$HUB_SECRETS/postgres-reader"
      query: >
        SELECT id, id AS "eventNo", updated_at, '占道经营' AS "typeStr", 'V' || version AS "eventDesc",
               '2023-12-05 08:42:10' AS "addTime", CASE WHEN is_delete THEN '已办结' ELSE '处理中' END AS "statusStr"
        FROM vendors.stall_case
      lag: 100ms
      overlap: 5s
      every: 200ms
      scan: 2s
      page: 100
    options: { crs: gcj02 }
END
}

service_up kafka postgres
tls_on
owner_make
cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other -keyout "$TEST/other.key" -out "$TEST/other.crt" 2>/dev/null
{ config_head; echo "instances:"; instance rows "$TEST/server.crt"; } >"$TEST/hub.yaml"
{ config_head; echo "instances:"; instance rows "$TEST/other.crt"; } >"$TEST/other.yaml"
export HUB_CONFIG=$TEST/hub.yaml
hub_ready
check "hub check --connect tries the query" hub check --connect
check "and trusts no other certificate" grep -q "rows: .*certificate verify failed" <(hub check --connect "$TEST/other.yaml" 2>&1)
owner -c "ALTER TABLE vendors.stall_case RENAME TO away"
check "and names the table that is not there" grep -q 'rows: database: relation "vendors.stall_case" does not exist' <(hub check --connect 2>&1)
owner -c "ALTER TABLE vendors.away RENAME TO stall_case"

process_up correlate correlate
process_up rows run rows
tls_used() { [ "$(owner -c "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'hub rows'")" = t ]; }
check "the session is TLS's" wait_for 30 "a session" tls_used

export WIRE
check "the owner works" /usr/bin/python3 "$HERE/lib/rows_owner.py" "${ROWS_CHANGES:-3000}"
service_kill postgres
service_start postgres
true_at_last() { /usr/bin/python3 "$HERE/lib/rows_verdict.py" >"$TEST/verdict" 2>&1; }
check "what is there is in the warehouse once, what is gone is said to be gone" wait_for 90 "the truth" true_at_last
cat "$TEST/verdict"
check "kills hit unacknowledged work" test "$(sed -n 's/.*sent again: //p' "$TEST/verdict")" -gt 0
check "nothing was written there" test "$(owner -c "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hub rows' AND backend_xid IS NOT NULL")" = 0

process_down rows
BEFORE=$(sql "SELECT count(*) FROM ods.record WHERE instance = 'rows' AND kind = 'report'")
after() { grep -o 'after [^"]*' "$HUB_STATE/rows/checkpoint.json"; }
AFTER=$(after)
process_up rows run rows
polled() { [ "$(after)" != "$AFTER" ]; }
wait_for 30 "a look" polled
process_down rows
wait_for 60 "the log to be read" log_read || FAILED=1
check "a restart reads nothing twice" sql_is "SELECT count(*) FROM ods.record WHERE instance = 'rows' AND kind = 'report'" "$BEFORE"
check "the ledger balances" hub audit --wait 30s
process_down correlate
