#!/bin/bash
# A wrong key, type, file, port, password, topic or a missing service: one clear line each, and exit 78 or a retry.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"

# The topics that are not there: Kafka answers, the correlator says so and waits until somebody runs hub topics.
topic_missing() {
        { config_head absent; echo "instances: {}"; } >"$TEST/absent.yaml"
        cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/"
        HUB_CONFIG=$TEST/absent.yaml process_up correlate correlate
        wait_for 30 "a word about the topic" grep -Eq '"(warning|error)".*absent\.events\.v1' "$TEST/logs/correlate.log"
        process_lives "$TEST/run/correlate.pid"
}

service_up postgres mosquitto
postgres_database "$HUB_PORT_POSTGRES" "$HUB_SECRETS"
check "the table of messages" /usr/bin/python3 "$HERE/lib/config_messages.py"
service_up kafka
hub_ready
check "a topic that is not there: a line, and it waits" topic_missing
