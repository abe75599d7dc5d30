-- A million incidents as some years of a city leave them, for tests/bench/rest.py: three of a hundred are open, most are of a few categories, one platform reports
-- seldom, texts are of Chinese words. A published version lies in the outbox for the last fifty thousand, the others are made from their rows, as after retention.
-- Of the cases and histories only one in five is there. :size, :now. Drawn from numbers, so that it is the same each time. Its indexes are those of the migrations, made anew behind the rows.

BEGIN;
SET LOCAL maintenance_work_mem = '512MB';
SET LOCAL synchronous_commit = off;
SET LOCAL max_parallel_maintenance_workers = 0;

CREATE TEMP TABLE dropped AS SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS made
FROM pg_index WHERE indrelid IN ('dw_1.incident'::regclass, 'dw_1.subject'::regclass, 'dw_1.incident_status'::regclass) AND NOT indisprimary;
DO $$
DECLARE
        one record;
BEGIN
        FOR one IN SELECT name FROM dropped LOOP EXECUTE 'DROP INDEX ' || one.name; END LOOP;
END $$;

CREATE FUNCTION pg_temp.drawn(n bigint, salt integer, most integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
SELECT ((hashint8(n * 31 + salt)::bigint + 2147483648) % most)::integer
$$;

CREATE TEMP TABLE made AS
SELECT n, 'i-' || translate(substr(md5(n::text), 1, 26), 'abcdef', 'ghjkmn') AS incident,
       CASE WHEN pg_temp.drawn(n, 1, 4) = 0 THEN '350203' ELSE '350206' END AS zone,
       :'now'::timestamptz - (:size - n) * interval '94 seconds' AS opened,
       pg_temp.drawn(n, 2, 100) < 3 OR n > :size - 5000 AS is_open,
       CASE WHEN pg_temp.drawn(n, 17, 500) = 0 THEN 'critical'
            ELSE (ARRAY['info','low','medium','medium','medium','medium','medium','low','high','high'])[1 + pg_temp.drawn(n, 3, 10)] END AS severity,
       CASE WHEN is_rare THEN 'E1701' ELSE (ARRAY['E0504','E0504','E0504','E0501','E0501','E0102','E0110','E2199','E0901'])[1 + pg_temp.drawn(n, 4, 9)] END AS category,
       CASE WHEN is_rare THEN '路面塌陷'
            ELSE (ARRAY['店外经营','无照经营','暴露垃圾','路面破损','井盖缺失','违法停车','树木倒伏','噪声扰民'])[1 + pg_temp.drawn(n, 5, 8)] END AS what,
       (ARRAY['枋湖南路','湖里大道','金尚路','仙岳路','环岛干道','高殿社区','禾山街道','五缘湾'])[1 + pg_temp.drawn(n, 6, 8)] || (1 + pg_temp.drawn(n, 7, 400)) || '号' AS address,
       '35020600' || (1 + pg_temp.drawn(n, 8, 5)) AS subdistrict, '第' || (1 + pg_temp.drawn(n, 9, 500)) || '网格' AS grid,
       'p' || lpad((CASE WHEN pg_temp.drawn(n, 10, 20000) = 0 THEN 16 ELSE 1 + pg_temp.drawn(n, 11, 15) END)::text, 2, '0') AS platform,
       'p' || lpad((1 + pg_temp.drawn(n, 12, 15))::text, 2, '0') AS other, pg_temp.drawn(n, 13, 10) = 0 AS is_shared,
       pg_temp.drawn(n, 14, 200) = 0 AS is_merged, 'i-' || translate(substr(md5(greatest(n - 1, 1)::text), 1, 26), 'abcdef', 'ghjkmn') AS before, 118.08 + pg_temp.drawn(n, 15, 100000) / 1000000.0 AS lon, 24.48 + pg_temp.drawn(n, 16, 80000) / 1000000.0 AS lat
FROM (SELECT n, pg_temp.drawn(n, 18, 20000) = 0 AS is_rare FROM generate_series(1, :size) AS n) AS numbers;
ANALYZE made;

INSERT INTO dw_1.zone (zone, state) SELECT zone, json_build_object('time', extract(epoch FROM :'now'::timestamptz)::bigint * 1000)::text
FROM (VALUES ('350203'), ('350206')) AS zones (zone) ON CONFLICT DO NOTHING;
INSERT INTO dw_1.incident (incident, zone, number, epoch, version, state, severity, category, category_name, title, geom, radius_m, address, subdistrict, grid, opened, updated,
                           deadline, closed, founding, reports, platforms, merged_into, rules, candidate_until, kept_until, correlator)
SELECT incident, zone, to_char(opened, 'YYYYMMDD') || '-' || upper(substr(incident, 3, 8)), 1, 2,
       CASE WHEN is_open AND NOT is_merged THEN (ARRAY['filed','dispatched','processing','verifying'])[1 + pg_temp.drawn(n, 19, 4)] ELSE 'closed' END,
       severity, category, what, what || '，' || address, ST_SetSRID(ST_MakePoint(lon, lat), 4490), 20, address, subdistrict, grid, opened,
       CASE WHEN is_open AND NOT is_merged THEN greatest(opened, :'now'::timestamptz - pg_temp.drawn(n, 20, 86400) * interval '1 second') ELSE opened + pg_temp.drawn(n, 21, 86400) * interval '1 second' END,
       CASE WHEN pg_temp.drawn(n, 22, 10) > 0 THEN CASE WHEN is_open AND pg_temp.drawn(n, 26, 3) > 0 THEN :'now'::timestamptz + interval '9 hours' ELSE opened + interval '7 hours' END END,
       CASE WHEN is_open AND NOT is_merged THEN NULL ELSE opened + pg_temp.drawn(n, 21, 86400) * interval '1 second' END,
       platform || '::' || n || ':1', 1 + is_shared::integer, CASE WHEN is_shared AND other <> platform THEN ARRAY[least(platform, other), greatest(platform, other)] ELSE ARRAY[platform] END,
       CASE WHEN is_merged THEN before END, 'sha256:' || repeat('0', 64), 0, 0, '{}'
FROM made;
INSERT INTO dw_1.subject (zone, subject, incident, platform, first_event, last_event, state, severity, category, title, occurred, active, correlator)
SELECT zone, platform || '::' || n, incident, platform, platform || '::' || n || ':1', platform || '::' || n || ':1', 'received', severity, category, what, opened, true, '{"number":1}' FROM made WHERE n % 5 = 0 OR n > :size - 50000;
INSERT INTO dw_1.suggestion (incident, other, score)
SELECT incident, before, 2100 FROM made WHERE pg_temp.drawn(n, 23, 300) = 0;
INSERT INTO dw_1.incident_status (incident, epoch, version, at, state, change, cause)
SELECT incident, 1, 2, opened, 'closed', 'updated', platform || '::' || n || ':1' FROM made WHERE n % 5 = 0;

DO $$
DECLARE
        one record;
BEGIN
        FOR one IN SELECT made FROM dropped LOOP EXECUTE one.made; END LOOP;
END $$;
INSERT INTO ops.outbox (zone, incident, epoch, version, payload, feed, published_at)
SELECT zone, incident, 1, 2, ops.incident_version(incident, 1, 2), n, now() FROM made WHERE n > :size - 50000 ORDER BY n;
UPDATE ops.feed_head SET feed = :size;
COMMIT;
VACUUM (ANALYZE) dw_1.incident, dw_1.subject, dw_1.suggestion, dw_1.incident_status, ops.outbox;
