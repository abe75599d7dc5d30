# shellcheck shell=bash
# Ports on loopback, asked of /proc, so that a bare Debian has all that this needs.

# port_inode PORT: the socket's inode when somebody listens there.
port_inode() {
        local files=(/proc/net/tcp)
        [ ! -e /proc/net/tcp6 ] || files+=(/proc/net/tcp6)
        awk -v port="$(printf ':%04X$' "$1")" '
                $4 == "0A" && $2 ~ port { print $10; found = 1; exit }
                END { exit !found }' "${files[@]}"
}

port_free() {
        ! port_inode "$1" >/dev/null
}

port_open() {
        (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# port_holder PORT: "NAME (pid N)", as far as we may see it.
port_holder() {
        local inode fd pid
        inode=$(port_inode "$1") || { printf 'a process that ended just now\n'; return; }
        for fd in /proc/[0-9]*/fd/*; do
                if [ "$(readlink "$fd" 2>/dev/null)" = "socket:[$inode]" ]; then
                        pid=${fd#/proc/}
                        pid=${pid%%/*}
                        printf '%s (pid %s)\n' "$(cat "/proc/$pid/comm")" "$pid"
                        return
                fi
        done
        printf 'a process of another user\n'
}

# port_need PORT FOR [ADVICE]: one line and failure when it is taken.
port_need() {
        port_free "$1" && return
        printf '%s: port %s, needed for %s, is held by %s%s\n' "${0##*/}" "$1" "$2" "$(port_holder "$1")" "${3:+; $3}" >&2
        return 1
}

# port_fresh VARIABLE: a port nobody listens on, below the kernel's ephemeral range, another one at each call. It is of a hundred that
# nobody else of this work folder draws from while this process lives, or what it started: also what is down for a moment keeps its port.
PORT_LAST=99 PORT_PART=$((BASHPID % 120))
port_part() {
        local lock folder
        folder=$(work_folder)/ports
        mkdir -p "$folder"
        while PORT_PART=$(((PORT_PART + 1) % 120)) && exec {lock}>"$folder/$PORT_PART" && ! flock -n "$lock"; do exec {lock}>&-; done
        PORT_LAST=$((20000 + PORT_PART * 100))
}

port_fresh() {
        local -n into=$1
        while [ $((PORT_LAST % 100)) -ne 99 ] || port_part; do
                ! port_free "$((PORT_LAST += 1))" || break
        done
        # shellcheck disable=SC2034
        into=$PORT_LAST
}
