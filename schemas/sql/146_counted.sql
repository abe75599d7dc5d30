-- What is passed on or known already is closed without anybody disposing of it: it is not waited for. And a deadline that no report brought is the category's
-- at any moment that is asked for: the incident's own of today may be that of a report that came later, or none where it was merged since.

CREATE OR REPLACE VIEW mart.case_flags WITH (security_invoker) AS
SELECT i.incident, i.number, i.zone, mart.month_of(i.filed_at) AS month, mart.month_of(i.deadline) AS due_month,
       (i.filed_at AT TIME ZONE 'Asia/Shanghai')::date AS reg_date,
       i.first_platform AS event_src, CASE left(i.category, 1) WHEN 'P' THEN '部件' ELSE '事件' END AS rec_type, left(i.category, 3) AS main_type,
       i.category AS sub_type, i.district, i.subdistrict AS street, i.community, i.grid AS cell, i.unit AS first_unit, i.platforms, i.state,
       1 AS inst_num,
       f.nd::int AS need_dispose_num,
       (f.nd AND f.disposed)::int AS dispose_num,
       (f.nd AND f.disposed AND f.intime)::int AS intime_dispose_num,
       (f.nd AND f.disposed AND NOT f.intime)::int AS overtime_dispose_num,
       (f.live AND NOT f.disposed AND NOT f.passed)::int AS to_dispose_num,
       (f.live AND NOT f.disposed AND NOT f.passed AND NOT f.due)::int AS intime_to_dispose_num,
       (f.live AND NOT f.disposed AND NOT f.passed AND f.due)::int AS overtime_to_dispose_num,
       f.na::int AS need_archive_num,
       (f.na AND f.archived)::int AS archive_num,
       (f.na AND f.archived AND i.closed_at <= coalesce(i.deadline, 'infinity'))::int AS intime_archive_num,
       (f.na AND f.archived AND i.closed_at > i.deadline)::int AS overtime_archive_num,
       (f.live AND NOT f.archived AND NOT f.due)::int AS intime_to_archive_num,
       (f.live AND NOT f.archived AND f.due)::int AS overtime_to_archive_num,
       (f.na AND i.rework_count > 0)::int AS rework_num,
       (f.na AND i.rework_count > 1)::int AS multi_rework_num,
       f.hung::int AS hang_num,
       (i.suspended_count > 0)::int AS his_hang_num,
       (f.nd AND i.extended_count > 0)::int AS postpone_num,
       i.unfounded::int AS cancel_num,
       (NOT i.unfounded)::int AS need_dispatch_num,
       (NOT i.unfounded AND i.dispatched_at IS NOT NULL)::int AS dispatch_num,
       (i.recurrence_of IS NOT NULL)::int AS recur_num,
       (cardinality(i.platforms) >= 2)::int AS shared_num,
       i.reports AS report_num,
       i.deadline AS dispose_deadline, coalesce(i.dispatched_at, i.filed_at) AS dispose_begin_time, i.disposed_at AS dispose_end_time,
       round(extract(epoch FROM i.disposed_at - coalesce(i.dispatched_at, i.filed_at)) / 3600, 2) AS dispose_used,
       round(extract(epoch FROM i.deadline - coalesce(i.dispatched_at, i.filed_at)) / 3600, 2) AS dispose_limit
FROM mart.incident i
CROSS JOIN (SELECT coalesce(mart.as_of(), now()) AS moment) p
CROSS JOIN LATERAL (SELECT i.state = 'suspended' AS hung, i.disposed_at IS NOT NULL AS disposed, i.closed_at IS NOT NULL AS archived,
                           i.closed_at IS NOT NULL AND i.disposed_at IS NULL AS passed,
                           i.disposed_at <= coalesce(i.deadline, 'infinity') AS intime, coalesce(i.deadline <= p.moment, false) AS due) s
CROSS JOIN LATERAL (SELECT s.*, NOT s.hung AND NOT i.unfounded AS live, NOT s.hung AND NOT i.unfounded AND NOT s.passed AND (s.due OR s.disposed) AS nd,
                           NOT s.hung AND NOT i.unfounded AND (s.due OR s.archived) AS na) f
WHERE i.filed_at IS NOT NULL;

DO $$
DECLARE
        c record;
BEGIN
        FOR c IN SELECT v.relname FROM pg_class v JOIN pg_attribute a ON a.attrelid = v.oid AND a.attname = 'need_dispose_num' WHERE v.relnamespace = 'mart'::regnamespace LOOP
                EXECUTE format('COMMENT ON COLUMN mart.%I.need_dispose_num IS %L', c.relname, '应处置数：已到截止时间或已处置，不含缓办、作废，及未经处置即结案（转办、重复）'
                               ' | must be disposed of: deadline passed or disposed of; neither suspended, void, nor closed with nothing to dispose of (referred, known already)');
        END LOOP;
END $$;

CREATE FUNCTION dw.limit_of(of_category text, opened timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
SELECT CASE WHEN d.limit_workdays IS NOT NULL THEN dw.add_workdays(opened, d.limit_workdays) ELSE opened + d.limit_hours * interval '1 hour' END
FROM dw.dim_category d WHERE d.category = of_category
$$;
COMMENT ON FUNCTION dw.limit_of IS '按类别时限计算的截止时间 | the deadline that a category''s limit gives';

CREATE OR REPLACE FUNCTION mart.incident_at(moment timestamptz, wanted text[] DEFAULT NULL) RETURNS SETOF mart.incident_now LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT s.incident, i.zone, i.number, s.epoch, s.version, s.state, i.severity, coalesce(c.category, i.category), i.title, i.district,
       coalesce(c.subdistrict, i.subdistrict), coalesce(c.community, i.community), coalesce(c.grid, i.grid), i.address,
       coalesce(c.unit, i.assigned_to, s.unit), s.first_platform, s.platforms, s.active, i.opened, s.reported_at, s.filed_at, s.dispatched_at, s.disposed_at,
       s.verified_at, s.closed_at, coalesce(c.deadline, s.deadline, CASE WHEN moment <> 'infinity' THEN dw.limit_of(i.category, i.opened) END, i.deadline), s.unfounded,
       s.suspended_count, s.extended_count, s.rework_count, s.dispatch_count, s.reopened_count, i.recurrence_of, i.geom
FROM dw.stage_at(moment, wanted) s JOIN dw.incident i USING (incident) LEFT JOIN dw.correction_at(moment, wanted) c USING (incident) WHERE mart.may_see(i.zone)
$$;
