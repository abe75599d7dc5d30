-- The stages of cases and incidents, from what the log says: the same log, the same stages. mart.refresh() takes in what the log has grown by; everything
-- below is a function of dw.revision, of the links and of what operators did, at a moment that may be asked for.

CREATE SCHEMA mart;
COMMENT ON SCHEMA mart IS '指标：按案件的标志、月度指标、通报 | indicators: flags by case, months, the bulletin';

CREATE TABLE dw.revision (
        zone text NOT NULL,
        subject text NOT NULL,
        event text NOT NULL,
        partition integer NOT NULL,
        "offset" bigint NOT NULL,
        platform text NOT NULL,
        channel text,
        category text NOT NULL,
        at timestamptz NOT NULL,
        received timestamptz NOT NULL,
        occurred timestamptz NOT NULL,
        reported timestamptz,
        state text NOT NULL,
        outcome text,
        closed timestamptz,
        deadline timestamptz,
        unit text,
        sensor boolean NOT NULL,
        topic text NOT NULL,
        accuracy_m double precision,
        placed boolean NOT NULL,
        method text,
        sparse boolean NOT NULL,
        quality text[] NOT NULL,
        PRIMARY KEY (zone, event)
);
CREATE INDEX revision_subject ON dw.revision (zone, subject, at);
CREATE INDEX revision_received ON dw.revision (platform, received);
SELECT meta.about('dw.revision', '案卷的每个版本：状态与时间（来自日志，与归并无关） | each revision of each platform''s case: its state and times, out of the log; the same whatever incidents were made of it', ARRAY[
        'zone = 分区（区划代码） | zone',
        'subject = 平台案卷 | the platform''s own case: platform:space:source_id',
        'event = 事件编号 | event id',
        'partition = Kafka 分区 | Kafka partition',
        'offset = Kafka 偏移 | Kafka offset',
        'platform = 平台 | platform',
        'channel = 渠道 | channel within the platform',
        'category = 类别代码 | category code',
        'at = 本版本时间（平台所述，否则接收时间） | the platform''s time of this revision, else when it was received',
        'received = 接收时间 | when it was received: from then on it was known',
        'occurred = 发生时间 | when it happened, as far as known',
        'reported = 上报时间 | when it was reported',
        'state = 状态 | state at the platform',
        'outcome = 结果 | outcome',
        'closed = 结案时间 | when it was closed',
        'deadline = 时限 | deadline',
        'unit = 责任单位 | responsible unit',
        'sensor = 设备自动上报 | true when a device reports it and nobody else',
        'topic = Kafka 主题 | Kafka topic',
        'accuracy_m = 位置精度（米） | accuracy of its position, metres',
        'placed = 有位置 | true when it has a position',
        'method = 类别判定方式：code、name、alias、rule、default | how its category was found; default: not at all',
        'sparse = 内容稀少：无位置、无地址或无描述 | neither a position nor an address, or no description',
        'quality = 质量标记 | marks of quality: clock_missing, late, encoding_repaired ...']);

CREATE TABLE mart.progress (
        topic text NOT NULL,
        partition integer NOT NULL,
        next_offset bigint NOT NULL,
        PRIMARY KEY (topic, partition)
);
SELECT meta.about('mart.progress', '刷新进度 | how far mart.refresh() has read the log', ARRAY[
        'topic = Kafka 主题 | Kafka topic', 'partition = Kafka 分区 | Kafka partition',
        'next_offset = 下一个偏移 | next offset to take in: everything below is in dw.revision']);

CREATE TABLE mart.logged_hour (
        platform text NOT NULL,
        instance text NOT NULL,
        hour timestamptz NOT NULL,
        stored bigint NOT NULL,
        duplicate bigint NOT NULL,
        refused bigint NOT NULL,
        rejected bigint NOT NULL,
        PRIMARY KEY (platform, instance, hour)
);
CREATE INDEX logged_hour_hour ON mart.logged_hour (hour);
SELECT meta.about('mart.logged_hour', '日志中每平台每小时的条数 | what lies in the log, by platform, instance and hour', ARRAY[
        'platform = 平台 | platform', 'instance = 接入实例 | instance', 'hour = 接收小时 | hour of receiving', 'stored = 入库数 | stored', 'duplicate = 重复数 | known event ids',
        'refused = 归并端拒收数 | rejected by the correlator', 'rejected = 接入端拒收数 | rejected by the adapter']);

CREATE FUNCTION mart.time_of(value jsonb, name text) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$ SELECT (value -> 'time' ->> name)::timestamptz $$;
COMMENT ON FUNCTION mart.time_of IS '事件中的时间 | a time of a canonical event';

-- It names a device that made it and nobody who reported it: hub/incident/member.c says the same.
CREATE FUNCTION mart.is_sensor(value jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
SELECT value -> 'reporter' ->> 'name' IS NULL AND value -> 'reporter' ->> 'id' IS NULL
       AND coalesce(value -> 'objects' @> '[{"kind": "camera"}]' OR value -> 'objects' @> '[{"kind": "device"}]', false)
$$;
COMMENT ON FUNCTION mart.is_sensor IS '是否设备自动上报 | whether a device alone reports it';

-- What the log has grown by; gives the cases that it tells of.
CREATE FUNCTION mart.take_log() RETURNS TABLE (of_zone text, of_subject text, of_platform text, of_received timestamptz) LANGUAGE plpgsql AS $$
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
                FROM ods.record r CROSS JOIN LATERAL (SELECT r.text::jsonb AS value) v
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
COMMENT ON FUNCTION mart.take_log IS '读入日志新增部分 | takes in what the log has grown by; gives the cases that it tells of';

-- As-of: what was known at a moment. 'infinity' is now.
CREATE FUNCTION dw.link_at(moment timestamptz) RETURNS SETOF dw.link LANGUAGE sql STABLE AS $$
SELECT * FROM dw.link WHERE linked_at <= moment AND (unlinked_at IS NULL OR unlinked_at > moment)
$$;
COMMENT ON FUNCTION dw.link_at IS '某时刻的归并关系 | the links that held at a moment';

CREATE FUNCTION dw.status_at(moment timestamptz) RETURNS SETOF dw.incident_status LANGUAGE sql STABLE AS $$
SELECT DISTINCT ON (incident) * FROM dw.incident_status WHERE at <= moment ORDER BY incident, epoch DESC, version DESC
$$;
COMMENT ON FUNCTION dw.status_at IS '某时刻每个案件的版本与状态 | the version and state of each incident at a moment';

-- The stages of each platform's case at a moment; wanted: of these incidents, NULL all.
CREATE FUNCTION dw.report_stage_at(moment timestamptz, wanted text[] DEFAULT NULL)
RETURNS TABLE (zone text, subject text, incident text, platform text, channel text, category text, unit text, sensor boolean, active boolean, state text,
               outcome text, reported_at timestamptz, first_received timestamptz, filed_at timestamptz, dispatched_at timestamptz,
               disposed_at timestamptz, verified_at timestamptz, closed_at timestamptz, deadline timestamptz, revisions integer,
               suspended_count integer, extended_count integer, rework_count integer, dispatch_count integer)
LANGUAGE sql STABLE AS $$
WITH held AS (SELECT DISTINCT ON (l.zone, l.subject) l.zone, l.subject, l.incident FROM dw.link l
              WHERE l.linked_at <= moment AND (l.unlinked_at IS NULL OR l.unlinked_at > moment) AND (wanted IS NULL OR l.incident = ANY (wanted))
              ORDER BY l.zone, l.subject, l.partition DESC, l."offset" DESC),
     told AS (SELECT h.incident, r.*, row_number() OVER line AS n, lag(r.state) OVER line AS state_before,
                     lag(r.deadline) OVER line AS deadline_before,
                     r.state IN ('received', 'filed', 'dispatched', 'processing', 'suspended') AS works
              FROM held h JOIN dw.revision r USING (zone, subject) WHERE r.received <= moment
              WINDOW line AS (PARTITION BY r.zone, r.subject ORDER BY r.at, r.partition, r."offset")),
     seen AS (SELECT t.*, coalesce(max(t.n) FILTER (WHERE t.works) OVER one, 0) AS last_work, max(t.n) OVER one AS last
              FROM told t WINDOW one AS (PARTITION BY t.zone, t.subject))
SELECT s.zone, s.subject, min(s.incident), min(s.platform), (array_agg(s.channel ORDER BY s.n DESC) FILTER (WHERE s.channel IS NOT NULL))[1],
       (array_agg(s.category ORDER BY s.n DESC))[1], (array_agg(s.unit ORDER BY s.n DESC) FILTER (WHERE s.unit IS NOT NULL))[1], bool_and(s.sensor),
       bool_or(s.n = s.last AND s.state NOT IN ('void', 'rejected', 'deleted')),
       max(s.state) FILTER (WHERE s.n = s.last), max(s.outcome) FILTER (WHERE s.n = s.last),
       min(coalesce(s.reported, s.occurred)), min(s.received),
       min(s.at) FILTER (WHERE s.state IN ('filed', 'dispatched', 'processing', 'feedback', 'verifying')
                         OR s.state = 'closed' AND coalesce(s.outcome, 'done') = 'done' AND NOT s.sensor),
       min(s.at) FILTER (WHERE s.state IN ('dispatched', 'processing', 'feedback', 'verifying')),
       min(CASE WHEN s.state = 'closed' THEN coalesce(s.closed, s.at) ELSE s.at END)
               FILTER (WHERE s.n > s.last_work AND (s.state IN ('feedback', 'verifying') OR s.state = 'closed' AND coalesce(s.outcome, 'done') = 'done')),
       min(s.at) FILTER (WHERE s.n > s.last_work AND s.state = 'verifying'),
       min(coalesce(s.closed, s.at)) FILTER (WHERE s.n = s.last AND s.state = 'closed'),
       (array_agg(s.deadline ORDER BY s.n DESC) FILTER (WHERE s.deadline IS NOT NULL))[1], count(*)::integer,
       (count(*) FILTER (WHERE s.state = 'suspended' AND s.state_before IS DISTINCT FROM 'suspended'))::integer,
       (count(*) FILTER (WHERE s.deadline > s.deadline_before))::integer,
       (count(*) FILTER (WHERE s.state IN ('filed', 'dispatched', 'processing') AND s.state_before IN ('feedback', 'verifying', 'closed')))::integer,
       (count(*) FILTER (WHERE s.state = 'dispatched' AND s.state_before IS DISTINCT FROM 'dispatched'))::integer
FROM seen s GROUP BY s.zone, s.subject
$$;
COMMENT ON FUNCTION dw.report_stage_at IS '某时刻每个案卷的各阶段时间与次数 | stages of each platform''s case at a moment: when it was reported, filed, dispatched, disposed, verified, closed, how often suspended, extended, reworked';

-- What operators said of an incident, at a moment.
CREATE FUNCTION dw.order_stage_at(moment timestamptz, wanted text[] DEFAULT NULL)
RETURNS TABLE (incident text, filed_at timestamptz, dispatched_at timestamptz, verified_at timestamptz, closed_at timestamptz, rework_count integer,
               reopened_count integer)
LANGUAGE sql STABLE AS $$
SELECT s.incident, min(s.at) FILTER (WHERE s.cause LIKE 'cmd:%' AND s.change NOT IN ('merged', 'split') AND s.state IN ('filed', 'dispatched', 'processing', 'verifying')),
       min(s.at) FILTER (WHERE s.cause LIKE 'cmd:%' AND s.change NOT IN ('merged', 'split') AND s.state IN ('dispatched', 'processing', 'verifying')),
       max(s.at) FILTER (WHERE s.cause LIKE 'cmd:%' AND s.change NOT IN ('merged', 'split') AND s.state = 'verifying'),
       max(s.at) FILTER (WHERE s.cause LIKE 'cmd:%' AND s.change = 'closed'),
       (count(*) FILTER (WHERE s.cause LIKE 'cmd:%' AND s.change NOT IN ('merged', 'split') AND s.state_before IN ('feedback', 'verifying', 'closed')
                         AND s.state IN ('received', 'filed', 'dispatched', 'processing')))::integer,
       (count(*) FILTER (WHERE s.change = 'reopened'))::integer
FROM dw.incident_status s WHERE s.at <= moment AND (wanted IS NULL OR s.incident = ANY (wanted)) GROUP BY s.incident
$$;
COMMENT ON FUNCTION dw.order_stage_at IS '某时刻操作员对案件所作的推进 | what operators'' commands did to incidents up to a moment';

-- The stages of incidents at a moment. A report counts unless it was closed as another's, unfounded or withdrawn; a device's counts only where no person
-- reports. What is disposed of must be so in each report that counts; what is sent back is not disposed of any more.
CREATE FUNCTION dw.stage_at(moment timestamptz, wanted text[] DEFAULT NULL)
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
                ORDER BY s.incident, s.epoch DESC, s.version DESC)
SELECT m.incident, s.epoch, s.version, s.state, m.active, m.reports, coalesce(m.platforms, '{}'), m.first_platform, m.unit, m.reported_at,
       least(m.filed_at, o.filed_at), least(m.dispatched_at, o.dispatched_at),
       CASE WHEN s.state IN ('feedback', 'verifying', 'closed') THEN coalesce(m.disposed_at, CASE WHEN s.state = 'closed' THEN o.closed_at END) END,
       CASE WHEN s.state IN ('verifying', 'closed') THEN greatest(m.verified_at, o.verified_at) END,
       CASE WHEN s.state = 'closed' THEN coalesce(least(m.closed_at, o.closed_at), s.at) END,
       m.deadline, m.unfounded OR s.state IN ('void', 'rejected'), m.suspended_count, m.extended_count, m.rework_count + coalesce(o.rework_count, 0),
       m.dispatch_count, coalesce(o.reopened_count, 0)
FROM made m JOIN newest s USING (incident) LEFT JOIN dw.order_stage_at(moment, wanted) o USING (incident)
$$;
COMMENT ON FUNCTION dw.stage_at IS '某时刻每个案件的各阶段时间与次数 | stages of each incident at a moment; merged incidents are in their survivor, once';
