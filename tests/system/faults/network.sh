# shellcheck shell=bash
# A fault of the soak: what networks do (lib/proxy.py), between all of hub and one of its services; each time another fault of
# another service.

. "$HERE/lib/brokers.sh"
NETWORK_WAYS=("kafka half down" "postgres reset both" "load drip down" "mqtt blackhole both" "kafka latency up" "postgres blackhole down" "http half down" "mqtt half down"
        "kafka refuse both" "postgres latency both" "load reset down" "mqtt reset both" "kafka blackhole down" "postgres half down" "load refuse both" "mqtt latency both")
NETWORK_AT=0
for service in CUT_KAFKA PROXY_{KAFKA,POSTGRES,MQTT,HTTP,LOAD}; do port_fresh "$service"; done
kafka_through "$CUT_KAFKA" "$PROXY_KAFKA"

# All that hub connects to goes through the proxy; the simulators and the judge do not.
fault_network_configured() {
        local name by=() routes=("kafka=$PROXY_KAFKA:$CUT_KAFKA")
        for name in KAFKA POSTGRES MQTT HTTP LOAD; do
                local port=HUB_PORT_$name proxy=PROXY_$name
                by+=(-e "s/\\$\\{$port(:-[0-9]+)?\\}/${!proxy}/g" -e "s/127\\.0\\.0\\.1:${!port}\\b/127.0.0.1:${!proxy}/g")
                [ "$name" = KAFKA ] || routes+=("${name,,}=${!proxy}:${!port}")
        done
        find "$TEST/config" -name '*.yaml' -exec sed -i -E "${by[@]}" {} +
        program_up proxy /usr/bin/python3 "$HERE/lib/proxy.py" serve "$TEST/proxy" "${routes[@]}"
        wait_for 60 "the proxy" test -S "$TEST/proxy"
}

fault_network() {
        local service fault way
        read -r service fault way <<<"${NETWORK_WAYS[NETWORK_AT % ${#NETWORK_WAYS[@]}]}"
        if [ "$1" = start ]; then
                /usr/bin/python3 "$HERE/lib/proxy.py" say "$TEST/proxy" "$service" "$fault" "$way" >/dev/null
        else
                NETWORK_AT=$((NETWORK_AT + 1))
                /usr/bin/python3 "$HERE/lib/proxy.py" say "$TEST/proxy" "$service" none both
        fi
}
