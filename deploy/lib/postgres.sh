# shellcheck shell=bash
# One private PostgreSQL 15 cluster: never the system's. Loopback TCP only, passwords by SCRAM, fsync on.
# Needs say.sh, user.sh, port.sh. FOLDER: FOLDER/data, postgres.log. SECRETS holds the passwords, one file a user:
# postgres-USER, and pgpass for psql.

POSTGRES_BIN=/usr/lib/postgresql/15/bin

# postgres_secret SECRETS USER: makes the password of USER unless it is there, and prints it.
postgres_secret() {
        secret_make "$1/postgres-$2"
        cat "$1/postgres-$2"
}

# postgres_init FOLDER SECRETS
postgres_init() {
        [ ! -e "$1/data/PG_VERSION" ] || return 0
        rm -rf "$1/data"
        mkdir -p "$1/data"
        chmod 0755 "$1"
        chmod 0700 "$1/data"
        postgres_secret "$2" postgres >"$1/password"
        user_own postgres "$1"
        user_run postgres "$POSTGRES_BIN/initdb" -D "$1/data" -U postgres -E UTF8 --locale=C.UTF-8 \
                -A scram-sha-256 --pwfile="$1/password" >"$1/initdb.log" 2>&1 || {
                tail -n 3 "$1/initdb.log" >&2
                return 1
        }
        rm -f "$1/password"
        postgres_configure >>"$1/data/postgresql.conf"
        ! secure || postgres_secure "$1/data" "$HUB_SECRETS/tls"
}

# postgres_secure DATA TLS: nobody comes in but by TLS and a password.
postgres_secure() {
        cp "$2/postgres.pem" "$2/postgres.key" "$1"
        user_own postgres "$1/postgres.pem"
        user_own postgres "$1/postgres.key"
        printf "ssl = on\nssl_cert_file = 'postgres.pem'\nssl_key_file = 'postgres.key'\nssl_min_protocol_version = 'TLSv1.2'\n" >>"$1/postgresql.conf"
        printf 'hostssl all all 127.0.0.1/32 scram-sha-256\n' >"$1/pg_hba.conf"
}

postgres_configure() {
        cat <<END
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 60
shared_buffers = 128MB
max_wal_size = 512MB
password_encryption = scram-sha-256
timezone = 'Asia/Shanghai'
log_timezone = 'UTC'
log_min_messages = warning
END
}

postgres_lives() {
        user_run postgres "$POSTGRES_BIN/pg_ctl" -D "$1/data" status >/dev/null 2>&1
}

# postgres_start FOLDER PORT SECRETS: returns when it answers; nothing happens when it runs.
postgres_start() {
        postgres_init "$1" "$3" || return 1
        ! postgres_lives "$1" || return 0
        port_need "$2" PostgreSQL || return 1
        user_run postgres "$POSTGRES_BIN/pg_ctl" -D "$1/data" -l "$1/postgres.log" -w -t 60 -o "-p $2" start \
                >>"$1/start.log" 2>&1 9>&- </dev/null || {
                tail -n 5 "$1/postgres.log" >&2
                return 1
        }
}

postgres_stop() {
        ! postgres_lives "$1" || user_run postgres "$POSTGRES_BIN/pg_ctl" -D "$1/data" -w -t 60 -m fast stop >/dev/null
}

# postgres_crash FOLDER: an immediate stop: no checkpoint, every session cut, recovery at the next start.
postgres_crash() {
        user_run postgres "$POSTGRES_BIN/pg_ctl" -D "$1/data" -w -t 60 -m immediate stop >/dev/null
}

# postgres_sql PORT SECRETS USER [psql arguments]: bare rows, fields separated by |; the first error ends it. Where the cluster is not ours,
# user postgres is HUB_PG_ADMIN, whose password is in PGPASSFILE.
postgres_sql() {
        local port=$1 secrets=$2 user=$3
        shift 3
        if [ "$user" = postgres ] && [ -n "${HUB_PG_ADMIN:-}" ]; then
                user=$HUB_PG_ADMIN
        else
                local -x PGPASSWORD
                PGPASSWORD=$(cat "$secrets/postgres-$user")
        fi
        PGOPTIONS='-c client_min_messages=warning' PGCONNECT_TIMEOUT=10 PGCLIENTENCODING=UTF8 psql -XqAtw -v ON_ERROR_STOP=1 \
                -h "${HUB_HOST_POSTGRES:-127.0.0.1}" -p "$port" -U "$user" -d "${PGDATABASE:-hub}" "$@"
}

# postgres_database PORT SECRETS: database hub, owned by hub_owner (whom hub migrate works as), with PostGIS, whose
# CREATE EXTENSION needs a superuser. Repeating it changes nothing.
postgres_database() {
        local exists
        PGDATABASE=postgres postgres_sql "$1" "$2" postgres -f - <<END || return 1
$(postgres_login hub_owner "$(postgres_secret "$2" hub_owner)" CREATEROLE)
END
        exists=$(PGDATABASE=postgres postgres_sql "$1" "$2" postgres -c "SELECT 1 FROM pg_database WHERE datname = 'hub'")
        [ -n "$exists" ] || PGDATABASE=postgres postgres_sql "$1" "$2" postgres -c 'CREATE DATABASE hub OWNER hub_owner' || return 1
        postgres_sql "$1" "$2" postgres -c 'CREATE EXTENSION IF NOT EXISTS postgis'
}

# postgres_city PORT SECRETS: the database hub_city of the simulated platforms that have tables, owned by hub_city, read by hub_city_reader.
postgres_city() {
        local exists
        PGDATABASE=postgres postgres_sql "$1" "$2" postgres -f - <<END || return 1
$(postgres_login hub_city "$(postgres_secret "$2" hub_city)")
$(postgres_login hub_city_reader "$(postgres_secret "$2" hub_city_reader)")
END
        exists=$(PGDATABASE=postgres postgres_sql "$1" "$2" postgres -c "SELECT 1 FROM pg_database WHERE datname = 'hub_city'")
        [ -n "$exists" ] || PGDATABASE=postgres postgres_sql "$1" "$2" postgres -c 'CREATE DATABASE hub_city OWNER hub_city'
}

# The passwords are ours, hexadecimal; they come by standard input, so that no list of processes shows them.
postgres_login() {
        cat <<END
DO \$\$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$1') THEN CREATE ROLE $1; END IF;
END \$\$;
ALTER ROLE $1 LOGIN ${3:-} PASSWORD '$2';
END
}

# postgres_logins PORT SECRETS: after hub migrate, which made the roles without login: each process and person gets one,
# a member of its role; and pgpass for psql.
postgres_logins() {
        local name port=$1 secrets=$2
        for name in correlator relay api analyst; do
                postgres_login "$name" "$(postgres_secret "$secrets" "$name")"
                printf 'GRANT hub_%s TO %s;\n' "$name" "$name"
        done | postgres_sql "$port" "$secrets" postgres -f - || return 1
        (umask 077
        for name in postgres hub_owner correlator relay api analyst; do
                [ ! -s "$secrets/postgres-$name" ] ||
                        printf '%s:%s:*:%s:%s\n' "${HUB_HOST_POSTGRES:-127.0.0.1}" "$port" "$name" "$(cat "$secrets/postgres-$name")"
        done >"$secrets/pgpass")
}
