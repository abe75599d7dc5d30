# shellcheck shell=bash
# The stages of tests/run. A stage is a function stage_NAME; what it prints is its log; it counts with count(), one for each
# test where it has several, else its exit code counts as one. Needs all.sh.

LOGS=$(work_folder)/tests/logs
PASSED=0 FAILED=0 SKIPPED=0
STAGE_PID=
STAGES=() # of what runs, by pid: its name and when it began
FUZZ_SECONDS=3

stage_names() {
        printf '%s\n' build release clang layers units shell format tidy unit
        [ -z "${SANITIZERS:-}" ] || printf '%s\n' threads valgrind
        printf '%s\n' property conform fuzz
        find "$HUB_CLONE/tests/system" -name '[0-9]*.sh' -printf 'system/%f\n' 2>/dev/null | sed 's/\.sh$//' | sort | sed '/^system\/00/a console\nfixtures\npages'
}

# stage_wanted NAME WANTED...: everything by default; what needs the build gets it.
stage_wanted() {
        local name=$1
        shift
        [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] && return
        [ "$name" = build ] && [[ " $* " =~ \ (unit|property|fixtures|pages|conform|system) ]] && return
        [ "$name" = clang ] && [[ " $* " == *" tidy "* ]]
}

stage_begin() {
        work_make "$(work_folder)"
        mkdir -p "$LOGS"
        exec 9>"$(work_folder)/tests.lock"
        flock -n 9 || die "another tests/run is at work in this clone"
        trap stage_break INT TERM
        work_room "$(work_folder)" 2048
        packages_install "$LOGS/packages.log" || exit 1
        export CK_FORK=yes CK_VERBOSITY=normal ASAN_OPTIONS=detect_stack_use_after_return=1:exitcode=99
        export UBSAN_OPTIONS=halt_on_error=1:exitcode=99:print_stacktrace=1
        export HUB=$HUB_CLONE/build-test/hub/hub
        stage_beside
}

# Payloads and labelled reports that others wrote are not ours to keep: where they lie beside the clone, tests use them, elsewhere
# those tests skip and say so.
stage_beside() {
        local beside=$HUB_CLONE/../shared
        if [ -z "${HUB_DATA:-}" ] && [ -d "$beside/data" ]; then export HUB_DATA=$beside/data; fi
        if [ -z "${HUB_SAMPLES:-}" ] && [ -d "$beside/samples" ]; then export HUB_SAMPLES=$beside/samples; fi
}

# A system test ends its own services on TERM: it is told, and waited for.
stage_break() {
        trap '' INT TERM
        [ ${#STAGES[@]} -eq 0 ] || kill -TERM "${!STAGES[@]}" 2>/dev/null || true
        wait
        exit 130
}

# stage_begins NAME: it runs, its pid in STAGE_PID.
stage_begins() {
        local log=$LOGS/${1//\//-}.log
        case $1 in
        system/*) stage_system "${1#system/}" >"$log" 2>&1 9>&- & ;;
        *) "stage_$1" >"$log" 2>&1 9>&- & ;;
        esac
        STAGE_PID=$!
        STAGES[STAGE_PID]="$1 $SECONDS"
}

# stage_ends PID CODE: its line, and its log when it failed. 77: skipped, the last line of its log says why.
stage_ends() {
        local name began log counts passed=1 failed=0 skipped=0 code=$2
        read -r name began <<<"${STAGES[$1]}"
        unset "STAGES[$1]"
        log=$LOGS/${name//\//-}.log
        counts=$(sed -n 's/^counts //p' "$log" | tail -n 1)
        case $code in
        0) ;;
        77) passed=0 skipped=1 ;;
        *) passed=0 failed=1 ;;
        esac
        # shellcheck disable=SC2086
        [ -z "$counts" ] || read -r passed failed skipped <<<"$counts"
        [ "$code" -eq 0 ] || [ "$code" -eq 77 ] || [ "$failed" -gt 0 ] || failed=1
        PASSED=$((PASSED + passed)) FAILED=$((FAILED + failed)) SKIPPED=$((SKIPPED + skipped))
        stage_line "$name" "$log" $((SECONDS - began)) "$passed" "$failed" "$skipped"
}

# Waits until one of those that run has ended.
stage_next() {
        local code=0 ended=
        wait -n -p ended "${!STAGES[@]}" || code=$?
        stage_ends "$ended" "$code"
}

stage_run() {
        stage_begins "$1"
        stage_next
}

# What leaves a core to others: the screen's tests, those of the fixtures, and system tests.
stage_waits() {
        [[ $1 == fixtures || $1 == pages || $1 == console || $1 == system/* ]]
}

# So many at a time, each with ports and a folder of its own. Alone: the first ones, which fetch what all need, and at the end
# those that share the demo's folder.
stage_alone() {
        [[ $1 == system/80_demo || $1 == system/81_external ]]
}

stage_systems() {
        local name
        for name in "$@"; do
                ! stage_alone "$name" || continue
                while [ ${#STAGES[@]} -ge "${TEST_JOBS:-2}" ]; do stage_next; done
                if [[ $name == system/00* ]]; then stage_run "$name" && continue; fi
                stage_begins "$name"
        done
        while [ ${#STAGES[@]} -gt 0 ]; do stage_next; done
        for name in "$@"; do
                if stage_alone "$name"; then stage_run "$name"; fi
        done
}

stage_line() {
        local word=ok why=
        if [ "$6" -gt 0 ] && [ "$4" -eq 0 ]; then word=skipped why=$(grep -v '^counts ' "$2" | tail -n 1); fi
        [ "$5" -eq 0 ] || word=FAILED why="$5 failed"
        printf '%-8s %-28s %4d passed %4d s  %s\n' "$word" "$1" "$4" "$3" "$why"
        if [ "$5" -gt 0 ]; then
                cat "$2"
                printf -- '--- end of the log of %s\n' "$1"
                grep -a '^FAILED' "$2" | cut -c1-400 | head -n 10 || true
        fi
}

stage_total() {
        local skipped=
        [ "$SKIPPED" -eq 0 ] || skipped=", $SKIPPED skipped"
        printf '%d passed, %d failed%s\n' "$PASSED" "$FAILED" "$skipped"
        [ "$FAILED" -eq 0 ]
}

# ---- the stages ----

stage_meson() {
        local folder=$1
        shift
        [ -e "$folder/build.ninja" ] || meson setup "$folder" "$HUB_CLONE" "$@" || return 1
        ninja -C "$folder"
}

stage_build() {
        CC=gcc stage_meson build-test -Db_sanitize=address,undefined -Doptimization=1
}

# With everything that the optimiser sees: as it is installed, and as the demo builds it.
stage_release() {
        CC=gcc stage_meson build-release --buildtype=release && CC=gcc TARGET=hub/hub build_hub build "$LOGS/build.log"
}

# A second compiler sees other things; it has no tests of its own.
stage_clang() {
        CC=clang stage_meson build-clang
}

stage_layers() {
        tests/layers
}

# systemd units. Without systemd-analyze: skipped.
stage_units() {
        tests/units
}

# Scripts at least parse; with shellcheck installed, it has its say.
stage_shell() {
        local file code=0
        while read -r file; do
                bash -n "$file" || code=1
        done < <(stage_scripts)
        ! command -v shellcheck >/dev/null || stage_scripts | xargs shellcheck -x || code=1
        return "$code"
}

stage_scripts() {
        find deploy tests .ci -type f ! -path '*/city/*' \( -name '*.sh' -o ! -name '*.*' \) -exec grep -lE '^#!/bin/(ba)?sh|shellcheck shell=bash' {} +
}

stage_sources() {
        find hub adapters "$@" -name '*.[ch]' | sort
}

stage_format() {
        stage_sources tests | xargs clang-format --dry-run -Werror
}

# Needs build-clang for its compile_commands.json. One file a process: clang-tidy 14 sees uninitialised va_lists in the second.
stage_tidy() {
        stage_sources | grep '\.c$' | xargs -P 2 -n 1 clang-tidy -p build-clang --quiet 2>&1 | sed '/warnings\? generated/d'
}

# Seconds a target, or with --long a minute.
stage_fuzz() {
        [ -e build-fuzz/build.ninja ] ||
                CC=clang meson setup build-fuzz -Dfuzz=true -Db_sanitize=address,undefined -Doptimization=1 -Db_lundef=false || return 1
        ninja -C build-fuzz fuzz || return 1
        tests/fuzz/run --seconds "$FUZZ_SECONDS"
}

stage_unit() {
        stage_suite unit
}

# The unit tests once more, by who sees races and by who sees what was never written. Libraries are as Debian built them: what
# is theirs stands in tests/sanitize, each line with its reason. gcc 12 takes what it instruments for ThreadSanitizer for
# uninitialised here and there: its warnings are the other builds'. What is slow under it has 20 times as long, of Check as of Meson.
# C11's threads are made known to it (tests/sanitize/c11_threads.c); a test of a kill forks beside threads, and may.
stage_threads() {
        CC=gcc stage_meson build-threads -Db_sanitize=thread -Doptimization=1 -Dwerror=false || return 1
        CK_TIMEOUT_MULTIPLIER=20 TSAN_OPTIONS=suppressions=$HUB_CLONE/tests/sanitize/threads:halt_on_error=0:exitcode=66:history_size=4:die_after_fork=0 \
                meson test -C build-threads --no-rebuild --suite unit -t 20 --print-errorlogs --wrap="env LD_PRELOAD=$HUB_CLONE/build-threads/tests/sanitize/c11-threads.so"
}

stage_valgrind() {
        CC=gcc stage_meson build-valgrind -Doptimization=1 || return 1
        CK_FORK=no meson test -C build-valgrind --no-rebuild --suite unit -t 60 --print-errorlogs \
                --wrap="valgrind -q --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite --error-exitcode=66 --suppressions=$HUB_CLONE/tests/sanitize/valgrind"
}

stage_property() {
        stage_suite property
}

stage_fixtures() {
        stage_suite fixtures
}

# The pages of the adapters say what their tables say.
stage_pages() {
        [ -x "$HUB" ] || { echo "the build failed"; return 1; }
        local code=0 suite=$LOGS/suite-pages
        tests/fixtures/pages | tee "$suite" || code=1
        echo "counts $(stage_cases 4) $(($(stage_cases 2) - $(stage_cases 4))) 0"
        return "$code"
}

# Every adapter on changed inputs of its fixtures.
stage_conform() {
        stage_suite conform
}

# The screen of hub serve, in a real browser. Its npm comes with deploy/packages.
stage_console() {
        command -v npm >/dev/null || { echo "npm is not here"; return 77; }
        tests/console/run
}

# stage_suite NAME: Meson's suite of that name, and tests/NAME/run where there is one. More at a time than there are cores: many
# of them wait for what they started.
stage_suite() {
        local code=0 ok=0 bad=0 skipped=0 suite=$LOGS/suite-$1
        [ -x "$HUB" ] || { echo "the build failed"; return 1; }
        if meson test -C build-test --no-rebuild --list --suite "$1" >/dev/null 2>&1; then
                meson test -C build-test --no-rebuild --num-processes $((2 * $(nproc))) --suite "$1" --print-errorlogs 2>&1 | tee "$suite" || code=1
                ok=$(stage_number Ok) bad=$(($(stage_number Fail) + $(stage_number Timeout) + $(stage_number 'Unexpected Pass')))
                skipped=$(stage_number Skipped)
        fi
        if [ -x "tests/$1/run" ]; then
                "tests/$1/run" 2>&1 | tee "$suite" || code=1
                ok=$((ok + $(stage_cases 4))) bad=$((bad + $(stage_cases 2) - $(stage_cases 4)))
                skipped=$((skipped + $(grep -c ': skipped' "$suite" || true)))
        fi
        [ $((ok + bad + skipped)) -gt 0 ] || { echo "no tests in $1"; return 77; }
        echo "counts $ok $bad $skipped"
        return "$code"
}

# Of what stands in the file $suite: the sum of a field of the lines "NAME: N cases, M pass".
stage_cases() {
        awk -v field="$1" '/: [0-9]+ cases, [0-9]+ pass$/ { sum += $field } END { print sum + 0 }' "$suite"
}

stage_number() {
        sed -n "s/^$1: *//p" "$suite" | grep . || echo 0
}

# A script that hangs gets TERM after 20 minutes, and time to end its services.
stage_system() {
        [ -x "$HUB" ] || { echo "the build failed"; return 1; }
        exec timeout -k 90 "${SYSTEM_SECONDS:-1200}" bash "tests/system/$1.sh"
}
