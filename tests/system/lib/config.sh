# shellcheck shell=bash
# Configurations of the system tests, written below $TEST. Needs tests/lib/services.sh.

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
CITY=$HERE/../city/city.py
WIRE=${WIRE:-$(dirname "$(dirname "$HUB")")/tests/system/tool/test-wire}
BROKERS=127.0.0.1:$HUB_PORT_KAFKA
secret_make "$HUB_SECRETS/hotline"

# config_head [TOPIC_PREFIX]: everything but zones and instances, on stdout.
config_head() {
        cat <<END
kafka: { brokers: "$BROKERS", topic_prefix: "${1:-hub}" }
postgres:
  url: "postgresql://\${HUB_DB_USER:-hub_owner}@127.0.0.1:$HUB_PORT_POSTGRES/hub"
  password_file: "$HUB_SECRETS/postgres-\${HUB_DB_USER:-hub_owner}"
privacy:  { keys: "$HUB_SECRETS/privacy.keys" }
commands: { keys: "$HUB_SECRETS/commands.key" }
zones: zones.yaml
state: "$HUB_STATE"
END
}

# config_mqtt NAME ZONE PREFIX DEVICES: a camera platform.
config_mqtt() {
        cat <<END
  $1:
    adapter: citybrain
    zone: "$2"
    source:
      { kind: mqtt, url: "tcp://127.0.0.1:$HUB_PORT_MQTT", topics: ["$3/events", "$3/available"], user: hub, password_file: "$HUB_SECRETS/mqtt-hub" }
    options:
      devices: "$4"
      categories: { hawker: E0501, outstore: E0504, garbage: E0102 }
END
}

# config_http NAME ZONE PATH INTERVAL OVERLAP PAGE_SIZE: a hotline of the vendor's.
config_http() {
        cat <<END
  $1:
    adapter: hotline
    zone: "$2"
    source:
      kind: http_poll
      url: "http://127.0.0.1:$HUB_PORT_HTTP$3/payroll/list"
      method: POST
      interval: $4
      overlap: $5
      first_window: 1d
      login_url: "http://127.0.0.1:$HUB_PORT_HTTP/login"
      user: hub
      password_file: "$HUB_SECRETS/hotline"
      start_parameter: start
      end_parameter: end
      page_parameter: page
      page_first: 1
      size_parameter: size
      page_size: $6
      items: rows
      id: record_number
    options:
      profile: vendor
      crs: gcj02
      accuracy_m: 30
      items: rows
      notes: { note1: title, note2: description, note3: address, note4: category, note5: category_code, note6: lon,
               note7: lat, note8: reporter, note9: phone, note10: channel, note11: community }
END
}

# config_grid NAME ZONE TOPIC: inspectors' reports from somebody else's topic.
config_grid() {
        cat <<END
  $1:
    adapter: grid
    zone: "$2"
    source: { kind: kafka, brokers: "$BROKERS", topic: "$3", look: 1s }
    options: { crs: gcj02 }
END
}

# config_letters NAME ZONE FOLDER: letters of the inspection, as tables.
config_letters() {
        cat <<END
  $1:
    adapter: envletter
    zone: "$2"
    source: { kind: file, folder: "$3", match: ["*.csv"], complete: rename, every: 300ms }
END
}

# config_push NAME ZONE PATIENCE: a hotline that pushes, signed with the key in $HUB_SECRETS/hook (push_key makes it).
config_push() {
        cat <<END
  $1:
    adapter: hotline
    zone: "$2"
    source:
      { kind: http_push, listen: "127.0.0.1:$HUB_PORT_HTTP", path: /hook, retry_after: 1s, patience: $3, signature: standard-webhooks, secret_file: "$HUB_SECRETS/hook" }
    options:
      profile: vendor
      crs: gcj02
      notes: { note1: title, note2: description, note3: address, note4: category, note5: category_code, note6: lon,
               note7: lat, note8: reporter, note9: phone, note10: channel, note11: community }
END
}

push_key() {
        printf 'whsec_%s\n' "$(head -c 24 /dev/urandom | base64)" >"$HUB_SECRETS/hook"
        chmod 0400 "$HUB_SECRETS/hook"
}

# city_start NAME PART ARGUMENT...: a simulator in the background, its output in logs/NAME.log. It is ended with the test.
city_start() {
        local name=$1 part=$2 mqtt=()
        shift 2
        case $part in play | load)
                mqtt=(--mqtt "127.0.0.1:$HUB_PORT_MQTT" --mqtt-user city --mqtt-password-file "$HUB_SECRETS/mqtt-city")
                ;;
        esac
        program_up "$name" /usr/bin/python3 "$CITY" "$part" --work "$TEST/$name" --http "127.0.0.1:$HUB_PORT_HTTP" \
                --hotline-password-file "$HUB_SECRETS/hotline" --stay "${mqtt[@]}" "$@"
}

# mqtt_publish TOPIC: each line of stdin is a message. The password in a file: not among the arguments, where everybody sees it.
mqtt_publish() {
        mkdir -p "$TEST/publisher"
        (umask 077 && printf -- '-u city\n-P %s\n' "$(cat "$HUB_SECRETS/mqtt-city")" >"$TEST/publisher/mosquitto_pub")
        XDG_CONFIG_HOME=$TEST/publisher mosquitto_pub -h 127.0.0.1 -p "$HUB_PORT_MQTT" -q 1 -t "$1" -l
}

# exits CODE COMMAND...: the command's output, and whether it ended with that code.
exits() {
        local want=$1 code=0
        shift
        "$@" || code=$?
        [ "$code" -eq "$want" ]
}

# exits_said CODE COMMAND...: the same, and what it said is in $TEST/said.
exits_said() {
        local code=0
        exits "$@" >"$TEST/said" 2>&1 || code=1
        cat "$TEST/said"
        return "$code"
}

# stored_all EVENTS.csv: every event that must be there is in the warehouse.
stored_all() {
        [ "$(missing "$1" | wc -l)" -eq 0 ]
}

# missing EVENTS.csv: must-be events that the warehouse does not hold, one a line. stored: what it holds, under its id and, for
# revisions that only the adapter knows, as SUBJECT:*N, its Nth state.
missing() {
        comm -23 <(awk -F, 'NR > 1 && $2 == 1 { print $1 }' "$1" | sort -u) <(stored | sort -u)
}

stored() {
        sql "SELECT unnest(ARRAY[id, subject || ':*' || row_number() OVER (PARTITION BY zone, subject ORDER BY \"offset\")])
             FROM ods.record WHERE verdict = 'stored' AND kind NOT IN ('tick', 'command')"
}

# log_read [TOPIC_PREFIX]: no record of the log is left unread.
log_read() {
        local topic
        for topic in "${1:-hub}.events.v1" "${1:-hub}.rejected.v1"; do
                "$WIRE" watermarks "$BROKERS" "$topic" >"$TEST/watermarks" || return 1
                sql "SELECT partition || ' ' || next_offset FROM ops.kafka_offset WHERE topic = '$topic'" | sort >"$TEST/offsets"
                awk 'NR == FNR { next_offset[$1] = $2; next } $3 > 0 && next_offset[$1] < $3 { bad = 1 } END { exit bad }' \
                        "$TEST/offsets" "$TEST/watermarks" || return 1
        done
}

# lag_zero [TOPIC_PREFIX]: nor is any version unpublished.
lag_zero() {
        log_read "${1:-hub}" && sql_is "SELECT count(*) FROM ops.outbox WHERE published_at IS NULL" 0
}
