#!/bin/bash
# Batches in a watched folder: half written, renamed late, marked, sent again, sent again with changes, empty, 128 MiB and one byte more, a link;
# and a SIGKILL between delivery and move. Every case of every whole batch is in the warehouse once, every file lies where it belongs.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"

export HUB_LOOP_WAIT=0.3
DROP=$TEST/drop
rows() { /usr/bin/python3 "$HERE/lib/rows.py" "$@"; }

# instance NAME SETTINGS
instance() {
        mkdir -p "$DROP/$1"
        cat <<END
  $1:
    adapter: hotline
    source: { kind: file, folder: "$DROP/$1", every: 100ms, $2 }
    options:
      profile: vendor
      crs: gcj02
      items: rows
      notes: { note1: title, note2: description, note3: address, note4: category, note5: category_code, note6: lon, note7: lat, note8: reporter,
               note9: phone, note10: channel, note11: community }
END
}

# at FILE: it is there. cases FIRST COUNT: so many of these numbers are in the warehouse, each once.
at() { [ -f "$DROP/$1" ]; }
cases() { sql_is "SELECT count(*) FROM ods.record WHERE verdict = 'stored' AND kind = 'report' AND substring(id from '2312051019([0-9]{8})')::int BETWEEN $1 AND $1 + $2 - 1" "${3:-$2}"; }
rejected() { sql_is "SELECT count(*) FROM ops.rejected WHERE reason = '$1' AND position = '$2'" 1; }
duplicates() { sql "SELECT count(*) FROM ods.record WHERE verdict = 'duplicate'"; }

# handled FOLDER: files that are whole were looked for since now, for one that came later is done. The way to say "it was not taken".
BARRIER=900000
handled() {
        BARRIER=$((BARRIER + 1))
        rows $BARRIER 1 >"$DROP/$1/zz-$BARRIER.tmp"
        mv "$DROP/$1/zz-$BARRIER.tmp" "$DROP/$1/zz-$BARRIER.json"
        [ "$1" != marked ] || touch "$DROP/$1/zz-$BARRIER.json.ok"
        wait_for 60 "zz-$BARRIER" at "$1/done/zz-$BARRIER.json"
}

service_up kafka postgres
cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
{ config_head; echo "instances:"; instance quiet "complete: quiet, quiet: 3s"; instance renamed "complete: rename"; instance marked "complete: marker"; } >"$TEST/hub.yaml"
export HUB_CONFIG=$TEST/hub.yaml
hub_ready
check "hub check --connect knocks at the folders" hub check --connect
rmdir "$DROP/marked"
check "and names the one that is not there" grep -q "marked: $DROP/marked: No such file" <(hub check --connect 2>&1)
for name in quiet renamed marked; do process_up "$name" run "$name"; done
process_up correlate correlate
mkdir "$DROP/marked"

# half written: bytes keep coming while another file is handled
rows 100 50 >"$TEST/half"
head -c 3000 "$TEST/half" >"$DROP/quiet/half.json"
(while [ ! -e "$TEST/enough" ]; do printf ' ' >>"$DROP/quiet/half.json"; sleep 0.2; done) &
WRITER=$!
handled quiet
check "a file that grows is not read" at quiet/half.json
touch "$TEST/enough"
wait "$WRITER"
cat "$TEST/half" >"$DROP/quiet/half.json"
wait_for 60 "the whole file" at quiet/done/half.json
check "all of it is there when it was whole" wait_for 30 "50 cases" cases 100 50

# renamed late
rows 200 50 | head -c 3000 >"$DROP/renamed/late.part"
handled renamed
check "a file of a temporary name is not read" at renamed/late.part
rows 200 50 >"$DROP/renamed/late.part"
mv "$DROP/renamed/late.part" "$DROP/renamed/late.json"
wait_for 60 "the renamed file" at renamed/done/late.json
check "it is read under its own name" wait_for 30 "50 cases" cases 200 50

# marked
rows 300 50 >"$DROP/marked/batch.json"
handled marked
check "a file without its marker is not read" at marked/batch.json
touch "$DROP/marked/batch.json.ok"
wait_for 60 "the marked file" at marked/done/batch.json
check "its marker goes with it" at marked/done/batch.json.ok
check "it is read when it is marked" wait_for 30 "50 cases" cases 300 50

# sent again, and with changes
BEFORE=$(duplicates)
rows 200 50 >"$DROP/renamed/late.tmp" && mv "$DROP/renamed/late.tmp" "$DROP/renamed/late.json"
wait_for 60 "the batch sent again" at renamed/done/late.json.2
again() { [ "$(duplicates)" -eq $((BEFORE + 50)) ]; }
check "a batch sent again is counted as what it is: 50 duplicates" wait_for 30 "50 duplicates" again
check "and stores nothing" cases 200 50
rows 200 50 --stage 待派遣 --at '2023-12-05 11:20:00' >"$DROP/renamed/late.tmp" && mv "$DROP/renamed/late.tmp" "$DROP/renamed/late.json"
wait_for 60 "the changed batch" at renamed/done/late.json.3
check "sent again with changes: 50 revisions more" wait_for 30 "100 revisions" cases 200 50 100
check "of the same 50 cases" sql_is "SELECT count(*) FROM dw.subject WHERE subject ~ '2312051019000002'" 50

# written on after it was taken
rows 700 25 >"$DROP/renamed/on.tmp" && mv "$DROP/renamed/on.tmp" "$DROP/renamed/on.json"
wait_for 60 "the half of it" at renamed/done/on.json
rows 700 50 >"$DROP/renamed/done/on.json"
check "what grew in done/ is read again, whole" wait_for 60 "50 cases" cases 700 50
check "and is done then" wait_for 30 "on.json" at renamed/done/on.json

# nothing, nonsense, a link, a folder
ln -s /etc/passwd "$DROP/renamed/link.json"
mkdir "$DROP/renamed/folder.json"
: >"$DROP/renamed/empty.json"
echo "no json" >"$DROP/renamed/nonsense.json"
handled renamed
check "a link and a folder stay where they are" test -L "$DROP/renamed/link.json" -a -d "$DROP/renamed/folder.json"
check "an empty file is rejected" wait_for 30 "bad_length" rejected bad_length empty.json
check "and so is nonsense" wait_for 30 "not_json" rejected not_json nonsense.json
check "both lie in failed/" test -f "$DROP/renamed/failed/empty.json" -a -f "$DROP/renamed/failed/nonsense.json"

# the largest, and one byte more
rows 400 50 --bytes 134217728 >"$DROP/renamed/large.tmp" && mv "$DROP/renamed/large.tmp" "$DROP/renamed/large.json"
wait_for 120 "128 MiB" at renamed/done/large.json
check "128 MiB are one record" wait_for 30 "50 cases" cases 400 50
rows 500 50 --bytes 134217729 >"$DROP/renamed/larger.tmp" && mv "$DROP/renamed/larger.tmp" "$DROP/renamed/larger.json"
wait_for 120 "more than 128 MiB" at renamed/failed/larger.json
check "one byte more is too large" wait_for 30 "too_large" rejected too_large larger.json
check "and nothing of it is read" cases 500 50 0

# SIGKILL between delivery and move: done/ leads nowhere, so that everything is delivered and nothing moved
rm -rf "$DROP/renamed/done" && ln -s "$TEST/nowhere" "$DROP/renamed/done"
BEFORE=$(duplicates)
rows 600 50 >"$DROP/renamed/kill.tmp" && mv "$DROP/renamed/kill.tmp" "$DROP/renamed/kill.json"
check "it is delivered" wait_for 60 "50 cases" cases 600 50
check "it is not moved, and that is said" wait_for 30 "a line" grep -q 'not acknowledged yet.*kill.json.*No such file' "$TEST/logs/renamed.log"
process_kill renamed
rm "$DROP/renamed/done"
wait_for 60 "the move after the kill" at renamed/done/kill.json
check "it was read whole again" wait_for 30 "50 duplicates" again
check "which did no harm" cases 600 50

for name in quiet renamed marked; do process_down "$name"; done
wait_for 60 "the log to be read" log_read || FAILED=1
check "the ledger balances" hub audit --wait 30s
check "nothing was lost or read twice in silence" test "$(grep -c '"level":"error"' "$TEST/logs/quiet.log" "$TEST/logs/marked.log" | grep -vc ':0')" -eq 0
process_down correlate
