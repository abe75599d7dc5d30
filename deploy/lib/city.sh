# shellcheck shell=bash
# The simulated city of deploy/demo (tests/city/README.md): five days in two minutes, then its hotline goes on answering.
# Needs demo.sh.

CITY=$HUB_CLONE/tests/city/city.py

# Simulated time begins eight days ago, so that it is still past when the play is over and everybody goes on with the real clock.
# It never goes back behind what the warehouse has seen (a play before this one, or one that was broken off).
city_clock() {
        local start
        start=$(demo_sql -c "SELECT to_char(greatest(max(at), now() - interval '8 days') AT TIME ZONE 'UTC',
                'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM ops.tick")
        "$CITY" clock --start "$start" --days 5 --seconds "${HUB_DEMO_SECONDS:-75}" >"$DEMO/clock"
}

# Each play has a number, its seed: another city, with cases of its own.
city_number() {
        local number
        number=$(($(cat "$DEMO/plays" 2>/dev/null || echo 0) + 1))
        echo "$number" >"$DEMO/plays"
        echo "$number"
}

# What stands before an address where the demo is secured.
city_scheme() {
        ! secure || printf %s "$1"
}

city_play() {
        local more
        demo_end_all
        city_clock
        demo_processes
        rm -rf "$DEMO/city"
        mkdir -p "$DEMO/city"
        STARTED+=(city)
        say "the city: five days in Huli, sixteen platforms, each over its own protocol"
        mapfile -t more < <(platforms_arguments "$HUB_PORT_POSTGRES" "$HUB_SECRETS" "$HUB_INBOX")
        demo_clock secure_as city process_spawn "$DEMO/run/city.loop" "$DEMO/logs/city.log" "$CITY" play --work "$DEMO/city" --seed "$(city_number)" --stay \
                --devices "$HUB_CLONE/deploy/config/devices/citybrain.csv" --prefix frigate \
                --mqtt "$(city_scheme ssl://)$HUB_HOST_MQTT:$HUB_PORT_MQTT" --mqtt-user city --mqtt-password-file "$HUB_SECRETS/mqtt-city" \
                --http "127.0.0.1:$HUB_PORT_HTTP" --hotline-user hub --hotline-password-file "$HUB_SECRETS/hotline" \
                --kafka "$(city_scheme ssl://)$HUB_HOST_KAFKA:$HUB_PORT_KAFKA" --kafka-certificate "$HUB_SECRETS/tls/city" --grid-topic "${HUB_GRID_TOPIC:-district.grid.cases}" --letters "$HUB_INBOX/envletter" "${more[@]}"
        city_wait
        wait_for 120 "the city's events in the warehouse" city_arrived || die "$(city_missing) events of the city have not arrived"
        city_return
        touch "$DEMO/city/done"
}

# One line of the city's own now and then, until it has told everything.
city_wait() {
        local line='' last='' end=$((SECONDS + 600))
        until [ -e "$DEMO/city/played.json" ]; do
                demo_runs city || { tail -n 5 "$DEMO/logs/city.log" >&2; die "the city has ended early"; }
                [ "$SECONDS" -lt "$end" ] || die "the city has not come to its end in 10 minutes: $DEMO/logs/city.log"
                line=$(tail -n 1 "$DEMO/logs/city.log")
                [ "$line" = "$last" ] || [ $((SECONDS % 5)) -ne 0 ] || { say "    $line"; last=$line; }
                sleep 0.5
        done
}

# How many of the events that must come out are not in the warehouse.
city_missing() {
        demo_sql -f - <<END
CREATE TEMP TABLE expected (id text, must int, sent_ms double precision);
\\copy expected FROM '$DEMO/city/events.csv' (FORMAT csv, HEADER)
SELECT count(*) FROM expected e WHERE must = 1 AND NOT EXISTS (SELECT FROM ods.event_key k WHERE k.zone = '350206' AND k.id = e.id)
        AND NOT (id ~ ':\*[0-9]+$' AND substring(id FROM '[0-9]+$')::int <= (SELECT count(*) FROM ods.record r
                WHERE r.subject = regexp_replace(e.id, ':\*[0-9]+$', '') AND r.verdict = 'stored'));
END
}

city_arrived() {
        [ "$(city_missing)" = 0 ]
}

# Back to the real clock, or, where simulated time has got ahead of it, on from there at its pace.
city_return() {
        demo_end_all
        awk -F@ -v now="$(date +%s%3N)" -v sim="$(date -d "$(cut -d@ -f1 "$DEMO/clock")" +%s%3N)" '{
                sim += (now - $3) * $2
                if (sim > now)
                        printf "%.0f@1@%.0f\n", sim, now
        }' "$DEMO/clock" >"$DEMO/clock.new"
        mv -f "$DEMO/clock.new" "$DEMO/clock"
        city_serve
        demo_processes
}

# The hotline with nothing new to say: its pollers find it at home.
city_serve() {
        ! demo_runs city || return 0
        STARTED+=(city)
        demo_clock loop_start "$DEMO" city "$CITY" serve --work "$DEMO/city-quiet" --rows 0 \
                --http "127.0.0.1:$HUB_PORT_HTTP" --hotline-user hub --hotline-password-file "$HUB_SECRETS/hotline"
}
