# shellcheck shell=bash
# The simulated city itself before a wall: sixteen platforms over their own protocols, adapters, correlator, relay. Needs
# config.sh and flow.sh.

# So many problems in five days as make some fifty changes a second; after those days come the next five.
CITY_SECONDS=${CITY_SECONDS:-600} CITY_PROBLEMS=${CITY_PROBLEMS:-4200}

# city_configure: the demo's configuration, with a viewer whom nobody asks for a name.
city_configure() {
        flow_all
        cp -r "$HUB_CLONE/deploy/config" "$TEST/config"
        sed -i "s|^  listen: .*HUB_PORT_SERVE.*|&\n  anybody: viewer\n  requests: 0|" "$TEST/config/hub.yaml"
        HUB_WWW=$(work_folder)/www
        HUB_CLOCK=$(/usr/bin/python3 "$CITY" clock --seconds "$CITY_SECONDS")
        export HUB_CLOCK HUB_WWW HUB_CONFIG=$TEST/config/hub.yaml HUB_INBOX=$TEST/inbox HUB_POLL=${HUB_POLL:-1s} HUB_TICK_MS=${HUB_TICK_MS:-5000} HUB_LOOP_WAIT=0.3
        mkdir -p "$HUB_INBOX/envletter" "$HUB_INBOX/aerial"
}

# city_up MOST: everything; about MOST incidents stay open.
city_up() {
        local words
        service_up kafka postgres mosquitto
        hub_ready
        hub user key crew --role dispatcher >"$TEST/crew"
        platforms_tables "$HUB_PORT_POSTGRES" "$HUB_SECRETS" /usr/bin/python3 "$CITY"
        process_up correlate correlate
        process_up relay relay
        process_up serve serve
        for name in "${FLOW_ADAPTERS[@]}"; do process_up "$name" run "$name"; done
        mapfile -t words < <(platforms_arguments "$HUB_PORT_POSTGRES" "$HUB_SECRETS" "$HUB_INBOX")
        program_up play /usr/bin/python3 "$HERE/lib/wall_days.py" "$CITY_SECONDS" --problems "$CITY_PROBLEMS" --http "127.0.0.1:$HUB_PORT_HTTP" \
                --hotline-password-file "$HUB_SECRETS/hotline" --mqtt "127.0.0.1:$HUB_PORT_MQTT" --mqtt-user city --mqtt-password-file "$HUB_SECRETS/mqtt-city" \
                --kafka "$BROKERS" --letters "$HUB_INBOX/envletter" --devices "$HUB_CLONE/deploy/config/devices/citybrain.csv" "${words[@]}"
        program_up crew /usr/bin/python3 "$HERE/lib/crew.py" "$TEST/crew" "$1"
}

city_head() {
        sql "SELECT feed FROM ops.feed_head"
}

# city_said HEAD SECONDS: what came of it since then.
city_said() {
        sql "SELECT 'city: ' || feed - $1 || ' changes in $2 s, ' || round((feed - $1) / $2.0, 1) || ' a second' FROM ops.feed_head"
        sql "SELECT 'city: ' || count(*) || ' cases of ' || count(DISTINCT platform) || ' platforms in ' || count(DISTINCT incident) || ' incidents' FROM dw.subject"
        tail -n 1 "$TEST/logs/crew.log"
}
