-- Incidents with their stages, kept ready for the indicators; mart.refresh() brings up to date what changed since the last time. hub.as_of asks for an earlier
-- moment: what was frozen then, else what was known then.

CREATE FUNCTION mart.as_of() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('hub.as_of', true), '')::timestamptz $$;
COMMENT ON FUNCTION mart.as_of IS '查询时点：SET hub.as_of = ''…''；空为现在 | the moment that is asked for, SET hub.as_of = ''...''; NULL: now';

-- Who may see a zone: everybody but analysts of a district, who see those that mart.analyst_zone gives them. The login counts, whatever role it took.
CREATE TABLE mart.analyst_zone (
        login text NOT NULL,
        zone text NOT NULL,
        PRIMARY KEY (login, zone)
);
SELECT meta.about('mart.analyst_zone', '区级分析员可见的分区 | which zones an analyst of a district may see', ARRAY['login = 登录名 | login', 'zone = 分区 | zone']);

DO $$
BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hub_district_analyst') THEN
                CREATE ROLE hub_district_analyst NOLOGIN;
        END IF;
END $$;

CREATE FUNCTION mart.my_zones() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
SELECT CASE WHEN pg_has_role(session_user, 'hub_district_analyst', 'MEMBER') AND NOT pg_has_role(session_user, 'hub_analyst', 'MEMBER')
            THEN (SELECT coalesce(array_agg(zone), '{}') FROM mart.analyst_zone WHERE login = session_user) END
$$;
COMMENT ON FUNCTION mart.my_zones IS '当前登录可见的分区，空为全部 | zones that this login may see, NULL all';

CREATE FUNCTION mart.may_see(zone text) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT coalesce(zone = ANY (mart.my_zones()), mart.my_zones() IS NULL) $$;
COMMENT ON FUNCTION mart.may_see IS '当前登录可否看见此分区 | whether this login may see a zone';

CREATE FUNCTION mart.month_of(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT date_trunc('month', moment AT TIME ZONE 'Asia/Shanghai')::date $$;
COMMENT ON FUNCTION mart.month_of IS '所在月份（上海时间） | first day of the month, as Shanghai counts it';

CREATE FUNCTION mart.pct(part numeric, whole numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT round(100.0 * part / nullif(whole, 0), 2) $$;
COMMENT ON FUNCTION mart.pct IS '百分比，两位小数；分母为 0 时为空 | per cent with two decimals; NULL where the denominator is 0';

CREATE TABLE mart.incident_now (
        incident text PRIMARY KEY,
        zone text NOT NULL,
        number text NOT NULL,
        epoch integer NOT NULL,
        version integer NOT NULL,
        state text NOT NULL,
        severity text NOT NULL,
        category text NOT NULL,
        title text NOT NULL,
        district text,
        subdistrict text,
        community text,
        grid text,
        address text,
        unit text,
        first_platform text,
        platforms text[] NOT NULL,
        reports integer NOT NULL,
        opened timestamptz NOT NULL,
        reported_at timestamptz,
        filed_at timestamptz,
        dispatched_at timestamptz,
        disposed_at timestamptz,
        verified_at timestamptz,
        closed_at timestamptz,
        deadline timestamptz,
        unfounded boolean NOT NULL,
        suspended_count integer NOT NULL,
        extended_count integer NOT NULL,
        rework_count integer NOT NULL,
        dispatch_count integer NOT NULL,
        reopened_count integer NOT NULL,
        recurrence_of text,
        geom geometry(Point, 4490)
);
CREATE INDEX incident_now_filed ON mart.incident_now (mart.month_of(filed_at));
CREATE INDEX incident_now_geom ON mart.incident_now USING gist ((geom::geography));
CREATE INDEX incident_now_open ON mart.incident_now (deadline) WHERE closed_at IS NULL;
SELECT meta.about('mart.incident_now', '案件及其各阶段（刷新时点的现状） | incidents with their stages, as they stood at the last refresh; a merged one is in its survivor', ARRAY[
        'incident = 案件编号 | incident id',
        'zone = 分区（区划代码） | zone',
        'number = 案件号 | number for people',
        'epoch = 纪元 | epoch of version',
        'version = 版本 | version',
        'state = 状态 | received, filed, dispatched, processing, feedback, verifying, closed, suspended, rejected, void',
        'severity = 严重程度 | severity',
        'category = 类别代码 | category code',
        'title = 标题 | title',
        'district = 区 | district code',
        'subdistrict = 街道 | subdistrict code',
        'community = 社区 | community',
        'grid = 单元网格 | grid',
        'address = 地址 | address',
        'unit = 责任单位：操作员派给的，否则最早派遣的报告所写 | unit that acts: whom an operator gave it to, else as the report says that was dispatched first',
        'first_platform = 首报平台 | platform that reported it first',
        'platforms = 上报平台 | platforms that report it',
        'reports = 报告数（平台案卷，不含作废） | number of platforms'' cases in it, void ones apart',
        'opened = 发生时间 | when it happened, by its founding report',
        'reported_at = 上报时间 | when it was first reported',
        'filed_at = 立案时间 | when it was first filed; where a platform tells only the end, when it was closed',
        'dispatched_at = 派遣时间 | when it was first dispatched',
        'disposed_at = 处置完成时间；返工后重新计 | when each report that counts was disposed of; anew after rework',
        'verified_at = 核查时间 | when it was last verified',
        'closed_at = 结案时间 | when it was closed; NULL while open',
        'deadline = 处置时限 | deadline: the earliest of its open reports, else of any, else by its category',
        'unfounded = 作废、不实、误报、撤回 | void, rejected, or each report unfounded, a false alarm or withdrawn',
        'suspended_count = 挂账（缓办）次数 | how often it was suspended',
        'extended_count = 延期次数 | how often its deadline was put off',
        'rework_count = 返工次数 | how often it was sent back after disposal',
        'dispatch_count = 派遣次数 | how often it was dispatched',
        'reopened_count = 重新打开次数 | how often it was opened again',
        'recurrence_of = 复发自哪个案件 | the earlier, closed incident that this one repeats',
        'geom = 位置，EPSG:4490 | position, EPSG:4490']);

CREATE TABLE mart.report_now (
        zone text NOT NULL,
        subject text NOT NULL,
        incident text NOT NULL,
        platform text NOT NULL,
        channel text,
        category text NOT NULL,
        unit text,
        sensor boolean NOT NULL,
        active boolean NOT NULL,
        state text NOT NULL,
        outcome text,
        reported_at timestamptz NOT NULL,
        first_received timestamptz NOT NULL,
        filed_at timestamptz,
        dispatched_at timestamptz,
        disposed_at timestamptz,
        verified_at timestamptz,
        closed_at timestamptz,
        deadline timestamptz,
        revisions integer NOT NULL,
        suspended_count integer NOT NULL,
        extended_count integer NOT NULL,
        rework_count integer NOT NULL,
        dispatch_count integer NOT NULL,
        PRIMARY KEY (zone, subject)
);
CREATE INDEX report_now_incident ON mart.report_now (incident);
CREATE INDEX report_now_category ON mart.report_now (category, platform);
SELECT meta.about('mart.report_now', '案卷（平台报告）及其各阶段（刷新时点的现状） | each platform''s case with its stages, as it stood at the last refresh', ARRAY[
        'zone = 分区（区划代码） | zone',
        'subject = 平台案卷 | the platform''s own case',
        'incident = 所属案件 | incident that holds it',
        'platform = 平台 | platform',
        'channel = 渠道 | channel within the platform',
        'category = 类别代码 | category code',
        'unit = 责任单位 | responsible unit',
        'sensor = 设备自动上报 | true when a device alone reports it',
        'active = 有效（未作废、删除） | false when void, rejected or deleted',
        'state = 状态 | state at the platform',
        'outcome = 结果 | outcome',
        'reported_at = 上报时间 | when it was reported, else when it happened',
        'first_received = 首次接收时间 | when the hub first received it',
        'filed_at = 立案时间 | when it was filed',
        'dispatched_at = 派遣时间 | when it was first dispatched',
        'disposed_at = 处置（反馈）时间 | when it was disposed of and fed back; anew after rework',
        'verified_at = 核查时间 | when it was verified',
        'closed_at = 结案时间 | when it was closed; NULL while open',
        'deadline = 时限 | its deadline, the newest that was told',
        'revisions = 版本数 | number of its revisions',
        'suspended_count = 挂账次数 | how often it was suspended',
        'extended_count = 延期次数 | how often its deadline was put off',
        'rework_count = 返工次数 | how often it was sent back',
        'dispatch_count = 派遣次数 | how often it was dispatched']);

CREATE TABLE mart.parameter (
        name text PRIMARY KEY,
        value numeric NOT NULL
);
SELECT meta.about('mart.parameter', '指标参数 | parameters of the indicators, for a site to change', ARRAY['name = 参数 | name', 'value = 值 | value']);
INSERT INTO mart.parameter VALUES ('repeat_metres', 50), ('repeat_days', 30);

CREATE TABLE mart.repeat_incident (
        incident text NOT NULL,
        prior text NOT NULL,
        zone text NOT NULL,
        category text NOT NULL,
        filed_at timestamptz NOT NULL,
        gap interval NOT NULL,
        metres numeric NOT NULL,
        PRIMARY KEY (incident, prior)
);
CREATE INDEX repeat_incident_prior ON mart.repeat_incident (prior);
SELECT meta.about('mart.repeat_incident', '反复发案：同类、同地点（默认 50 米内），结案后 30 日内再次立案 | the same kind at the same place (50 m) filed again within 30 days of closing; mart.parameter says how near and how soon', ARRAY[
        'incident = 再次立案的案件 | the later incident', 'prior = 此前已结案的案件 | the earlier one', 'zone = 分区 | zone', 'category = 类别代码 | category code',
        'filed_at = 再次立案时间 | when the later one was filed', 'gap = 距前案结案 | time since the earlier one was closed',
        'metres = 距离（米） | distance, metres']);

-- What a report said stays repeatable whatever is corrected later: the cases of a month as they stood when it was published.
CREATE TABLE mart.incident_frozen (as_of timestamptz NOT NULL, LIKE mart.incident_now, PRIMARY KEY (as_of, incident));
DO $$
DECLARE c record;
BEGIN
        FOR c IN SELECT a.attname, col_description(a.attrelid, a.attnum) AS text FROM pg_attribute a
                 WHERE a.attrelid = 'mart.incident_now'::regclass AND a.attnum > 0 LOOP
                EXECUTE format('COMMENT ON COLUMN mart.incident_frozen.%I IS %L', c.attname, c.text);
        END LOOP;
END $$;
SELECT meta.about('mart.incident_frozen', '通报发布时冻结的案件 | incidents as they stood when a bulletin was published', ARRAY[
        'as_of = 时点 | the moment that they stand for']);

CREATE TABLE mart.frozen (
        as_of timestamptz PRIMARY KEY,
        generation integer NOT NULL,
        epoch integer NOT NULL,
        cases bigint NOT NULL,
        made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        made_by text NOT NULL DEFAULT session_user
);
SELECT meta.about('mart.frozen', '冻结的时点 | moments that were frozen: hub.as_of at one of them gives what was published then', ARRAY[
        'as_of = 时点 | the moment', 'generation = 当时的世代 | generation that was live', 'epoch = 当时的纪元 | epoch', 'cases = 案件数 | incidents kept',
        'made_at = 冻结时间 | wall time', 'made_by = 何人 | login']);

CREATE TABLE mart.refreshed (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        generation integer NOT NULL,
        at timestamptz NOT NULL,
        took interval NOT NULL,
        revisions bigint NOT NULL,
        cases bigint NOT NULL
);
SELECT meta.about('mart.refreshed', '最近一次刷新 | the last refresh of what mart keeps ready', ARRAY[
        'one = 恒为真：只有一行 | always true: there is one row', 'generation = 世代 | generation that it shows', 'at = 刷新时间 | wall time of its end',
        'took = 用时 | how long it took', 'revisions = 新增版本数 | revisions that were new', 'cases = 更新案件数 | incidents that were made anew']);

-- What people correct by hand: of a platform's case, so that it holds for whatever incident the case stands in, after updates, replays and promotes. The newest
-- correction of a field counts.
CREATE TABLE dw.correction (
        correction bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        zone text NOT NULL,
        subject text NOT NULL,
        field text NOT NULL CHECK (field IN ('category', 'subdistrict', 'community', 'grid', 'unit', 'deadline')),
        value text,
        note text,
        by_whom text NOT NULL DEFAULT session_user,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CHECK (field <> 'deadline' OR value IS NULL OR value::timestamptz > '2000-01-01')
);
CREATE INDEX correction_subject ON dw.correction (zone, subject);
SELECT meta.about('dw.correction', '人工更正：针对案卷，后续更新、重放不会抹去；同一字段以最新一条为准 | corrections by hand, of a platform''s case: no later update or replay erases them; the newest of a field counts', ARRAY[
        'correction = 编号 | number', 'zone = 分区 | zone', 'subject = 案卷 | the platform''s case', 'field = 字段 | what is corrected', 'value = 更正值；空为撤销更正 | the right value; NULL takes a correction back',
        'note = 说明 | why', 'by_whom = 更正人 | login', 'at = 更正时间 | wall time']);

CREATE FUNCTION dw.correction_at(moment timestamptz, wanted text[] DEFAULT NULL)
RETURNS TABLE (incident text, category text, subdistrict text, community text, grid text, unit text, deadline timestamptz) LANGUAGE sql STABLE AS $$
WITH newest AS (SELECT DISTINCT ON (s.incident, c.field) s.incident, c.field, c.value FROM dw.correction c JOIN dw.subject s USING (zone, subject)
                WHERE c.at <= moment AND (wanted IS NULL OR s.incident = ANY (wanted)) ORDER BY s.incident, c.field, c.correction DESC)
SELECT n.incident, max(n.value) FILTER (WHERE n.field = 'category'), max(n.value) FILTER (WHERE n.field = 'subdistrict'),
       max(n.value) FILTER (WHERE n.field = 'community'), max(n.value) FILTER (WHERE n.field = 'grid'), max(n.value) FILTER (WHERE n.field = 'unit'),
       max(n.value) FILTER (WHERE n.field = 'deadline')::timestamptz
FROM newest n GROUP BY n.incident
$$;
COMMENT ON FUNCTION dw.correction_at IS '某时刻有效的人工更正 | corrections that hold at a moment, by incident';

-- Incidents at a moment in the form of mart.incident_now; wanted: of these, NULL all.
CREATE FUNCTION mart.incident_at(moment timestamptz, wanted text[] DEFAULT NULL) RETURNS SETOF mart.incident_now LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT s.incident, i.zone, i.number, s.epoch, s.version, s.state, i.severity, coalesce(c.category, i.category), i.title, i.district,
       coalesce(c.subdistrict, i.subdistrict), coalesce(c.community, i.community), coalesce(c.grid, i.grid), i.address,
       coalesce(c.unit, i.assigned_to, s.unit), s.first_platform, s.platforms, s.active, i.opened, s.reported_at, s.filed_at, s.dispatched_at, s.disposed_at,
       s.verified_at, s.closed_at, coalesce(c.deadline, s.deadline, i.deadline), s.unfounded, s.suspended_count, s.extended_count, s.rework_count, s.dispatch_count,
       s.reopened_count, i.recurrence_of, i.geom
FROM dw.stage_at(moment, wanted) s JOIN dw.incident i USING (incident) LEFT JOIN dw.correction_at(moment, wanted) c USING (incident) WHERE mart.may_see(i.zone)
$$;
COMMENT ON FUNCTION mart.incident_at IS '某时刻的案件 | incidents with their stages at a moment';

CREATE FUNCTION mart.report_at(moment timestamptz) RETURNS SETOF mart.report_now LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT r.* FROM dw.report_stage_at(moment) r WHERE mart.may_see(r.zone)
$$;
COMMENT ON FUNCTION mart.report_at IS '某时刻的案卷 | platforms'' cases with their stages at a moment';

CREATE FUNCTION mart.repeats_make(wanted text[]) RETURNS void LANGUAGE sql AS $$
DELETE FROM mart.repeat_incident WHERE wanted IS NULL OR incident = ANY (wanted) OR prior = ANY (wanted);
INSERT INTO mart.repeat_incident
SELECT later.incident, prior.incident, later.zone, later.category, later.filed_at, later.filed_at - prior.closed_at,
       round(ST_Distance(later.geom::geography, prior.geom::geography)::numeric, 1)
FROM mart.incident_now prior
JOIN mart.incident_now later ON later.zone = prior.zone AND later.category = prior.category AND later.incident <> prior.incident
     AND ST_DWithin(later.geom::geography, prior.geom::geography, (SELECT value FROM mart.parameter WHERE name = 'repeat_metres'))
     AND later.filed_at > prior.closed_at
     AND later.filed_at <= prior.closed_at + make_interval(days => (SELECT value::integer FROM mart.parameter WHERE name = 'repeat_days'))
WHERE prior.filed_at IS NOT NULL AND prior.closed_at IS NOT NULL AND NOT prior.unfounded AND NOT later.unfounded
      AND (wanted IS NULL OR prior.incident = ANY (wanted) OR later.incident = ANY (wanted))
$$;
COMMENT ON FUNCTION mart.repeats_make IS '重算反复发案 | makes mart.repeat_incident anew for these incidents, NULL for all';

-- All incidents again where another generation is live, else those that changed.
CREATE FUNCTION mart.refresh(whole boolean DEFAULT false) RETURNS mart.refreshed LANGUAGE plpgsql AS $$
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
                PERFORM mart.repeats_make(changed);
                PERFORM mart.units_make(changed);
        END IF;
        PERFORM mart.days_make(whole);
        DELETE FROM mart.refreshed;
        INSERT INTO mart.refreshed VALUES (true, live, clock_timestamp(), clock_timestamp() - began, taken, coalesce(made, 0)) RETURNING * INTO said;
        RETURN said;
END $$;
COMMENT ON FUNCTION mart.refresh IS '刷新：读入日志新增部分，重算有变化的案件 | takes in the log''s growth and makes what changed anew; whole: everything';

CREATE FUNCTION mart.units_make(wanted text[]) RETURNS void LANGUAGE sql AS $$
INSERT INTO dw.dim_unit (unit, first_seen)
SELECT unit, min(coalesce(dispatched_at, reported_at)) FROM mart.incident_now WHERE unit IS NOT NULL AND (wanted IS NULL OR incident = ANY (wanted)) GROUP BY unit
ON CONFLICT DO NOTHING
$$;
COMMENT ON FUNCTION mart.units_make IS '登记新出现的单位 | keeps the units that incidents name for the first time';

-- Keeps all cases as they stand at a moment, once.
CREATE FUNCTION mart.freeze(moment timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
        kept bigint;
BEGIN
        IF EXISTS (SELECT FROM mart.frozen WHERE as_of = moment) THEN
                RETURN 0;
        END IF;
        INSERT INTO mart.incident_frozen SELECT moment, c.* FROM mart.incident_at(moment) c;
        GET DIAGNOSTICS kept = ROW_COUNT;
        INSERT INTO mart.frozen (as_of, generation, epoch, cases)
        SELECT moment, generation, epoch, kept FROM ops.generation WHERE live;
        RETURN kept;
END $$;
COMMENT ON FUNCTION mart.freeze IS '冻结某时点的案件，使通报可重现 | keeps the incidents as they stand at a moment, so that what was published can be told again';

CREATE FUNCTION mart.is_frozen() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT EXISTS (SELECT FROM mart.frozen WHERE as_of = mart.as_of()) $$;
COMMENT ON FUNCTION mart.is_frozen IS '所查时点是否已冻结 | whether the moment that is asked for was frozen';

-- What every indicator is made of: now, what was frozen, or what was known at the moment that is asked for.
DO $$
DECLARE
        columns text := (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'mart.incident_now'::regclass AND attnum > 0);
        c record;
BEGIN
        EXECUTE format('CREATE VIEW mart.incident WITH (security_invoker) AS SELECT %1$s FROM mart.incident_now WHERE mart.as_of() IS NULL'
                       ' UNION ALL SELECT %1$s FROM mart.incident_frozen WHERE as_of = mart.as_of()'
                       ' UNION ALL SELECT %1$s FROM mart.incident_at(mart.as_of()) WHERE mart.as_of() IS NOT NULL AND NOT mart.is_frozen()', columns);
        columns := (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'mart.report_now'::regclass AND attnum > 0);
        EXECUTE format('CREATE VIEW mart.report WITH (security_invoker) AS SELECT %1$s FROM mart.report_now WHERE mart.as_of() IS NULL'
                       ' UNION ALL SELECT %1$s FROM mart.report_at(mart.as_of()) WHERE mart.as_of() IS NOT NULL', columns);
        FOR c IN SELECT v.relname, a.attname, col_description(t.oid, b.attnum) AS text
                 FROM pg_class v JOIN pg_class t ON t.relnamespace = v.relnamespace AND t.relname = v.relname || '_now'
                 JOIN pg_attribute a ON a.attrelid = v.oid AND a.attnum > 0 JOIN pg_attribute b ON b.attrelid = t.oid AND b.attname = a.attname
                 WHERE v.relnamespace = 'mart'::regnamespace AND v.relname IN ('incident', 'report') LOOP
                EXECUTE format('COMMENT ON COLUMN mart.%I.%I IS %L', c.relname, c.attname, c.text);
        END LOOP;
END $$;
COMMENT ON VIEW mart.incident IS '案件及其各阶段（现状，或 hub.as_of 所指时点） | incidents with their stages, now or at hub.as_of';
COMMENT ON VIEW mart.report IS '案卷及其各阶段（现状，或 hub.as_of 所指时点） | platforms'' cases with their stages, now or at hub.as_of';
