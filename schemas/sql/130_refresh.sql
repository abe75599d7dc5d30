-- What was just written has no statistics yet: without them the planner goes row by row through what it should join.

CREATE OR REPLACE FUNCTION mart.refresh(whole boolean DEFAULT false) RETURNS mart.refreshed LANGUAGE plpgsql SET jit = off AS $$
DECLARE
        began timestamptz := clock_timestamp();
        live integer := ops.live_generation();
        taken bigint;
        made bigint;
        changed text[];
        said mart.refreshed;
BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('mart.refresh'));
        CREATE TEMP TABLE IF NOT EXISTS mart_told (zone text, subject text, platform text, received timestamptz) ON COMMIT DROP;
        TRUNCATE mart_told;
        INSERT INTO mart_told SELECT * FROM mart.take_log();
        GET DIAGNOSTICS taken = ROW_COUNT;
        ANALYZE mart_told;
        IF taken > 10000 THEN
                ANALYZE dw.revision;
        END IF;
        whole := whole OR NOT EXISTS (SELECT FROM mart.refreshed WHERE generation = live);
        IF whole THEN
                TRUNCATE mart.incident_now, mart.report_now;
        ELSE
                SELECT array_agg(DISTINCT x.incident) INTO changed FROM (
                        SELECT s.incident FROM (SELECT DISTINCT zone, subject FROM mart_told) t JOIN dw.subject s USING (zone, subject)
                        UNION ALL
                        SELECT s.incident FROM dw.correction c JOIN dw.subject s USING (zone, subject) WHERE c.at > (SELECT at - took FROM mart.refreshed)
                        UNION ALL
                        SELECT coalesce(i.incident, c.incident)
                        FROM (SELECT incident, epoch, version FROM dw.incident WHERE merged_into IS NULL AND version > 0) i
                        FULL JOIN mart.incident_now c USING (incident) WHERE (i.epoch, i.version) IS DISTINCT FROM (c.epoch, c.version)) AS x;
                changed := coalesce(changed, '{}');
                DELETE FROM mart.incident_now WHERE incident = ANY (changed);
                DELETE FROM mart.report_now WHERE incident = ANY (changed);
        END IF;
        IF whole OR changed <> '{}' THEN
                INSERT INTO mart.report_now SELECT r.* FROM dw.report_stage_at('infinity', changed) r
                ON CONFLICT (zone, subject) DO UPDATE SET incident = excluded.incident;
                INSERT INTO mart.incident_now SELECT * FROM mart.incident_at('infinity', changed);
                GET DIAGNOSTICS made = ROW_COUNT;
                IF whole OR made > 10000 THEN
                        ANALYZE mart.incident_now;
                        ANALYZE mart.report_now;
                END IF;
                PERFORM mart.repeats_make(changed);
                PERFORM mart.units_make(changed);
        END IF;
        PERFORM mart.days_make(whole);
        DELETE FROM mart.refreshed;
        INSERT INTO mart.refreshed VALUES (true, live, clock_timestamp(), clock_timestamp() - began, taken, coalesce(made, 0)) RETURNING * INTO said;
        RETURN said;
END $$;

CREATE OR REPLACE FUNCTION mart.days_make(whole boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
        CREATE TEMP TABLE IF NOT EXISTS mart_days (platform text, zone text, day date) ON COMMIT DROP;
        TRUNCATE mart_days;
        IF whole THEN
                INSERT INTO mart_days SELECT DISTINCT r.platform, r.zone, (r.received AT TIME ZONE 'Asia/Shanghai')::date FROM dw.revision r;
                TRUNCATE mart.platform_day, mart.category_day;
        ELSE
                INSERT INTO mart_days SELECT DISTINCT t.platform, t.zone, (t.received AT TIME ZONE 'Asia/Shanghai')::date FROM mart_told t;
                DELETE FROM mart.platform_day p USING mart_days d WHERE (p.platform, p.zone, p.day) = (d.platform, d.zone, d.day);
                DELETE FROM mart.category_day p USING mart_days d WHERE (p.platform, p.zone, p.day) = (d.platform, d.zone, d.day);
        END IF;
        ANALYZE mart_days;
        INSERT INTO mart.platform_day
        SELECT d.platform, d.zone, d.day, count(*), count(DISTINCT r.subject), count(*) FILTER (WHERE r.category = 'E2199'), count(*) FILTER (WHERE NOT r.placed),
               count(*) FILTER (WHERE r.sparse), count(*) FILTER (WHERE 'encoding_repaired' = ANY (r.quality)), count(*) FILTER (WHERE 'clock_missing' = ANY (r.quality)),
               count(*) FILTER (WHERE 'out_of_district' = ANY (r.quality)), count(*) FILTER (WHERE 'late' = ANY (r.quality)),
               round(percentile_cont(0.5) WITHIN GROUP (ORDER BY r.accuracy_m)::numeric, 1),
               round(percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM r.received - coalesce(r.reported, r.occurred)))::numeric, 1)
        FROM mart_days d JOIN dw.revision r ON r.platform = d.platform AND r.zone = d.zone AND r.received >= d.day::timestamp AT TIME ZONE 'Asia/Shanghai'
             AND r.received < (d.day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
        GROUP BY 1, 2, 3;
        INSERT INTO mart.category_day
        SELECT d.platform, d.zone, r.category, d.day, count(*)
        FROM mart_days d JOIN dw.revision r ON r.platform = d.platform AND r.zone = d.zone AND r.received >= d.day::timestamp AT TIME ZONE 'Asia/Shanghai'
             AND r.received < (d.day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
        GROUP BY 1, 2, 3, 4;
END $$;
