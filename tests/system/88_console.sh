#!/bin/bash
# A dispatcher before the real console: Chromium, hub serve, Kafka, PostgreSQL. A camera's event appears, reports of one problem say why they are one, split, merge,
# undo, assign and close go round, the next report follows the operator's word; the line is cut and PostgreSQL dies; other roles and zones.
set -euo pipefail
export HUB_SERVE_ANYBODY=
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
command -v npm >/dev/null && [ -x "${HUB_CHROMIUM:-/usr/bin/chromium}" ] || skip "npm or chromium is not here"
port_fresh HUB_PORT_SERVE
port_fresh HUB_PORT_MAP
port_fresh HUB_PORT_TILES
export HUB_PORT_SERVE HUB_PORT_TILES HUB_LOOP_WAIT=0.3 PASSWORD=湖里区密码123
export HUB_CONFIG=$TEST/hub.yaml HUB_URL=http://127.0.0.1:$HUB_PORT_SERVE/ HUB_DROP=$TEST/drop HUB_MAP_URL=http://127.0.0.1:$HUB_PORT_MAP/

configure() {
        printf '"350206": { name: 湖里区, partition: 3 }\n"350203": { name: 思明区, partition: 7 }\n' >"$TEST/zones.yaml"
        config_head
        printf 'serve:\n  listen: "127.0.0.1:%s"\n  users: "%s/people/users"\n  www: "%s/www"\n' "$HUB_PORT_SERVE" "$TEST" "$(work_folder)"
        cat <<END
instances:
  line:
    adapter: hotline
    zone: "350206"
    source: { kind: file, folder: "$HUB_DROP", every: 100ms, quiet: 200ms }
    options: { profile: vendor, crs: gcj02, notes: { note1: title, note2: description, note3: address, note4: category, note6: lon, note7: lat } }
  cameras:
    adapter: citybrain
    zone: "350206"
    source: { kind: mqtt, url: "tcp://127.0.0.1:$HUB_PORT_MQTT", topics: ["frigate/events"], user: hub, password_file: "$HUB_SECRETS/mqtt-hub" }
    options: { devices: "$HUB_CLONE/deploy/config/devices/citybrain.csv", crs: gcj02 }
END
}

# The same once more, with a basemap.
configure_map() {
        sed 's|^  listen: .*|  listen: "127.0.0.1:'"$HUB_PORT_MAP"'"\n  basemap: "http://127.0.0.1:'"$HUB_PORT_TILES"'/tiles/{z}/{x}/{y}.png"\n  attribution: "底图：测试 GS(2023)0001"|' "$HUB_CONFIG"
}

people() {
        mkdir -p "$TEST/people"
        hub user add lin --role dispatcher --zones 350206 <<<"$PASSWORD"
        hub user add guest --role viewer <<<"$PASSWORD"
        hub user add far --role dispatcher --zones 350203 <<<"$PASSWORD"
}

# What the browser's test does beside the browser.
beside() {
        printf -- '-u city\n-P %s\n' "$(cat "$HUB_SECRETS/mqtt-city")" >"$TEST/mosquitto_pub"
        cat >"$TEST/publish" <<END
now=\$(date +%s.%N)
XDG_CONFIG_HOME=$TEST mosquitto_pub -h 127.0.0.1 -p $HUB_PORT_MQTT -q 1 -t frigate/events -m '{"type": "new", "before": {"id": "'\$now'-mxklsc"}, "after": {"id": "'\$now'-mxklsc",
        "camera": "hl-sm-01", "frame_time": '\$now', "label": "hawker", "top_score": 0.96, "false_positive": false, "start_time": '\$now', "end_time": null, "score": 0.79,
        "box": [424, 500, 536, 712], "entered_zones": ["yard_zone"], "has_clip": false}}'
END
        printf '. %s/deploy/lib/all.sh\npostgres_crash %s/postgres\npostgres_start %s/postgres %s %s\n' "$HUB_CLONE" "$TEST" "$TEST" "$HUB_PORT_POSTGRES" "$HUB_SECRETS" >"$TEST/crash"
        export HUB_PUBLISH=$TEST/publish HUB_CRASH=$TEST/crash
}

answers() {
        curl -sS -o /dev/null --max-time 5 "${HUB_URL}v1/"
}

mkdir -p "$HUB_DROP"
configure >"$HUB_CONFIG"
configure_map >"$TEST/map.yaml"
service_up kafka postgres mosquitto
hub_ready
people
beside
check "the console is built" console_build "$(work_folder)/www" "$TEST/logs/console.log"
process_up correlate correlate
process_up relay relay
process_up serve serve
HUB_CONFIG=$TEST/map.yaml process_up map serve
process_up line run line
process_up cameras run cameras
wait_for 30 "hub serve" answers
check "a dispatcher's work in a real browser" "$HUB_CLONE/tests/console/run" real
exit "$FAILED"
