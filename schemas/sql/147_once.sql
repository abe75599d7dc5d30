-- Which zones a login may see is asked once a query, not once a row.

DO $$
DECLARE
        t record;
BEGIN
        FOR t IN SELECT polrelid::regclass AS relation FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = 'mart'::regnamespace AND polname = 'zone_seen' LOOP
                EXECUTE format('ALTER POLICY zone_seen ON %s USING ((SELECT mart.my_zones()) IS NULL OR zone = ANY ((SELECT mart.my_zones())::text[]))', t.relation);
        END LOOP;
END $$;

CREATE OR REPLACE VIEW mart.dedup_quality_day WITH (security_barrier) AS
WITH links AS (SELECT zone, (linked_at AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*) AS links, count(*) FILTER (WHERE decision = 'new') AS opened,
                      count(*) FILTER (WHERE decision = 'join') AS joined, count(*) FILTER (WHERE linked_by LIKE 'cmd:%') AS manual,
                      count(*) FILTER (WHERE doubtful) AS doubtful, count(*) FILTER (WHERE decision = 'join' AND unlinked_at IS NOT NULL) AS undone
               FROM dw.link WHERE ((SELECT mart.my_zones()) IS NULL OR zone = ANY ((SELECT mart.my_zones())::text[])) GROUP BY 1, 2)
SELECT day, zone, links, opened, joined, manual AS manual_links, doubtful, undone AS joins_undone, mart.pct(undone, joined) AS undone_rate,
       round((opened + joined)::numeric / nullif(opened, 0), 2) AS compression
FROM links;

CREATE OR REPLACE VIEW mart.lineage WITH (security_barrier) AS
SELECT l.incident, l.zone, l.subject, r.platform, r.event, r.at, r.state, r.topic, r.partition, r."offset", r.received,
       split_part(r.subject, ':', 3) AS source_ref, v.value -> 'raw' ->> 'sha256' AS sha256, v.value -> 'raw' ->> 'position' AS position,
       v.value ->> 'instance' AS instance, l.decision, l.score, l.linked_by, l.linked_at, l.rules
FROM dw.link l
JOIN dw.revision r USING (zone, subject)
LEFT JOIN ods.record o ON o.topic = r.topic AND o.partition = r.partition AND o."offset" = r."offset" AND o.received = r.received
LEFT JOIN LATERAL (SELECT o.text::jsonb AS value) v ON true
WHERE l.unlinked_at IS NULL AND ((SELECT mart.my_zones()) IS NULL OR l.zone = ANY ((SELECT mart.my_zones())::text[]));

CREATE OR REPLACE FUNCTION mart.incident_at(moment timestamptz, wanted text[] DEFAULT NULL) RETURNS SETOF mart.incident_now LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT s.incident, i.zone, i.number, s.epoch, s.version, s.state, i.severity, coalesce(c.category, i.category), i.title, i.district,
       coalesce(c.subdistrict, i.subdistrict), coalesce(c.community, i.community), coalesce(c.grid, i.grid), i.address,
       coalesce(c.unit, i.assigned_to, s.unit), s.first_platform, s.platforms, s.active, i.opened, s.reported_at, s.filed_at, s.dispatched_at, s.disposed_at,
       s.verified_at, s.closed_at, coalesce(c.deadline, s.deadline, CASE WHEN moment <> 'infinity' THEN dw.limit_of(i.category, i.opened) END, i.deadline), s.unfounded,
       s.suspended_count, s.extended_count, s.rework_count, s.dispatch_count, s.reopened_count, i.recurrence_of, i.geom
FROM dw.stage_at(moment, wanted) s JOIN dw.incident i USING (incident) LEFT JOIN dw.correction_at(moment, wanted) c USING (incident) WHERE ((SELECT mart.my_zones()) IS NULL OR i.zone = ANY ((SELECT mart.my_zones())::text[]))
$$;

CREATE OR REPLACE FUNCTION mart.report_at(moment timestamptz) RETURNS SETOF mart.report_now LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT r.* FROM dw.report_stage_at(moment) r WHERE ((SELECT mart.my_zones()) IS NULL OR r.zone = ANY ((SELECT mart.my_zones())::text[]))
$$;
