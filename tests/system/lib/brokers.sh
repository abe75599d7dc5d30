# shellcheck shell=bash
# Kafka as the tests want it beyond one broker on one port. Needs tests/lib/services.sh; sourced before service_up.

# A second listener on PORT_CUT for who comes through a proxy: what Kafka tells clients there leads them to PORT_PROXY again.
# Everybody else stays on HUB_PORT_KAFKA.
kafka_through() {
        PORT_CUT=$1 PORT_PROXY=$2
        eval "plain_$(declare -f kafka_configure)"
        kafka_configure() {
                plain_kafka_configure "$@"
                sed -i -e "s|^listeners=.*|&,CUT://127.0.0.1:$PORT_CUT|" -e "s|^advertised.listeners=.*|&,CUT://127.0.0.1:$PORT_PROXY|" \
                        -e 's|^listener.security.protocol.map=.*|&,CUT:PLAINTEXT|' "$1/server.properties"
        }
}

# ---- three nodes, each broker and controller: three_up, three_kill N, three_start N (1 to 3) ----

# three_up: HUB_PORT_KAFKA is the first one's; THREE names all of them, as the configuration wants it.
three_up() {
        local number id voters=()
        kafka_fetch "$CACHE" || exit 1
        PORTS=("" "$HUB_PORT_KAFKA" "" "") CONTROLLERS=("" "$KAFKA_CONTROLLER" "" "")
        for number in 2 3; do
                port_fresh "PORTS[$number]"
                port_fresh "CONTROLLERS[$number]"
        done
        for number in 1 2 3; do voters+=("$number@127.0.0.1:${CONTROLLERS[number]}"); done
        id=$(head -c 16 /dev/urandom | base64 | tr '+/' 'AB')
        for number in 1 2 3; do three_configure "$number" "$(IFS=,; echo "${voters[*]}")" "${id%%=*}"; done
        THREE="127.0.0.1:${PORTS[1]},127.0.0.1:${PORTS[2]},127.0.0.1:${PORTS[3]}"
        SERVICES+=(three)
        for number in 1 2 3; do three_start "$number"; done
        for number in 1 2 3; do three_ready "$number"; done
}

# three_configure N VOTERS CLUSTER: as kafka.sh has it, with copies.
three_configure() {
        local folder=$TEST/kafka-$1 java
        kafka_configure "$folder" "${PORTS[$1]}" "${CONTROLLERS[$1]}"
        sed -i -e "s|^node.id=.*|node.id=$1|" -e "s|^controller.quorum.voters=.*|controller.quorum.voters=$2|" \
                -e 's|^\(.*replication.factor\)=1|\1=3|' -e 's|^\(.*min.isr\)=1|\1=2|' -e 's|^\(.*min.insync.replicas\)=1|\1=2|' "$folder/server.properties"
        printf 'min.insync.replicas=2\nunclean.leader.election.enable=false\n' >>"$folder/server.properties"
        kafka_java java "$CACHE"
        "${java[@]}" kafka.tools.StorageTool format -t "$3" -c "$folder/server.properties" >"$folder/format.log" 2>&1 || { tail -n 3 "$folder/format.log"; exit 1; }
}

three_start() {
        local folder=$TEST/kafka-$1 java
        [ ! -e "$folder/kafka.log" ] || mv -f "$folder/kafka.log" "$folder/kafka.log.1"
        kafka_java java "$CACHE"
        process_spawn "$folder/kafka.pid" "$folder/kafka.log" "${java[@]}" kafka.Kafka "$folder/server.properties"
}

three_ready() {
        wait_for 120 "node $1" kafka_ready "$TEST/kafka-$1" || exit 1
}

three_kill() {
        kafka_kill "$TEST/kafka-$1"
}

three_stop() {
        local number
        for number in 1 2 3; do three_kill "$number" || true; done 2>/dev/null
}

# three_leader TOPIC PARTITION: the node that leads it. three_whole: every partition has all its copies in step.
three_leader() {
        /usr/bin/python3 "$HERE/lib/three.py" "$THREE" leader "$@"
}

three_whole() {
        /usr/bin/python3 "$HERE/lib/three.py" "$THREE" whole
}
