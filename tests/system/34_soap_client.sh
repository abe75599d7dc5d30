#!/bin/bash
# Petitions by a SOAP client that nobody here wrote (zeep of PyPI, where it can be had), to a running adapter: every answer is read, what was told to be stored is in the
# warehouse, and of a secret one there is nothing anywhere.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"

export HUB_CONFIG=$TEST/hub.yaml PYTHONPATH=$TEST/python
stored() { sql "SELECT source_id FROM (SELECT substring(id from '^p02::([^:]*):') AS source_id FROM ods.record WHERE verdict = 'stored' AND kind = 'report') AS known ORDER BY 1"; }
stored_are() { [ "$(stored | wc -l)" -ge "$1" ]; }

mkdir -p "$TEST/python"
/usr/bin/python3 -m pip install -q --no-input --target "$TEST/python" zeep >"$TEST/logs/pip.log" 2>&1 || skip "zeep of PyPI cannot be had"
service_up kafka postgres
echo "a word of the office" >"$HUB_SECRETS/petition"
chmod 0400 "$HUB_SECRETS/petition"
cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
{
        config_head
        cat <<END
instances:
  petition:
    adapter: petition
    source: { kind: http_push, listen: "127.0.0.1:$HUB_PORT_HTTP", path: /services/petition, methods: POST, auth: token, token_header: token, password_file: "$HUB_SECRETS/petition" }
END
} >"$HUB_CONFIG"
hub_ready
process_up correlate correlate
process_up petition run petition
wait_for 30 "the port" grep -q '"listening"' "$TEST/logs/petition.log"

call() { /usr/bin/python3 "$HERE/../clients/soap.py" "http://127.0.0.1:$HUB_PORT_HTTP/services/petition" "$HUB_SECRETS/petition" >"$TEST/told"; }
check "each call is answered as is due" call
check "22 are told to be stored" test "$(grep -c . "$TEST/told")" -eq 22
wait_for 60 "all of them in the warehouse" stored_are 22
check "they are there, each once, and nothing else" diff <(sort "$TEST/told") <(stored)
process_down petition
process_down correlate
check "what failed is kept, the secret ones and those with another token are not" test \
        "$(sql "SELECT string_agg(reason || ' ' || n, ', ' ORDER BY reason) FROM (SELECT reason, count(*) AS n FROM ops.rejected GROUP BY 1) AS known")" = \
        "bad_time 2, doctype 2, missing_field 2, not_xml 2, unknown_message 2"
check "the ledger balances" hub audit --wait 30s
check "nothing of a secret one stands in a log or a folder" test -z "$(grep -rl -e "-secret" -e "甲家的秘密" "$TEST/logs" "$HUB_STATE")"
check "nor in the warehouse" test "$(sql "SELECT count(*) FROM ods.record WHERE text LIKE '%secret%' OR id LIKE '%secret%'")" -eq 0
check "no token stands in a log" test -z "$(grep -l "a word of the office" "$TEST"/logs/*.log)"
