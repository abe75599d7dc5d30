# shellcheck shell=bash
# Processes by their own pids. A pid file holds "PID START", START being the kernel's start time of that process, so that a
# pid that was given to somebody else is never signalled. Nothing here looks for processes by name.

# process_began PID: the start time, in clock ticks since boot; fails when there is no such process or it is a zombie. A killed
# process whose threads still end (and hold its ports) is there yet.
process_began() {
        local stat pid=$1
        { read -r stat <"/proc/$pid/stat"; } 2>/dev/null || return 1
        stat=${stat##*) }
        # shellcheck disable=SC2086
        set -- $stat
        [ "$1" != Z ] || process_has_threads "$pid" || return 1
        printf '%s\n' "${20}"
}

process_has_threads() {
        set -- /proc/"$1"/task/*
        [ $# -gt 1 ]
}

# process_note FILE PID
process_note() {
        local began
        began=$(process_began "$2") || return 1
        printf '%s %s\n' "$2" "$began" >"$1.new"
        mv -f "$1.new" "$1"
}

# process_pid FILE: the pid, while that very process lives.
process_pid() {
        local pid began
        { read -r pid began <"$1"; } 2>/dev/null || return 1
        [ -n "$began" ] && [ "$(process_began "$pid")" = "$began" ] && printf '%s\n' "$pid"
}

process_lives() {
        process_pid "$1" >/dev/null
}

process_gone() {
        ! process_lives "$1"
}

# process_signal FILE SIGNAL
process_signal() {
        local pid
        pid=$(process_pid "$1") && kill "-$2" "$pid" 2>/dev/null
}

# process_end FILE SECONDS: TERM, then KILL when SECONDS are over. No error when it is gone already.
process_end() {
        process_signal "$1" TERM || { rm -f "$1"; return 0; }
        if ! wait_for "$2" "the end of pid $(process_pid "$1")" process_gone "$1"; then
                process_signal "$1" KILL || true
                wait_for 10 "the end of ${1##*/}" process_gone "$1"
        fi
        rm -f "$1"
}

# process_spawn FILE LOG COMMAND...: a daemon of ours in a session of its own (a Ctrl-C does not reach it).
process_spawn() {
        local file=$1 log=$2
        shift 2
        setsid "$@" >>"$log" 2>&1 </dev/null 9>&- &
        process_note "$file" $! || { tail -n 5 "$log" >&2; return 1; }
        disown $! 2>/dev/null || true
}

# loop_start FOLDER NAME COMMAND...: COMMAND in a restart loop; FOLDER/run/NAME.pid (of the process), NAME.loop, logs/NAME.log.
loop_start() {
        local folder=$1 name=$2
        shift 2
        mkdir -p "$folder/run" "$folder/logs"
        process_gone "$folder/run/$name.loop" || return 0
        process_spawn "$folder/run/$name.loop" "$folder/logs/$name.log" \
                bash "$HUB_CLONE/deploy/lib/loop" "$folder/run/$name.pid" "$@"
        wait_for 10 "$name" test -s "$folder/run/$name.pid"
}

# loop_stop FOLDER NAME [SECONDS]: the loop passes TERM on, so that the process drains; an orphan of a killed loop ends too.
loop_stop() {
        process_end "$1/run/$2.loop" "${3:-40}"
        process_end "$1/run/$2.pid" 5
}

loop_lives() {
        process_lives "$1/run/$2.loop"
}

# loop_kill FOLDER NAME: SIGKILL to the process; its loop starts it again.
loop_kill() {
        process_signal "$1/run/$2.pid" KILL
}
