#!/bin/bash
# What the kill tests are worth: the same load and the same blows, once with the hub as it is, and once for each of its guards with
# that guard taken away (tool/controls.h). The first must pass, each of the others must fail, and by the check that is there for it.
# CONTROLS: the guards, or all, as tests/run --long has it; none by default, for whether a blow hits what lies unguarded is a matter
# of its moment. The product's binary has no trace of all this.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
HUB_CONTROLS=$(dirname "$(dirname "$HUB")")/tests/system/tool/test-hub-controls PRODUCT=$HUB
. "$(dirname "$0")/lib/config.sh"
export WIRE PYTHONPATH=$HERE/lib HUB_LOOP_WAIT=0.3 HUB_METRICS=$TEST/state/.metrics

CONTROLS=${CONTROLS:-}
[ "$CONTROLS" != all ] || CONTROLS="gate flush autocommit puback early watermark tag,compare lock,compare"
READERS=(brain-a brain-b grid-e hook) DECIDERS=(correlate-1 correlate-2 relay-1 relay-2)

# The check that must fail when the guard is away.
due() {
        case $1 in
        gate) echo "no event is stored twice" ;;
        flush | puback) echo "all [0-9]* events are stored" ;;
        early) echo "what was answered 2xx is stored" ;;
        watermark) echo "the topic holds the outbox's versions" ;;
        autocommit | tag,compare | lock,compare) echo "each offset of both topics is there once" ;;
        esac
}

# configure PREFIX
configure() {
        cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
        config_head "$1"
        cat <<END
metrics: { targets: "$HUB_METRICS" }
instances:
$(config_mqtt brain-a 350206 "$1-a" "$TEST/$1/$1-a.csv")
$(config_mqtt brain-b 350203 "$1-b" "$TEST/$1/$1-b.csv")
$(config_grid grid-e 350205 "$1-grid")
$(config_push hook 350211 20s)
END
}

# One zone's transactions stay open for a moment with their rows written: others, whose rows have higher numbers, are committed before.
slow_zone() {
        sql "CREATE FUNCTION ops.slow() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
                IF current_setting('test.slept', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
                        PERFORM set_config('test.slept', pg_current_xact_id()::text, true), pg_sleep(0.3);
                END IF;
                RETURN NULL;
        END \$\$;
        CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON ops.outbox DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.zone = '350203') EXECUTE FUNCTION ops.slow()" >/dev/null
}

told() { grep -qE '^[0-9]+ 2' "$TEST/$1/pushed"; }
stored() { sql_is "SELECT count(DISTINCT instance) >= 4 FROM ods.record WHERE kind = 'report'" t; }

# scene NAME: its log, on stdout; a topic prefix, a database and a state of its own.
scene() {
        local name=$1 pushing patience=30
        rm -rf "$HUB_STATE"
        mkdir -p "$HUB_STATE" "$TEST/$name"
        PGDATABASE=postgres postgres_sql "$HUB_PORT_POSTGRES" "$HUB_SECRETS" postgres -c 'DROP DATABASE IF EXISTS hub WITH (FORCE)' >/dev/null
        /usr/bin/python3 "$CITY" load --work "$TEST/$name" --prepare --prefixes "$name-a,$name-b" --hotlines ''
        configure "$name" >"$TEST/$name.yaml"
        export HUB_CONFIG=$TEST/$name.yaml
        hub_ready
        slow_zone
        # A third guard, the key of the log in the warehouse, would end whoever comes second.
        [[ ${HUB_CONTROL:-} != *compare* ]] || sql "ALTER TABLE ods.record DROP CONSTRAINT record_pkey" >/dev/null
        PROCESSES=()
        for reader in "${READERS[@]}"; do process_up "$reader" run "$reader"; done
        for decider in "${DECIDERS[@]}"; do process_up "$decider" "${decider%-*}"; done
        city_start "$name" load --events 100 --rate 100 --broken 0 --prefixes "$name-a,$name-b" --hotlines '' --kafka "$BROKERS" --grid-topic "$name-grid" --until "$TEST/$name/struck"
        /usr/bin/python3 "$HERE/lib/push.py" "http://127.0.0.1:$HUB_PORT_HTTP/hook" --keys "$HUB_SECRETS/hook" --count 20000 --clients 3 --out "$TEST/$name/pushed" >/dev/null 2>"$TEST/logs/push.log" &
        pushing=$!
        # without a guard it may never come
        [ -n "${HUB_CONTROL:-}" ] || patience=180
        wait_for 60 "all to flow" stored
        /usr/bin/python3 "$HERE/lib/controls.py" blows "$name"
        touch "$TEST/$name/struck"
        kill "$pushing"
        wait "$pushing" 2>/dev/null || true
        wait_for 60 "the simulator to be done" test -e "$TEST/$name/played.json"
        wait_for "$patience" "nothing unread, nothing unpublished" lag_zero "$name" || true
        for process in "${READERS[@]}"; do process_down "$process"; done
        wait_for "$patience" "nothing unread, nothing unpublished" lag_zero "$name" || true
        for process in "${DECIDERS[@]}" "$name"; do process_down "$process"; done
        /usr/bin/python3 "$HERE/lib/controls.py" verdict "$name" "$name" "$TEST/$name/pushed" || true
        /usr/bin/python3 "$HERE/lib/outbox.py" "$name.incidents.v1" || true
}

# passes NAME, fails NAME GUARD: what the verdicts said in that scene.
passes() {
        grep -q '^ok: there are versions' "$TEST/$1/log" && ! grep -qE 'FAILED|Traceback' "$TEST/$1/log" || { cat "$TEST/$1/log"; false; }
}

fails() {
        grep -E "FAILED: $(due "$2")" "$TEST/$1/log" | cut -c1-200 || { cat "$TEST/$1/log"; false; }
}

[ -x "$HUB_CONTROLS" ] || skip "no test-hub-controls beside $HUB"
push_key
check "the product's binary knows no control" test "$(grep -c HUB_CONTROL "$PRODUCT" || true),$(grep -c HUB_CONTROL "$HUB_CONTROLS")" = "0,1"
service_up kafka postgres mosquitto
HUB=$HUB_CONTROLS
number=0
for guard in none $CONTROLS; do
        name=scene$((number++)) began=$SECONDS
        mkdir -p "$TEST/$name"
        export HUB_CONTROL=${guard#none}
        scene "$name" >"$TEST/$name/log" 2>&1 || true # who is without a guard may not even end well: the verdicts decide
        echo "$guard: $((SECONDS - began)) s"
        if [ "$guard" = none ]; then
                check "with every guard in its place nothing is lost, and nothing is there twice" passes "$name"
        else
                check "without $guard the harness fails" fails "$name" "$guard"
        fi
done
