# shellcheck shell=bash
# Services that somebody else runs, named by HUB_KAFKA, HUB_PG and HUB_MQTT (host:port; HUB_PG also postgresql://ADMIN@host:port): deploy/demo then
# starts none of that kind. What it makes there is noted below $DEMO/external, and nothing else there is ever changed or removed.
# Needs say.sh, secret.sh, port.sh, postgres.sh, and DEMO, HUB_SECRETS.

EXTERNAL_KINDS=(KAFKA PG MQTT)

# external KIND: by the environment, or by what this demo began with.
external() {
        local name=HUB_$1
        if [ -n "${!name:-}" ]; then printf '%s\n' "${!name}"; else cat "$DEMO/external/$1" 2>/dev/null; fi
}

# external_address TEXT: "HOST PORT" of host:port or a URL.
external_address() {
        local rest=${1#*://}
        rest=${rest##*@}
        rest=${rest%%/*}
        [[ $rest =~ ^\[?([A-Za-z0-9._:-]+)\]?:([0-9]+)$ ]] || return 1
        printf '%s %s\n' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
}

# external_take KIND HOST_VARIABLE PORT_VARIABLE: sets both from HUB_KIND; does nothing where it is not set.
external_take() {
        local given address
        given=$(external "$1") || return 0
        address=$(external_address "$given") || die "HUB_$1=$given is no host:port"
        printf -v "$2" %s "${address% *}"
        printf -v "$3" %s "${address#* }"
        # shellcheck disable=SC2163
        export "$2" "$3"
}

external_all() {
        export HUB_HOST_KAFKA=127.0.0.1 HUB_HOST_POSTGRES=127.0.0.1 HUB_HOST_MQTT=127.0.0.1
        external_take KAFKA HUB_HOST_KAFKA HUB_PORT_KAFKA
        external_take PG HUB_HOST_POSTGRES HUB_PORT_POSTGRES
        external_take MQTT HUB_HOST_MQTT HUB_PORT_MQTT
        ! external KAFKA >/dev/null || export HUB_TOPICS="${HUB_TOPICS:-$(cat "$DEMO/external/topics" 2>/dev/null || echo hub)}"
        ! external KAFKA >/dev/null || export HUB_GRID_TOPIC="$HUB_TOPICS.grid.cases"
        ! external PG >/dev/null || export HUB_PG_ADMIN="$(external_admin "$(external PG)")"
}

external_admin() {
        local rest=${1#*://}
        if [[ $rest == *@* ]]; then rest=${rest%%@*}; printf '%s\n' "${rest%%:*}"; else echo postgres; fi
}

external_open() {
        timeout 5 bash -c ': <"/dev/tcp/$0/$1"' "$1" "$2" 2>/dev/null
}

# external_check KIND NAME HOST PORT: one line when it does not answer, or when this demo's data belong to another one.
external_check() {
        local given before
        given=$(external "$1") || return 0
        before=$(cat "$DEMO/external/$1" 2>/dev/null) || before=
        if [ -d "$DEMO/state" ] && [ -e "$DEMO/city/done" ] && [ "$before" != "$given" ]; then
                die "this demo's data belong to ${before:-a $2 of its own}, not to HUB_$1=$given: deploy/demo reset first"
        fi
        external_open "$3" "$4" || die "$2 does not answer at $3:$4 (HUB_$1)"
        mkdir -p "$DEMO/external"
        printf '%s\n' "$given" >"$DEMO/external/$1"
        say "$2 at $3:$4 is not ours: used as it is"
}

external_checks() {
        external_check KAFKA "Apache Kafka" "$HUB_HOST_KAFKA" "$HUB_PORT_KAFKA"
        external_check PG PostgreSQL "$HUB_HOST_POSTGRES" "$HUB_PORT_POSTGRES"
        external_check MQTT Mosquitto "$HUB_HOST_MQTT" "$HUB_PORT_MQTT"
        ! external KAFKA >/dev/null || external_topics
        ! external PG >/dev/null || external_postgres
        ! external MQTT >/dev/null || external_passwords
}

# Topics of this demo's own, whatever else is there; the name lives as long as the demo's data.
external_topics() {
        [ -s "$DEMO/external/topics" ] || printf 'hub-demo-%s\n' "$(secret_random 4)" >"$DEMO/external/topics"
        HUB_TOPICS=$(cat "$DEMO/external/topics")
        export HUB_TOPICS HUB_GRID_TOPIC=$HUB_TOPICS.grid.cases
}

# The database and the logins are made once, and only where nobody has made them before.
external_postgres() {
        local found
        found=$(PGDATABASE=postgres postgres_sql "$HUB_PORT_POSTGRES" "$HUB_SECRETS" postgres -c "SELECT rolsuper FROM pg_roles WHERE rolname = current_user" \
                2>"$DEMO/external/error") || die "PostgreSQL lets $HUB_PG_ADMIN not in (HUB_PG; PGPASSFILE holds its password): $(head -n 1 "$DEMO/external/error")"
        [ "$found" = t ] || die "$HUB_PG_ADMIN is no superuser there (HUB_PG): CREATE EXTENSION postgis needs one"
        [ ! -e "$DEMO/external/made" ] || return 0
        found=$(PGDATABASE=postgres postgres_sql "$HUB_PORT_POSTGRES" "$HUB_SECRETS" postgres -c "
                SELECT string_agg(what, ', ') FROM (SELECT 'database ' || datname AS what FROM pg_database WHERE datname = 'hub'
                UNION ALL SELECT 'database ' || datname FROM pg_database WHERE datname = 'hub_city'
                UNION ALL SELECT 'login ' || rolname FROM pg_roles WHERE rolname IN ('hub_owner', 'hub_city', 'hub_city_reader', 'correlator', 'relay', 'api', 'analyst')) AS there")
        [ -z "$found" ] || die "PostgreSQL at $HUB_HOST_POSTGRES:$HUB_PORT_POSTGRES has $found already, which this demo did not make: it changes nothing there"
        touch "$DEMO/external/made"
}

# The broker knows users hub and city: their passwords come from HUB_MQTT_SECRETS/mqtt-hub and mqtt-city. An open broker needs none.
external_passwords() {
        local name
        for name in mqtt-hub mqtt-city; do
                if [ -n "${HUB_MQTT_SECRETS:-}" ]; then
                        [ -r "$HUB_MQTT_SECRETS/$name" ] || die "$HUB_MQTT_SECRETS/$name (HUB_MQTT_SECRETS) cannot be read"
                        secret_write "$HUB_SECRETS/$name" "$(cat "$HUB_MQTT_SECRETS/$name")"
                else
                        secret_make "$HUB_SECRETS/$name"
                fi
        done
}

# What this demo made there, and only that. Topics stay: Kafka removes their records in time, and nobody reads them.
external_reset() {
        local name
        ! external KAFKA >/dev/null || [ ! -s "$DEMO/external/topics" ] ||
                say "the topics $(cat "$DEMO/external/topics").* stay in Kafka at $HUB_HOST_KAFKA:$HUB_PORT_KAFKA"
        [ -e "$DEMO/external/made" ] || return 0
        {
                printf 'DROP DATABASE IF EXISTS hub WITH (FORCE); DROP DATABASE IF EXISTS hub_city WITH (FORCE);\n'
                for name in hub_owner hub_city hub_city_reader correlator relay api analyst; do printf 'REASSIGN OWNED BY %s TO CURRENT_USER; DROP OWNED BY %s; DROP ROLE %s;\n' "$name" "$name" "$name"; done
        } | PGDATABASE=postgres postgres_sql "$HUB_PORT_POSTGRES" "$HUB_SECRETS" postgres -v ON_ERROR_STOP=0 -f - >/dev/null 2>&1 ||
                die "the database hub at $HUB_HOST_POSTGRES:$HUB_PORT_POSTGRES cannot be dropped; nothing was removed"
        say "dropped the database hub and its logins at $HUB_HOST_POSTGRES:$HUB_PORT_POSTGRES"
}

external_none() {
        local kind
        for kind in "${EXTERNAL_KINDS[@]}"; do ! external "$kind" >/dev/null || return 1; done
}
