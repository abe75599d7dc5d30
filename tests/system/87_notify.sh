#!/bin/bash
# hub notify under a receiver that fails in every way and is killed, as is hub notify itself: each change that the target wants is taken, signed, each incident's in order;
# what never will be is put to the dead, holds up no other incident, and is sent again when somebody says so. A robot of DingTalk gets a message of each.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
SEED=${HUB_SEED:-$RANDOM}
export HUB_SEED=$SEED
port_fresh PORT_HOOK
port_fresh PORT_ROBOT

lib() {
        /usr/bin/python3 "$HERE/lib/notify.py" "$@"
}

targets() {
        printf '%s\n' "whsec_$(printf 'first key of the target 1' | base64)" "$(printf 'second key of the target' | base64)" >"$TEST/hook.keys"
        printf 'SEC000000000000000000000\n' >"$TEST/robot.key"
        chmod 0400 "$TEST/hook.keys" "$TEST/robot.key"
        cat >"$TEST/desk.yaml" <<END
url: "http://127.0.0.1:$PORT_HOOK/hook"
secret_file: hook.keys
severity: [high, critical]
retry_least: 20ms
retry_most: 200ms
give_up: 4s
timeout: 5s
END
        cat >"$TEST/robot.yaml" <<END
url: "http://127.0.0.1:$PORT_ROBOT/robot/send?access_token=t"
form: dingtalk
secret_file: robot.key
severity: [high, critical]
retry_least: 10ms
retry_most: 50ms
text: "{incident} {epoch} {version}\n\n**{title}** {category.name} {place.address} {platforms} {link}"
END
}

# All that waits is settled, and all that is new was read.
settled() {
        [ "$(cat "$HUB_STATE/notify/$1/place.json")" = "{\"feed\":$(sql "SELECT feed FROM ops.feed_head")}" ] &&
                [ -z "$(ls "$HUB_STATE/notify/$1/waiting")" ]
}

dead() {
        hub notify "$TEST/desk.yaml" dead "$@"
}

# Incidents that end in 0 to 6 are refused with 400, those in 7 to d fail until they are given up; which there are is the seed's. On a slow machine
# another may be unlucky for as long.
dead_are_right() {
        awk -F '\t' '{ split($2, id, ":"); last = substr(id[1], length(id[1])); if ((last ~ /[0-6]/) != ($NF == "status 400")) wrong = 1 }
                END { exit wrong || NR == 0 }' "$TEST/dead"
}

# A file of the target that another reads is refused, as is a second process of it.
refused() {
        chmod 0444 "$TEST/hook.keys"
        ! HUB_DB_USER=api timeout 20 "$HUB" notify "$TEST/other.yaml" 2>"$TEST/said"
        chmod 0400 "$TEST/hook.keys"
        grep -q 'hook.keys' "$TEST/said"
}

echo "seed $SEED"
service_up postgres
config_head >"$TEST/hub.yaml"
printf '"350206": { name: 湖里区, partition: 3 }\n' >"$TEST/zones.yaml"
echo "instances: {}" >>"$TEST/hub.yaml"
export HUB_CONFIG=$TEST/hub.yaml HUB_LOOP_WAIT=0.2
postgres_database "$HUB_PORT_POSTGRES" "$HUB_SECRETS"
hub migrate >/dev/null
postgres_logins "$HUB_PORT_POSTGRES" "$HUB_SECRETS"
targets
cp "$TEST/desk.yaml" "$TEST/other.yaml"
echo sick >"$TEST/mood"
program_up hook /usr/bin/python3 "$HERE/lib/notify.py" receive "$PORT_HOOK" "$TEST/got" "$TEST/mood"
program_up robot /usr/bin/python3 "$HERE/lib/notify.py" robot "$PORT_ROBOT" "$TEST/robot-got"
check "keys that others may read are refused" refused
process_up desk notify "$TEST/desk.yaml"
process_up robot-desk notify "$TEST/robot.yaml"
wait_for 20 "its place" test -s "$HUB_STATE/notify/desk/place.json"
wait_for 20 "the robot's place" test -s "$HUB_STATE/notify/robot/place.json"
for round in 1 2 3; do
        /usr/bin/python3 "$HERE/lib/stream.py" write --seconds 1 --rate 60 --incidents 30 --seed "$SEED" --from "$round" >/dev/null
        lib number
        case $round in 1) process_kill desk ;; 2) process_kill hook ;; *) process_kill desk && process_kill robot-desk ;; esac
        sleep 0.5
done
check "the target has what it wants, and the dead are put aside" wait_for 90 "an end" settled desk
dead >"$TEST/dead"
check "what it got" lib judge "$TEST/got" "$TEST/dead"
check "the dead are those that it would not have" dead_are_right
echo well >"$TEST/mood"
check "they are sent again" dead retry
check "by the process that runs" wait_for 30 "an end" settled desk
check "and nothing is missing" lib judge "$TEST/got"
check "none is dead any more" [ -z "$(dead)" ]
check "the robot has read all" wait_for 60 "an end" settled robot
check "the robot's messages" lib judge-robot "$TEST/robot-got"
check "a second process of a target is refused" exits 78 timeout 20 env HUB_DB_USER=api "$HUB" notify "$TEST/desk.yaml"
process_down desk
process_down robot-desk
exit "$FAILED"
