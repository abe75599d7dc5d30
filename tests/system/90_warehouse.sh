#!/bin/bash
# The warehouse's indicators, on cases made by hand whose flags a person can check in lib/warehouse_cases.py.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"

cases() { /usr/bin/python3 "$HERE/lib/warehouse_cases.py" "$@"; }

service_up kafka postgres
cases log "$TEST/log"
cp "$TEST/log/zones.yaml" "$TEST/zones.yaml"
config_head >"$TEST/hub.yaml"
export HUB_CONFIG=$TEST/hub.yaml
hub_ready
sql "SELECT meta.ensure_month('ods.record', m) FROM unnest('{2024-01-15,2024-02-15,2024-03-15}'::timestamptz[]) AS m" >/dev/null
"$WIRE" load "$BROKERS" hub.events.v1 <"$TEST/log/events.tsv"
process_up correlate correlate
wait_for 60 "the log to be read" log_read
sql "INSERT INTO dw.correction (zone, subject, field, value, at) VALUES ('350206', 'p12::put_right_by_hand', 'unit', '禾山中队', '2024-03-04')"
sql "SELECT mart.refresh()"
check "flags of each case" cases check
check "the ledger balances" hub audit --wait 30s

# An analyst of one district, and one who was given none so far.
district_login() {
        postgres_login "$1" "$(postgres_secret "$HUB_SECRETS" "$1")"
        echo "GRANT hub_district_analyst TO $1;"
}
{ district_login district; district_login nobody_yet; } | postgres_sql "$HUB_PORT_POSTGRES" "$HUB_SECRETS" postgres -f -
sql "INSERT INTO mart.analyst_zone VALUES ('district', '350203')"
check "regions of another coordinate system" test "$(hub import regions --crs gcj02 "$TEST/log/regions.geojson")" = "1 regions"
check "lie where they lie" sql_is "SELECT region, name, crs_src, ST_Distance(ST_Centroid(geom)::geography, ST_SetSRID(ST_MakePoint(118.0450, 24.0227), 4490)::geography) < 60 FROM dw.dim_region" \
        "350206001|湖里街道|gcj02|t"
check "half a file of regions is none" exits 2 hub import regions "$TEST/log/broken.geojson"
check "the bulletin, as page, tables and workbook" /usr/bin/python3 "$HERE/lib/warehouse_bulletin.py"
published() {
        hub bulletin --month 2024-02 --as-of 2024-03-05T00:00:00+08:00 --format csv
}
sql "INSERT INTO dw.score_entry (scheme, item, unit, month, value, at) VALUES ('示例', '业务培训', '殿前中队', '2024-02-01', 60, '2024-03-04')"
published >"$TEST/published"
check "an analyst makes it, too" diff "$TEST/published" <(HUB_DB_USER=analyst published)
check "what came back is told in it" grep -q '^十、反复发案' "$TEST/published"
check "the analysts' page is the database's" diff <(hub warehouse dictionary) "$HUB_CLONE/schemas/warehouse.md"
check "and hub help shows it" grep -q '^### mart.case_flags' <(hub help warehouse)

# query NAME: as an analyst asks it on 5 March.
query() {
        PGOPTIONS='-c hub.as_of=2024-03-05T00:00:00+08' query_ask "$1"
}
query_ask() {
        PGPASSWORD=$(cat "$HUB_SECRETS/postgres-analyst") psql -XqAtw -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$HUB_PORT_POSTGRES" -U analyst -d hub -f "$HUB_CLONE/deploy/queries/$1.sql"
}
answers() {
        query "$1" >"$TEST/answer" && diff - "$TEST/answer" <<<"$2"
}
check "what is overdue, by unit" answers overdue_now '湖里中队|4|2024-02-06 09:00:00+08
殿前中队|3|2024-02-06 09:00:00+08
禾山中队|1|2024-02-06 09:00:00+08'
check "who sees what others see" answers seen_by_several '2024-01-01|3|1|33.33
2024-02-01|48|5|10.42'
check "how long to dispatch" grep -qx '2024-02-01|350206|E0504|37|60.0|60.0' <(query minutes_to_dispatch)
check "what joined them" answers what_joined 'cmd:merge|-|7
cmd:split|-|2
cmd:undo|-|1'
check "down to the messages" test "$(query lineage | grep -c '|closed|')" = 7
check "what is hard to use, of those who sent something within four weeks" test "$(query quality | cut -d'|' -f1,4)" = 'p12|0.00'
check "last month's bulletin" grep -q '^1|思明中队|1||1|1|100.00|100.00|0.00$' <(query bulletin)

check "who may see what" /usr/bin/python3 "$HERE/lib/warehouse_rights.py"

check "the dashboard asks what the warehouse knows" /usr/bin/python3 "$HERE/lib/warehouse_board.py" "$HUB_CLONE/deploy/grafana/warehouse.json"

# Twenty events of p88 each Wednesday morning for weeks, and none today; p89 goes on; p90 was never more than three. Ten a day
# of one category until the 29th; on the 30th all came without a position.
sql "INSERT INTO mart.logged_hour SELECT p, 'x', '2024-05-01 08:00+08'::timestamptz - make_interval(weeks => n), CASE p WHEN 'p90' THEN 3 ELSE 20 END, 0, 0, 0
        FROM generate_series(0, 5) AS n, unnest('{p88,p89,p90}'::text[]) AS p WHERE n > 0 OR p <> 'p88';
     INSERT INTO mart.category_day SELECT 'p88', '350206', 'E0504', d, 10 FROM generate_series('2024-04-02'::date, '2024-04-29', '1 day') AS d;
     INSERT INTO mart.platform_day SELECT 'p88', '350206', d, 10, 10, 0, CASE WHEN d = '2024-04-30' THEN 10 ELSE 0 END, 0, 0, 0, 0, 0
        FROM generate_series('2024-04-02'::date, '2024-04-30', '1 day') AS d"
check "a platform that changes its habits shows a light" sql_is "SET hub.as_of = '2024-05-01 12:00+08'; SELECT string_agg(concat_ws(' ', platform, habit, category, now::integer, usual::integer, light), ', '
        ORDER BY platform, habit) FROM mart.platform_light WHERE platform IN ('p88', 'p89', 'p90')" \
        "p88 category E0504 0 10 red, p88 position 100 0 red, p88 volume 0 20 red, p89 volume 20 20 green, p90 volume 3 3 none"
check "and hub status tells it" grep -Eq '^(lights)? +red  p88 volume: 0, usually 20' <(PGOPTIONS='-c hub.as_of=2024-05-01T12:00:00+08' hub status)

# Units by the site's own list: one that reports write in two ways, and two below a third.
unit_sums() {
        sql "SET hub.as_of = '${3:-2024-03-06}'; SELECT sum(inst_num) FROM mart.$1 WHERE month = '2024-02-01' AND unit IN ($2)"
}
units_file() {
        printf '%s\n' code,names,kind,superior "$@" >"$TEST/units.csv"
        hub import units "$TEST/units.csv"
}
BOTH=$(unit_sums kpi_month_unit "'湖里中队', '禾山中队'") HESHAN=$(unit_sums kpi_month_unit "'禾山中队'")
check "units" test "$(units_file 'HL,湖里区城市管理局,区级,' 'Z1,湖里中队,中队,HL' 'Z2,禾山街道执法队; 禾山中队、禾山,中队,HL' 'Z3,思明中队,,')" = "4 units"
check "a unit counts by its one name" test "$(unit_sums kpi_month_unit "'禾山街道执法队'")" = "$HESHAN"
check "and no more by another" test -z "$(unit_sums kpi_month_unit "'禾山中队'")"
check "what was published stays" test "$(unit_sums kpi_month_unit "'禾山中队'" 2024-03-05)" = "$HESHAN"
check "without asking for a moment, too" sql_is "SELECT count(*) > 0, bool_or(unit = '禾山中队') FROM mart.incident_now WHERE unit IN ('禾山中队', '禾山街道执法队')" "t|f"
check "the unit above has them together" test "$(unit_sums kpi_month_superior "'湖里区城市管理局'")" = "$BOTH"
check "and a unit below none stands for itself" test "$(unit_sums kpi_month_superior "'思明中队'")" = "$(unit_sums kpi_month_unit "'思明中队'")"
check "each with its level" sql_is "SELECT string_agg(concat_ws(' ', code, level, parent, kind), ', ' ORDER BY code) FROM dw.dim_unit WHERE code IS NOT NULL" "HL 1 区级, Z1 2 湖里区城市管理局 中队, Z2 2 湖里区城市管理局 中队, Z3 1"
for wrong in 'A,甲,,B' 'A,甲;乙,,|B,乙,,' 'A,甲,,A' 'A,,,' 'A,甲,,|A,乙,,'; do
        check "no half file of units: $wrong" exits 2 units_file "${wrong//|/$'\n'}"
done
check "what was there stays" sql_is "SELECT count(*) FROM dw.unit_name" 6

# A case that its platform put in the wrong place, and puts there again with each update; its deadline was put right above, so
# that it was closed in time. What lies outside China is no place, the other way round above all.
check "two grids" test "$(hub import regions "$TEST/log/grids.geojson")" = "2 regions"
put_right() {
        sql "INSERT INTO dw.correction (zone, subject, field, value) VALUES ('350206', 'p12::late', 'position', '$1')" 2>&1
}
place_is() {
        sql_is "SELECT i.grid, ST_X(i.geom), ST_Y(i.geom), i.subdistrict FROM mart.incident_now i JOIN dw.subject s USING (incident) WHERE s.subject = 'p12::late'" "$1"
}
check "a place is not written the other way round" grep -q correction_position_check <(put_right '24.1005, 118.1105')
check "a place is put right" put_right '118.1105,24.1005'
hub warehouse refresh >/dev/null
check "and its grid with it" place_is 'G1|118.1105|24.1005|350206001'
check "the grids of a month on a map, with what lies in them" sql_is "SELECT string_agg(concat_ws(' ', region, name, inst_num, intime_archive_rate, ST_GeometryType(geom), ST_Contains(geom, ST_SetSRID(ST_MakePoint(118.1105, 24.1005), 4490))), ', '
        ORDER BY region) FROM mart.map_grid WHERE month = '2024-02-01'" "G1 第1网格 1 100.00 ST_MultiPolygon t, G2 第2网格 0 ST_MultiPolygon f"
check "the list of cases says it in words" sql_is "SELECT title, sub_type_name, main_type_name, zone_name, street_name, cell_name, unit, event_src_name, state_name, overdue FROM mart.case_list WHERE title = 'late'" \
        "late|店外经营|街面秩序|湖里区|湖里街道|第1网格|湖里中队|网格化管理服务平台|结案|f"
check "and what is overdue as the flags do" sql_is "SELECT count(*) > 5, bool_and(l.overdue = (f.overtime_to_archive_num = 1)), bool_and(l.overdue = (l.overdue_hours > 0) OR NOT l.overdue AND l.overdue_hours IS NULL)
        FROM mart.case_list l JOIN mart.case_flags f USING (incident)" "t|t|t"
check "districts by their names" sql_is "SELECT string_agg(DISTINCT name, ' ' ORDER BY name) FROM mart.kpi_month_all" "思明区 湖里区"
check "as QGIS is told" sql_is "SELECT type, srid FROM geometry_columns WHERE f_table_name = 'map_grid'" "MULTIPOLYGON|4490"
"$WIRE" load "$BROKERS" hub.events.v1 <"$TEST/log/again.tsv"
wait_for 60 "the update to be read" log_read
hub warehouse refresh >/dev/null
check "its platform's update came" sql_is "SELECT revisions FROM mart.report WHERE subject = 'p12::late'" 6
check "and did not take it back" place_is 'G1|118.1105|24.1005|350206001'

# Whatever is put right, scored or decided anew afterwards: what was published is told again to the letter.
repeats() {
        sql "${1:-}SELECT count(*) FROM mart.repeat_incident"
}
THEN="SET hub.as_of = '2024-03-05 00:00+08';"
sql "INSERT INTO dw.correction (zone, subject, field, value) VALUES ('350206', 'p12::again_at_the_same_place', 'category', 'E0504');
     INSERT INTO dw.score_entry (scheme, item, unit, month, value) VALUES ('示例', '业务培训', '殿前中队', '2024-02-01', 100)"
process_down correlate
hub recorrelate --anew >/dev/null 2>&1
hub promote >/dev/null 2>&1
hub warehouse refresh >/dev/null
check "what came back is of two kinds now" test "$(repeats)" = 0
check "a place that was put right stays so when all is decided anew" place_is 'G1|118.1105|24.1005|350206001'
check "then it was of one" test "$(repeats "$THEN")" = 1
check "what was published is told again" diff "$TEST/published" <(published)
check "the day after, not frozen, it is of one, too" test "$(repeats "SET hub.as_of = '2024-03-06 00:00+08';")" = 1

# January and February go; March stays, with the two runs that went on.
# As the warehouse counts them: months of Shanghai, which is eight hours ahead of the clock here.
MONTHS=$((($(TZ=Asia/Shanghai date +%Y) - 2024) * 12 + 10#$(TZ=Asia/Shanghai date +%m) - 3))
FIGURES="SET hub.as_of = '2024-03-05'; SELECT * FROM mart.kpi_month_all ORDER BY 1, 2"
sql "$FIGURES" >"$TEST/before"
check "what would go is named" test "$(hub warehouse retain --months $MONTHS | grep -o 'would drop record_p2024..' | tr '\n' ' ')" = "would drop record_p202401 would drop record_p202402 "
check "and nothing is gone" sql_is "SELECT count(*) > 100 FROM ods.record WHERE received < '2024-03-01 00:00+08'" t
check "two months go" hub warehouse retain --months $MONTHS --drop
check "they are gone" sql_is "SELECT min(received) >= '2024-03-01 00:00+08' FROM ods.record" t
check "the ledger balances over what is left" hub audit --wait 30s
check "the indicators stay" diff <(sql "$FIGURES") "$TEST/before"
check "a log without its beginning is for comparing only" sql_is "SELECT ops.generation_make('r', NULL) > 1 AND bool_and(live OR since = '2024-03-01 00:00+08') FROM ops.generation" t
