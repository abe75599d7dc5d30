# shellcheck shell=bash
# What deploy/demo tells: what runs, the table, the addresses, what to try. Needs demo.sh.

show_states() {
        local name
        for name in kafka postgres mosquitto correlate relay serve "${INSTANCES[@]}" city; do
                if demo_is_external "$name"; then
                        demo_runs "$name" && printf '%-20s answers (not ours)\n' "$name" || printf '%-20s does not answer (not ours)\n' "$name"
                elif demo_runs "$name"; then printf '%-20s runs\n' "$name"; else printf '%-20s does not run\n' "$name"; fi
        done
}

show_table() {
        demo_runs postgres || die "nothing runs: deploy/demo start"
        say ""
        "$HUB" status
}

show_url() {
        printf 'postgresql://analyst@%s:%s/hub?passfile=%s' "$HUB_HOST_POSTGRES" "$HUB_PORT_POSTGRES" "$HUB_SECRETS/pgpass"
        ! secure || printf '&sslmode=%s&sslrootcert=%s' "$PGSSLMODE" "$PGSSLROOTCERT"
}

show_psql() {
        demo_runs postgres || die "nothing runs: deploy/demo start"
        PGCLIENTENCODING=UTF8 exec psql "$(show_url)" "$@"
}

show_environment() {
        local name
        for name in CONFIG SECRETS STATE POLL HOST_KAFKA PORT_KAFKA HOST_POSTGRES PORT_POSTGRES HOST_MQTT PORT_MQTT PORT_HTTP PORT_SERVE WWW INBOX TOPICS \
                "${PLATFORM_DOORS[@]}"; do
                [[ $name != *:* ]] || { name=${name%:*} && name=PORT_${name^^}; }
                name=HUB_$name
                [ -z "${!name:-}" ] || printf 'export %s=%q\n' "$name" "${!name}"
        done
        ! secure || for name in HUB_SECURE HUB_KAFKA_SECURITY HUB_KAFKA_CA_FILE HUB_KAFKA_CERTIFICATE_FILE HUB_KAFKA_KEY_FILE HUB_MQTT_SCHEME PGSSLMODE PGSSLROOTCERT; do
                printf 'export %s=%q\n' "$name" "${!name}"
        done
        printf 'export PATH=%q:"$PATH"\n' "${HUB%/*}"
}

# show_link NAME: an address that logs in once, as NAME.
show_link() {
        demo_runs serve || die "hub serve does not run: deploy/demo start"
        [ -e "$HUB_WWW/index.html" ] || say "the console was not built: only its interface answers, $DEMO/logs/console.log says why"
        "$HUB" user link "${1:-guest}"
}

show_next() {
        local demo
        demo=$(realpath --relative-to="$PWD" "$HUB_CLONE/deploy/demo")
        [[ $demo == */* ]] || demo=./$demo
        cat <<END

The console, for a browser on this machine; the link logs in once, within ten minutes ($demo link makes another, $demo link dispatcher one that may act):
  $(show_link guest)
Click an incident of the list: map and detail follow, with every report's words side by side and why they were joined, as bars of points.
Press ? for the keys, w for the wall; the lights above are the sixteen platforms.
As dispatcher, press m on a row to merge, s to split, u to undo: the next report follows your word.

It all goes on running, in $DEMO. Try:
  psql '$(show_url)' -c \\
    "SELECT number, category_name, title, reports, platforms FROM dw.incident ORDER BY cardinality(platforms) DESC, reports DESC LIMIT 10"
  $demo psql -c "SELECT subject, score, against, reasons FROM dw.link WHERE decision = 'join' ORDER BY linked_at DESC LIMIT 3"
  $demo hub tail incidents --from 0 --max 3     incident versions, as the command centre gets them
  $demo hub audit                               the ledger: every event accounted for
  $demo hub rejected list                       what could not become an event, and why
  $demo status | stop | reset | help
END
}
