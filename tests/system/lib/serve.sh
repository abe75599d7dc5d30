# shellcheck shell=bash
# hub serve beside a few reports: two of one problem, one that is like them, one whose texts are an attack. Needs config.sh.

export HUB_SERVE_ANYBODY=administrator
port_fresh HUB_PORT_SERVE
export HUB_PORT_SERVE SERVE=http://127.0.0.1:$HUB_PORT_SERVE

# serve_configure: one platform is connected, p12, by an instance that has no source here: its ticks are put by hand.
serve_configure() {
        cp -r "$HUB_CLONE/deploy/config/regions" "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/"
        config_head >"$TEST/hub.yaml"
        cat >>"$TEST/hub.yaml" <<END
regions: regions/huli-schematic.geojson
serve: { listen: "127.0.0.1:$HUB_PORT_SERVE" }
metrics: { listen: "127.0.0.1:0" }
instances:
  grid: { adapter: grid, zone: "350206", options: { crs: wgs84 } }
END
        export HUB_CONFIG=$TEST/hub.yaml
}

serve_lives() {
        curl -sf -o /dev/null "$SERVE/v1/"
}

# serve_put: what lib/serve.py writes, into the log; then until all of it is numbered and published.
serve_put() {
        /usr/bin/python3 "$HERE/lib/serve.py" write | "$WIRE" put "$BROKERS" hub.events.v1 0
        wait_for 60 "its incidents" sql_is "SELECT count(*) FROM dw.subject" "$1"
        wait_for 60 "their publication" sql_is "SELECT count(*) FROM ops.outbox WHERE published_at IS NULL" 0
}

# serve_up: services, the processes, the reports, and hub serve.
serve_up() {
        service_up kafka postgres
        serve_configure
        hub_ready
        process_up correlate correlate
        process_up relay relay
        process_up serve serve
        wait_for 30 "hub serve" serve_lives
        serve_put 5
}
