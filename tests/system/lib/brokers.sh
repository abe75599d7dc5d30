# shellcheck shell=bash
# Kafka as the tests want it beyond one broker on one port. Needs tests/lib/services.sh; sourced before service_up.

# A second listener on PORT_CUT for who comes through a proxy: what Kafka tells clients there leads them to PORT_PROXY again. Everybody else stays on HUB_PORT_KAFKA.
kafka_through() {
        PORT_CUT=$1 PORT_PROXY=$2
        eval "plain_$(declare -f kafka_configure)"
        kafka_configure() {
                plain_kafka_configure "$@"
                sed -i -e "s|^listeners=.*|&,CUT://127.0.0.1:$PORT_CUT|" -e "s|^advertised.listeners=.*|&,CUT://127.0.0.1:$PORT_PROXY|" \
                        -e 's|^listener.security.protocol.map=.*|&,CUT:PLAINTEXT|' "$1/server.properties"
        }
}
