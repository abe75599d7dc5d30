# shellcheck shell=bash
# One Mosquitto with the settings that keep messages (design.md section 9). Needs say.sh, process.sh, port.sh, user.sh,
# secret.sh. FOLDER: mosquitto.conf, data/, mosquitto.log, mosquitto.pid. SECRETS: mqtt-hub and mqtt-city, the passwords of the
# users hub (who reads) and city (the simulated cameras, who write).

# mosquitto_configure FOLDER PORT
mosquitto_configure() {
        cat >"$1/mosquitto.conf" <<END
listener $2 127.0.0.1
allow_anonymous false
password_file $1/passwords
persistence true
persistence_location $1/data/
autosave_on_changes true
autosave_interval 100
# By default a persistent session loses what it queues past 1,000 messages.
max_queued_messages 0
# By default it keeps nothing of QoS 0 for whoever is away.
queue_qos0_messages true
max_queued_bytes 268435456
max_inflight_messages 100
log_type error
log_type warning
log_dest stderr
user ${3:-mosquitto}
END
        ! secure || mosquitto_secure "$1" "$HUB_SECRETS/tls" >>"$1/mosquitto.conf"
}

# mosquitto_secure FOLDER TLS: its listener by TLS alone; the hub reads what the platforms write, and neither more.
mosquitto_secure() {
        cp "$2/mosquitto.pem" "$2/mosquitto.key" "$1"
        user_own mosquitto "$1/mosquitto.key"
        printf '%s\n' 'user hub' 'topic read frigate/#' 'topic read +/onvif-ej/#' '' 'user city' 'topic write frigate/#' 'topic write +/onvif-ej/#' >"$1/acl"
        chmod 0600 "$1/acl"
        user_own mosquitto "$1/acl"
        cat <<END
certfile $1/mosquitto.pem
keyfile $1/mosquitto.key
tls_version tlsv1.2
acl_file $1/acl
END
}

# The password reaches mosquitto_passwd in a file that it then hashes in place, so that no list of processes shows it.
mosquitto_users() {
        local name
        for name in hub city; do
                secret_make "$2/mqtt-$name"
                printf '%s:%s\n' "$name" "$(cat "$2/mqtt-$name")"
        done >"$1/passwords.new"
        chmod 0600 "$1/passwords.new"
        mosquitto_passwd -U "$1/passwords.new"
        mv -f "$1/passwords.new" "$1/passwords"
}

# mosquitto_start FOLDER PORT SECRETS: returns when it answers; nothing happens when it runs.
mosquitto_start() {
        process_gone "$1/mosquitto.pid" || return 0
        port_need "$2" Mosquitto || return 1
        mkdir -p "$1/data"
        chmod 0755 "$1"
        mosquitto_configure "$1" "$2"
        [ -s "$1/passwords" ] || mosquitto_users "$1" "$3"
        user_own mosquitto "$1/data"
        user_own mosquitto "$1/passwords"
        process_spawn "$1/mosquitto.pid" "$1/mosquitto.log" /usr/sbin/mosquitto -c "$1/mosquitto.conf" || return 1
        wait_for 20 "Mosquitto" mosquitto_settled "$1" "$2" || return 1
        process_lives "$1/mosquitto.pid" || { tail -n 3 "$1/mosquitto.log" >&2; return 1; }
}

mosquitto_settled() {
        process_gone "$1/mosquitto.pid" || port_open "$2"
}

mosquitto_stop() {
        process_end "$1/mosquitto.pid" 15
}

mosquitto_kill() {
        process_signal "$1/mosquitto.pid" KILL && wait_for 10 "Mosquitto's end" process_gone "$1/mosquitto.pid"
}
