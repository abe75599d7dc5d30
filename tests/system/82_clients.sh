#!/bin/bash
# The hub, run as it is shipped, and clients of eight platforms that nobody here wrote: signers, SOAP, Digest, feeds, CAP, GeoJSON, CloudEvents, MQTT, from PyPI in
# the versions of tests/clients/requirements.txt. Another client reads what came of it.
set -euo pipefail
# shellcheck source=../lib/services.sh
. "$(dirname "$0")/../lib/services.sh"
CLIENTS=$(cd "$(dirname "$0")/../clients" && pwd -P)
LIBRARIES=$CACHE/clients
INSTANCES=(residence petition village opinion opinion-atom weather aerial grid railway)
CLIENTS_NOW=$(date +%s)
export CLIENTS_NOW
export HUB_CONFIG=$TEST/config/hub.yaml HUB_INBOX=$TEST/inbox HUB_POLL=500ms HUB_GRID_TOPIC=clients.grid.cases

clients() { "$CLIENTS/run" "$1" "$LIBRARIES"; }

mkdir -p "$CACHE" "$TEST/www" "$HUB_INBOX"/{aerial,envletter}
clients libraries || { [ $? -eq 77 ] && skip "the libraries of PyPI cannot be had"; exit 1; }
service_up kafka postgres mosquitto
cp -r "$HUB_CLONE/deploy/config" "$TEST/config"
cat >"$TEST/config/conf.d/clients.yaml" <<END
instances:
  opinion-atom:
    adapter: opinion
    zone: "350206"
    source: { kind: http_poll, url: "http://127.0.0.1:$HUB_PORT_HTTP/opinion/atom.xml", interval: "\${HUB_POLL}" }
    options: { categories: { 占道: E0504, 扬尘: E0302 } }
END
hub_ready
clients write
program_up www /usr/bin/python3 -m http.server "$HUB_PORT_HTTP" --bind 127.0.0.1 --directory "$TEST/www"
for name in "${INSTANCES[@]}"; do process_up "$name" run "$name"; done
for port in "$HUB_PORT_RESIDENCE" "$HUB_PORT_PETITION" "$HUB_PORT_VILLAGE"; do wait_for 30 "port $port" port_open "$port"; done
check "the clients see what they have to" clients drive
check "a page that did not change is not sent again to who asks by its time" grep -q '"GET /opinion/feed.xml HTTP/1.1" 304' "$TEST/logs/www.log"
