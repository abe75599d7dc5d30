# shellcheck shell=bash
# HUB_SECURE=1: the demo's services as a site would run them. Kafka with TLS, a certificate each login, and ACLs, Mosquitto
# with TLS and ACLs, PostgreSQL with TLS; nothing else gets in. (SCRAM of Debian 12's librdkafka 2.0.2 is refused by Kafka 4.) Needs authority.sh, secret.sh, and DEMO, HUB_SECRETS.

# Logins of Kafka: the broker's own, those of the hub's processes, the command centre's, the simulated grid platform's.
SECURE_LOGINS=(admin hub_owner adapter correlator relay api centre city)

secure() {
        [ -n "${HUB_SECURE:-}" ] && [ "$HUB_SECURE" != 0 ]
}

# secure_takes: what the demo began with stays so.
secure_takes() {
        local before
        before=$(cat "$DEMO/secure" 2>/dev/null) || before=
        export HUB_SECURE=${HUB_SECURE-$before}
        [ -d "$DEMO/state" ] || before=${HUB_SECURE:-0}
        [ "${before:-0}" = "${HUB_SECURE:-0}" ] || die "this demo began with HUB_SECURE=${before:-0}: deploy/demo reset first"
}

# secure_make, secure_keys: the authority, a certificate a service and a login.
secure_make() {
        echo "${HUB_SECURE:-0}" >"$DEMO/secure"
        secure || return 0
        external_none || die "HUB_SECURE=1 secures services of the demo's own: HUB_KAFKA, HUB_PG and HUB_MQTT name others"
        secure_keys
}

secure_keys() {
        local name
        authority_make "$HUB_SECRETS/tls" || die "no certificate authority can be made"
        for name in kafka postgres mosquitto "${SECURE_LOGINS[@]}"; do
                authority_sign "$HUB_SECRETS/tls" "$name" || die "no certificate for $name"
        done
}

# What clients are told: where the demo is secured. deploy/config reads the HUB_ names; libpq, and OpenSSL in librdkafka and Paho, the others.
secure_environment() {
        secure || return 0
        export HUB_KAFKA_SECURITY=ssl HUB_KAFKA_CA_FILE=$HUB_SECRETS/tls/ca.pem HUB_MQTT_SCHEME=ssl
        export PGSSLMODE=verify-full PGSSLROOTCERT=$HUB_SECRETS/tls/ca.pem
        secure_login hub_owner
}

# secure_login NAME: the one that Kafka is asked as.
secure_login() {
        ! secure || export HUB_KAFKA_CERTIFICATE_FILE=$HUB_SECRETS/tls/$1.pem HUB_KAFKA_KEY_FILE=$HUB_SECRETS/tls/$1.key
}

# secure_as LOGIN COMMAND...: with that login of Kafka, and trusting our authority alone.
secure_as() {
        local login=$1
        shift
        if secure; then
                (secure_login "$login" && SSL_CERT_FILE=$HUB_SECRETS/tls/ca.pem "$@")
        else
                "$@"
        fi
}

# secure_rights TOPIC: what each login may do; TOPIC is the grid platform's own.
secure_rights() {
        secure || return 0
        secure_as admin "$HUB" topics --rights >>"$DEMO/logs/rights.log" &&
                secure_as admin "$HUB" topics --grant "city:all:$1" >>"$DEMO/logs/rights.log" &&
                secure_as admin "$HUB" topics --grant "adapter:read:$1" >>"$DEMO/logs/rights.log"
}
