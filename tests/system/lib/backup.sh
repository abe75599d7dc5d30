# shellcheck shell=bash
# The warehouse is lost, and comes back from a back-up: deploy/backup and deploy/restore as the tests call them. Needs
# services.sh, config.sh, flow.sh.

export WIRE
KEPT=$TEST/kept
DATA=$TEST/postgres/data

centre() {
        /usr/bin/python3 "$HERE/lib/centre.py" "$@"
}

# PostgreSQL's superuser, as deploy/backup wants to be told.
as_backup() {
        PGHOST=127.0.0.1 PGPORT=$HUB_PORT_POSTGRES PGUSER=postgres PGPASSFILE=$HUB_SECRETS/pgpass "$HUB_CLONE/deploy/backup" "$@"
}

restore() {
        "$HUB_CLONE/deploy/restore" "$@"
}

says() {
        grep -qF "$1" "$TEST/said"
}

# The archive is PostgreSQL's own user's to write.
keep_wal() {
        mkdir -p "$KEPT"
        chmod 0755 "$KEPT"
        user_own postgres "$KEPT"
        service_stop postgres
        "$HUB_CLONE/deploy/backup" settings "$KEPT" >>"$DATA/postgresql.conf"
        service_start postgres
}

archived() {
        [ "$(PGDATABASE=postgres SQL_USER=postgres sql "SELECT last_archived_wal >= '$1' FROM pg_stat_archiver")" = t ]
}

# Everything up to now lies in the archive.
wal_shipped() {
        local name
        name=$(PGDATABASE=postgres SQL_USER=postgres sql "SELECT pg_walfile_name(pg_switch_wal())")
        wait_for 60 "the WAL in the archive" archived "$name"
}

processes_up() {
        process_up correlate correlate
        process_up relay relay
}

processes_down() {
        process_down correlate
        process_down relay
}

# The disk with the warehouse is gone.
disaster() {
        processes_down
        service_kill postgres
        rm -rf "$DATA"
}

told_all() {
        wait_for 90 "nothing unread, nothing unpublished" lag_zero
        centre read
}

opened() {
        PGDATABASE=postgres SQL_USER=postgres sql_is "SELECT pg_is_in_recovery()" f
}
