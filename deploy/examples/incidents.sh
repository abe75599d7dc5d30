#!/bin/bash
# Follows hub.incidents.v1: incidents.sh [BROKERS [TOPIC [kcat options]]], as "-e" to end where the topic ends now. Needs kcat and jq.
# jq holds the newest (epoch, version) of each incident: repeats and what is older are dropped.
set -euo pipefail
brokers=${1:-127.0.0.1:9092} topic=${2:-hub.incidents.v1}
kcat -C -q -u -b "$brokers" -t "$topic" -o beginning "${@:3}" |
        jq -rn --unbuffered 'foreach inputs as $body ({};
                .new = ([$body.epoch, $body.version] > (.[$body.incident] // [0, 0])) | if .new then .[$body.incident] = [$body.epoch, $body.version] else . end;
                if .new then [$body.feed, $body.incident, "\($body.epoch).\($body.version)", $body.change, $body.state, $body.title] | @tsv else empty end)'
