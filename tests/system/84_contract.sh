#!/bin/bash
# schemas/openapi.yaml is OpenAPI 3.1 by a validator that nobody here wrote, and schemathesis, which makes requests of it, right ones and wrong ones, finds no
# answer that it does not describe, not of logins and commands either. Both from PyPI, in the versions of tests/contract/requirements.txt.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/serve.sh"
LIBRARIES=$CACHE/contract
SPEC=$HUB_CLONE/schemas/openapi.yaml

# The description's example of an incident becomes one that is there, as it stands now: what the examples order can be done. Its example of an Idempotency-Key goes: with
# one key for all, every command after the first is 422.
real() {
        local incident version
        read -r incident version < <(sql "SELECT incident || ' ' || epoch || '.' || version FROM dw.incident WHERE version > 0 ORDER BY incident LIMIT 1")
        sed -e "s/i-7k3qf2m9x0c5v8r1t6w4y2z3ab/$incident/g" -e "s/\b1\.7\b/$version/g" -e "s/, example: 0b7e7dee-[0-9a-f-]*//" "$SPEC" >"$TEST/openapi.yaml"
        [ -n "$version" ] && grep -q "verb: note, incident: $incident" "$TEST/openapi.yaml" && grep -qF "\"\\\"$version\\\"\"" "$TEST/openapi.yaml"
}

# What was drawn is drawn again: the seed is fixed. Left out are the stream, which has no end that a drawn request could wait for (85_stream hears it), and HEAD, whose
# answers have no body to hold against anything. Nobody shows a key that is none: most answers would be 401 alone.
drawn() (
        cd "$TEST" # it keeps what it found below where it runs
        export SCHEMATHESIS_HOOKS=hooks PYTHONPATH=$HUB_CLONE/tests/contract PYTHONDONTWRITEBYTECODE=1
        timeout 240 "$LIBRARIES/bin/schemathesis" run "$TEST/openapi.yaml" --url "$SERVE" --exclude-method HEAD --exclude-path /v1/stream/incidents \
                --generation-with-security-parameters false --phases examples,coverage,fuzzing --max-examples 8 --seed 20231205 --generation-database none \
                --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance >"$TEST/drawn" 2>&1 || { tail -n 60 "$TEST/drawn"; return 1; }
        tail -n 8 "$TEST/drawn"
)

mkdir -p "$CACHE"
"$HUB_CLONE/tests/clients/run" libraries "$LIBRARIES" "$HUB_CLONE/tests/contract/requirements.txt" || { [ $? -eq 77 ] && skip "the libraries of PyPI cannot be had"; exit 1; }
check "the description is OpenAPI 3.1" "$LIBRARIES/bin/openapi-spec-validator" "$SPEC"
serve_up
check "its example is real" real
check "every answer is as it says" drawn
check "and what it ordered is done" wait_for 30 "a note" sql_is "SELECT count(*) > 0 FROM ops.command WHERE verb = 'note' AND by_whom = 'user:anybody' AND outcome = 'done'" t
