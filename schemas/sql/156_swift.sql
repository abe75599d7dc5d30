-- A message's text is read once, not once for each thing that is taken out of it: the planner had made a dozen readings of the one.

CREATE OR REPLACE FUNCTION mart.take_log() RETURNS TABLE (of_zone text, of_subject text, of_platform text, of_received timestamptz) LANGUAGE plpgsql AS $$
DECLARE
        part record;
BEGIN
        FOR part IN SELECT o.topic, o.partition, coalesce(p.next_offset, o.first_offset) AS low, o.next_offset AS high
                    FROM ops.kafka_offset o LEFT JOIN mart.progress p USING (topic, partition)
                    WHERE o.next_offset > coalesce(p.next_offset, o.first_offset) LOOP
                RETURN QUERY INSERT INTO dw.revision
                SELECT r.zone, r.subject, r.id, r.partition, r."offset", r.platform, v.value -> 'source' ->> 'channel', r.category,
                       coalesce(mart.time_of(v.value, 'updated'), r.received), r.received, coalesce(r.occurred, r.received),
                       mart.time_of(v.value, 'reported'), v.value -> 'status' ->> 'state', v.value -> 'status' ->> 'outcome',
                       mart.time_of(v.value, 'closed'), mart.time_of(v.value, 'deadline'), v.value -> 'org' ->> 'responsible', mart.is_sensor(v.value),
                       r.topic, (v.value -> 'position' ->> 'accuracy_m')::double precision, r.lon IS NOT NULL, v.value -> 'category' ->> 'method',
                       r.lon IS NULL AND v.value -> 'place' ->> 'address' IS NULL OR v.value ->> 'description' IS NULL,
                       ARRAY(SELECT jsonb_array_elements_text(v.value -> 'quality'))
                FROM ods.record r CROSS JOIN LATERAL (SELECT r.text::jsonb AS value OFFSET 0) v
                WHERE r.topic = part.topic AND r.partition = part.partition AND r."offset" >= part.low AND r."offset" < part.high
                      AND r.verdict = 'stored' AND r.kind = 'report' AND r.text IS NOT NULL
                ON CONFLICT DO NOTHING RETURNING zone, subject, platform, received;
                INSERT INTO mart.logged_hour AS l
                SELECT coalesce(r.platform, '?'), coalesce(r.instance, '?'), date_trunc('hour', r.received), count(*) FILTER (WHERE r.verdict = 'stored'),
                       count(*) FILTER (WHERE r.verdict = 'duplicate'), count(*) FILTER (WHERE r.verdict = 'rejected' AND part.topic LIKE '%.events.v1'),
                       count(*) FILTER (WHERE r.verdict = 'rejected' AND part.topic NOT LIKE '%.events.v1')
                FROM ods.record r WHERE r.topic = part.topic AND r.partition = part.partition AND r."offset" >= part.low AND r."offset" < part.high
                      AND r.verdict IN ('stored', 'duplicate', 'rejected') GROUP BY 1, 2, 3
                ON CONFLICT (platform, instance, hour) DO UPDATE SET stored = l.stored + excluded.stored, duplicate = l.duplicate + excluded.duplicate,
                       refused = l.refused + excluded.refused, rejected = l.rejected + excluded.rejected;
                INSERT INTO mart.progress VALUES (part.topic, part.partition, part.high)
                ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset;
        END LOOP;
END $$;

CREATE OR REPLACE VIEW mart.lineage WITH (security_barrier) AS
SELECT l.incident, l.zone, l.subject, r.platform, r.event, r.at, r.state, r.topic, r.partition, r."offset", r.received,
       split_part(r.subject, ':', 3) AS source_ref, v.value -> 'raw' ->> 'sha256' AS sha256, v.value -> 'raw' ->> 'position' AS position,
       v.value ->> 'instance' AS instance, l.decision, l.score, l.linked_by, l.linked_at, l.rules
FROM dw.link l
JOIN dw.revision r USING (zone, subject)
LEFT JOIN ods.record o ON o.topic = r.topic AND o.partition = r.partition AND o."offset" = r."offset" AND o.received = r.received
LEFT JOIN LATERAL (SELECT o.text::jsonb AS value OFFSET 0) v ON true
WHERE l.unlinked_at IS NULL AND ((SELECT mart.my_zones()) IS NULL OR l.zone = ANY ((SELECT mart.my_zones())::text[]));


-- An incident of which nothing was ever shown, for its only report was void when it was split from another, is a case that was filed and void all the same.

CREATE OR REPLACE FUNCTION dw.stage_at(moment timestamptz, wanted text[] DEFAULT NULL)
RETURNS TABLE (incident text, epoch integer, version integer, state text, active integer, reports integer, platforms text[], first_platform text, unit text,
               reported_at timestamptz, filed_at timestamptz, dispatched_at timestamptz, disposed_at timestamptz, verified_at timestamptz,
               closed_at timestamptz, deadline timestamptz, unfounded boolean, suspended_count integer, extended_count integer, rework_count integer,
               dispatch_count integer, reopened_count integer)
LANGUAGE sql STABLE AS $$
WITH told AS (SELECT r.*, r.state = 'closed' AND r.outcome IN ('duplicate', 'referred', 'unfounded', 'withdrawn', 'false_alarm') AS aside
              FROM dw.report_stage_at(moment, wanted) r),
     marked AS (SELECT t.*, coalesce(t.outcome IN ('unfounded', 'withdrawn', 'false_alarm'), false) AND t.state = 'closed' AS idle,
                       bool_or(t.active AND NOT coalesce(t.aside, false) AND NOT t.sensor) OVER (PARTITION BY t.incident) AS person
                FROM told t),
     each AS (SELECT m.*, m.active AND NOT coalesce(m.aside, false) AND (NOT m.sensor OR NOT m.person) AS counts FROM marked m),
     made AS (SELECT e.incident, count(*) FILTER (WHERE e.active)::integer AS active, count(*)::integer AS reports,
                     array_agg(DISTINCT e.platform) FILTER (WHERE e.active) AS platforms,
                     (array_agg(e.platform ORDER BY NOT e.active, e.reported_at, e.first_received, e.subject))[1] AS first_platform,
                     (array_agg(e.unit ORDER BY NOT e.active, e.dispatched_at, e.first_received, e.subject) FILTER (WHERE e.unit IS NOT NULL))[1] AS unit,
                     coalesce(min(e.reported_at) FILTER (WHERE e.active), min(e.reported_at)) AS reported_at,
                     coalesce(min(e.filed_at) FILTER (WHERE e.active), min(e.filed_at)) AS filed_at,
                     min(e.dispatched_at) FILTER (WHERE e.active) AS dispatched_at,
                     CASE WHEN bool_and(e.disposed_at IS NOT NULL) FILTER (WHERE e.counts) THEN max(e.disposed_at) FILTER (WHERE e.counts) END AS disposed_at,
                     max(e.verified_at) FILTER (WHERE e.counts) AS verified_at,
                     CASE WHEN NOT bool_or(e.state <> 'closed') FILTER (WHERE e.active) THEN max(e.closed_at) FILTER (WHERE e.active) END AS closed_at,
                     coalesce(min(e.deadline) FILTER (WHERE e.active AND e.state <> 'closed'), min(e.deadline) FILTER (WHERE e.active)) AS deadline,
                     coalesce(bool_and(e.idle) FILTER (WHERE e.active), true) AS unfounded,
                     coalesce(sum(e.suspended_count) FILTER (WHERE e.active), 0)::integer AS suspended_count,
                     coalesce(sum(e.extended_count) FILTER (WHERE e.active), 0)::integer AS extended_count,
                     coalesce(sum(e.rework_count) FILTER (WHERE e.active), 0)::integer AS rework_count,
                     coalesce(sum(e.dispatch_count) FILTER (WHERE e.active), 0)::integer AS dispatch_count
              FROM each e GROUP BY e.incident),
     newest AS (SELECT DISTINCT ON (s.incident) s.* FROM dw.incident_status s WHERE s.at <= moment AND (wanted IS NULL OR s.incident = ANY (wanted))
                ORDER BY s.incident, s.epoch DESC, s.version DESC),
     known AS (SELECT incident, epoch, version, state, at FROM newest
               UNION ALL
               SELECT i.incident, i.epoch, i.version, 'void', i.opened FROM dw.incident i WHERE i.version = 0 AND i.merged_into IS NULL AND (wanted IS NULL OR i.incident = ANY (wanted)))
SELECT m.incident, s.epoch, s.version, s.state, m.active, m.reports, coalesce(m.platforms, '{}'), m.first_platform, m.unit, m.reported_at,
       least(m.filed_at, o.filed_at), least(m.dispatched_at, o.dispatched_at),
       CASE WHEN s.state IN ('feedback', 'verifying', 'closed') THEN coalesce(m.disposed_at, CASE WHEN s.state = 'closed' THEN o.closed_at END) END,
       CASE WHEN s.state IN ('verifying', 'closed') THEN greatest(m.verified_at, o.verified_at) END,
       CASE WHEN s.state = 'closed' THEN coalesce(least(m.closed_at, o.closed_at), s.at) END,
       m.deadline, m.unfounded OR s.state IN ('void', 'rejected'), m.suspended_count, m.extended_count, m.rework_count + coalesce(o.rework_count, 0),
       m.dispatch_count, coalesce(o.reopened_count, 0)
FROM made m JOIN known s USING (incident) LEFT JOIN dw.order_stage_at(moment, wanted) o USING (incident)
$$;

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
                        FROM (SELECT incident, epoch, version FROM dw.incident WHERE merged_into IS NULL) i
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


-- The months are made once, not once an item; and of the reports only those of the incidents that several platforms report are looked at.

CREATE STATISTICS mart.incident_shared ON (cardinality(platforms)), unfounded FROM mart.incident_now;

CREATE OR REPLACE VIEW mart.scorecard_month WITH (security_invoker) AS
WITH made AS MATERIALIZED (SELECT month, unit, to_jsonb(k) AS rates FROM mart.kpi_month_unit k WHERE unit IS NOT NULL),
     valued AS (SELECT s.scheme, s.class, s.item, s.weight, k.month, k.unit,
                       coalesce(e.value, CASE WHEN d.more_is_better THEN (k.rates ->> s.kpi)::numeric ELSE 100 - (k.rates ->> s.kpi)::numeric END) AS value
                FROM made k
                JOIN dw.score_item s ON s.valid_from <= k.month AND (s.valid_to IS NULL OR s.valid_to > k.month)
                LEFT JOIN dw.kpi_definition d ON d.kpi = s.kpi
                LEFT JOIN dw.score_entry e ON e.scheme = s.scheme AND e.item = s.item AND e.unit = k.unit AND e.month = k.month),
     scored AS (SELECT v.*, round(v.value * v.weight / 100, 2) AS score, sum(v.value * v.weight) OVER one AS points,
                       sum(v.weight) FILTER (WHERE v.value IS NOT NULL) OVER one AS weights
                FROM valued v WINDOW one AS (PARTITION BY v.scheme, v.month, v.unit))
SELECT month, scheme, unit, class, item, value, weight, score, round(points / nullif(weights, 0), 2) AS total,
       CASE WHEN weights > 0 THEN dense_rank() OVER (PARTITION BY scheme, month ORDER BY round(points / nullif(weights, 0), 2) DESC NULLS LAST) END AS place
FROM scored;

CREATE OR REPLACE VIEW mart.first_reporter WITH (security_invoker) AS
WITH shared AS (SELECT incident, zone, reported_at, first_platform, platforms FROM mart.incident WHERE cardinality(platforms) >= 2 AND NOT unfounded),
     told AS (SELECT s.incident, s.zone, mart.month_of(s.reported_at) AS month, s.first_platform, r.platform, min(r.reported_at) - s.reported_at AS behind
              FROM shared s JOIN mart.report r USING (incident)
              WHERE r.active AND r.incident = ANY (ARRAY(SELECT incident FROM shared)) GROUP BY s.incident, s.zone, s.reported_at, s.first_platform, r.platform)
SELECT month, zone, platform, count(*) AS shared_incidents, count(*) FILTER (WHERE platform = first_platform) AS first,
       mart.pct(count(*) FILTER (WHERE platform = first_platform), count(*)) AS first_share,
       round(extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY behind) FILTER (WHERE platform <> first_platform))::numeric / 60, 1) AS median_minutes_behind
FROM told GROUP BY month, zone, platform;

-- A row an incident is sorted, not a row a stage of it.

CREATE OR REPLACE VIEW mart.minutes_to_stage WITH (security_invoker) AS
WITH told AS (SELECT mart.month_of(i.reported_at) AS month, i.zone, i.category,
                     count(i.filed_at) AS filed_num, percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY date_part('epoch', i.filed_at - i.reported_at)) AS filed,
                     count(i.dispatched_at) AS dispatched_num, percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY date_part('epoch', i.dispatched_at - i.reported_at)) AS dispatched,
                     count(i.disposed_at) AS disposed_num, percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY date_part('epoch', i.disposed_at - i.reported_at)) AS disposed,
                     count(i.verified_at) AS verified_num, percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY date_part('epoch', i.verified_at - i.reported_at)) AS verified,
                     count(i.closed_at) AS closed_num, percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY date_part('epoch', i.closed_at - i.reported_at)) AS closed
              FROM mart.incident i WHERE NOT i.unfounded GROUP BY 1, 2, 3)
SELECT month, zone, category, s.stage, s.incidents, round(s.seconds[1]::numeric / 60, 1) AS median_minutes, round(s.seconds[2]::numeric / 60, 1) AS p90_minutes
FROM told
CROSS JOIN LATERAL (VALUES ('filed', filed_num, filed),
                           ('dispatched', dispatched_num, dispatched),
                           ('disposed', disposed_num, disposed),
                           ('verified', verified_num, verified),
                           ('closed', closed_num, closed))
     AS s (stage, incidents, seconds)
WHERE s.incidents > 0;

-- Compiling such queries costs more than it saves.
DO $$
BEGIN
        EXECUTE format('ALTER DATABASE %I SET jit = off', current_database());
EXCEPTION WHEN insufficient_privilege THEN
        RAISE NOTICE 'jit stays on: the database belongs to somebody else';
END $$;
