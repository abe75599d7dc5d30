# shellcheck shell=bash
# One Apache Kafka broker in KRaft mode, as a process of ours. Needs say.sh, process.sh, port.sh, and HUB_CLONE.
# FOLDER is the service's own: FOLDER/data, kafka.log, kafka.pid, server.properties. Where HUB_SECURE says so (secure.sh), everybody
# comes by TLS with a certificate of their own, and may what an ACL says.

# kafka_fetch CACHE: the jars of deploy/kafka/pom.xml into CACHE/kafka, once for each pom.xml.
kafka_fetch() {
        local cache=$1 pom=$HUB_CLONE/deploy/kafka/pom.xml
        cmp -s "$pom" "$cache/kafka/pom.xml" && return
        mkdir -p "$cache"
        rm -rf "$cache/kafka.new" "$cache/kafka"
        long "fetching Apache Kafka's jars (Maven, 55 MB, once)" "$cache/kafka-fetch.log" kafka_copy "$cache" "$pom" || {
                rm -rf "$cache/kafka.new"
                return 1
        }
        cp "$pom" "$cache/kafka.new/pom.xml"
        mv "$cache/kafka.new" "$cache/kafka"
        rm -rf "$cache/maven"
}

# Maven Central answers 429 and 503 now and then: three tries. Its own repository stays below our cache.
kafka_copy() {
        local try
        for try in 1 2 3; do
                mvn -B -U -ntp -C -Dstyle.color=never -f "$2" -Dmaven.repo.local="$1/maven" -DoutputDirectory="$1/kafka.new" \
                        dependency:copy-dependencies && return
                echo "try $try failed"
                sleep $((try * 3))
        done
        return 1
}

# kafka_configure FOLDER PORT CONTROLLER_PORT
kafka_configure() {
        mkdir -p "$1"
        (umask 077 && : >"$1/server.properties")
        cat >>"$1/server.properties" <<END
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$3
listeners=CLIENTS://127.0.0.1:$2,CONTROLLER://127.0.0.1:$3
advertised.listeners=CLIENTS://127.0.0.1:$2
inter.broker.listener.name=CLIENTS
controller.listener.names=CONTROLLER
log.dirs=$1/data
# Topics are made by hub topics, never by a misspelt name.
auto.create.topics.enable=false
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
# After a SIGKILL the broker's old registration must expire before it may come back: 2 s instead of 9.
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
END
        if secure; then kafka_secure "$1" "$HUB_SECRETS"; else kafka_plain; fi >>"$1/server.properties"
}

kafka_plain() {
        echo listener.security.protocol.map=CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT
}

# kafka_secure FOLDER SECRETS: its certificate and key in one file, as Kafka wants them.
kafka_secure() {
        (umask 077 && cat "$2/tls/kafka.key" "$2/tls/kafka.pem" >"$1/kafka.pem")
        cat <<END
listener.security.protocol.map=CLIENTS:SSL,CONTROLLER:SSL
ssl.keystore.type=PEM
ssl.keystore.location=$1/kafka.pem
ssl.truststore.type=PEM
ssl.truststore.location=$2/tls/ca.pem
ssl.client.auth=required
# A login is the common name of its certificate.
ssl.principal.mapping.rules=RULE:^CN=([^,]+)\$/\$1/
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:admin;User:kafka
END
}

# kafka_java ARRAY CACHE: the command line without its class; the class path is the JVM's to expand, not the shell's.
kafka_java() {
        local -n into=$1
        # shellcheck disable=SC2034
        into=(java -Xms128m -Xmx512m -XX:+UseSerialGC -Djava.awt.headless=true
                "-Dlog4j2.configurationFile=$HUB_CLONE/deploy/kafka/log4j2.properties" -cp "$2/kafka/*")
}

kafka_format() {
        local id java
        [ ! -e "$1/data/meta.properties" ] || return 0
        id=$(head -c 16 /dev/urandom | base64 | tr '+/' 'AB')         # never a '-' in front: it would read as an option
        kafka_java java "$2"
        "${java[@]}" kafka.tools.StorageTool format -t "${id%%=*}" -c "$1/server.properties" >"$1/format.log" 2>&1 || {
                tail -n 3 "$1/format.log" >&2
                return 1
        }
}

# kafka_start FOLDER PORT CONTROLLER_PORT CACHE: returns when it answers; nothing happens when it runs.
kafka_start() {
        local folder=$1
        process_gone "$folder/kafka.pid" || return 0
        port_need "$2" Kafka || return 1
        port_need "$3" "Kafka's controller" || return 1
        kafka_configure "$folder" "$2" "$3"
        kafka_format "$folder" "$4" || return 1
        kafka_try "$folder" "$4" || kafka_try "$folder" "$4" || kafka_try "$folder" "$4" || { tail -n 5 "$folder/kafka.log" >&2; return 1; }
        # Who comes by TLS is not asked with bare bytes: the clients wait for their leaders themselves.
        secure || wait_for 30 "Kafka's partitions" /usr/bin/python3 "$HUB_CLONE/deploy/lib/kafka_leads.py" "$2"
}

# kafka_try FOLDER CACHE: once. A broker and a controller in one process may miss each other on a busy machine (Kafka 4.2:
# "raftManager" is null, "registrationManager()" is null); it then says so, and does not always end.
kafka_try() {
        local java
        [ ! -e "$1/kafka.log" ] || mv -f "$1/kafka.log" "$1/kafka.log.1"
        kafka_java java "$2"
        process_spawn "$1/kafka.pid" "$1/kafka.log" "${java[@]}" kafka.Kafka "$1/server.properties" || return 1
        wait_for 90 "Kafka" kafka_settled "$1" && kafka_ready "$1" || { kafka_kill "$1"; return 1; }
}

# The broker says so when it is registered, unfenced and answers.
kafka_ready() {
        process_lives "$1/kafka.pid" && grep -q 'Kafka Server started' "$1/kafka.log"
}

kafka_settled() {
        process_gone "$1/kafka.pid" || kafka_ready "$1" || grep -qE 'Exiting Kafka due to fatal exception|Encountered fatal fault' "$1/kafka.log"
}

kafka_stop() {
        process_end "$1/kafka.pid" 30
}

kafka_kill() {
        process_signal "$1/kafka.pid" KILL && wait_for 10 "Kafka's end" process_gone "$1/kafka.pid"
}
