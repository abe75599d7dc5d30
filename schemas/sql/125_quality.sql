-- Quality of what platforms send, by platform and day, learnt from their own weeks; and the ledger for analysts.

CREATE TABLE mart.platform_day (
        platform text NOT NULL,
        zone text NOT NULL,
        day date NOT NULL,
        events bigint NOT NULL,
        cases bigint NOT NULL,
        unclassified bigint NOT NULL,
        unplaced bigint NOT NULL,
        sparse bigint NOT NULL,
        repaired bigint NOT NULL,
        clock_missing bigint NOT NULL,
        out_of_district bigint NOT NULL,
        late bigint NOT NULL,
        median_accuracy_m numeric,
        p95_delay_s numeric,
        PRIMARY KEY (platform, zone, day)
);
SELECT meta.about('mart.platform_day', '数据质量：每平台每日（按接收日） | quality of what each platform sent, by the day of receiving', ARRAY[
        'platform = 平台 | platform', 'zone = 分区 | zone', 'day = 接收日期（上海） | day of Asia/Shanghai', 'events = 事件数 | events', 'cases = 案卷数 | cases that they speak of',
        'unclassified = 未能归类（E2199）数 | of category E2199', 'unplaced = 无位置数 | without a position', 'sparse = 内容稀少数 | neither position nor address, or no description',
        'repaired = 编码已修复数 | whose encoding was repaired', 'clock_missing = 缺时间数 | without a time of their own', 'out_of_district = 区外数 | outside the district',
        'late = 迟到数 | that came late', 'median_accuracy_m = 位置精度中位数（米） | median accuracy, metres', 'p95_delay_s = 上报到接收延迟的 95 分位（秒） | 95th percentile of the delay from reporting to receiving, seconds']);

CREATE TABLE mart.category_day (
        platform text NOT NULL,
        zone text NOT NULL,
        category text NOT NULL,
        day date NOT NULL,
        events bigint NOT NULL,
        PRIMARY KEY (platform, zone, category, day)
);
SELECT meta.about('mart.category_day', '每平台每日各类别事件数 | events by platform, category and day', ARRAY['platform = 平台 | platform', 'zone = 分区 | zone',
        'category = 类别代码 | category code', 'day = 接收日期（上海） | day of Asia/Shanghai', 'events = 事件数 | events']);

-- The days of what mart.refresh() just took in, anew; whole: all.
CREATE FUNCTION mart.days_make(whole boolean) RETURNS void LANGUAGE plpgsql AS $$
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
COMMENT ON FUNCTION mart.days_make IS '重算受影响日期的数据质量 | makes the quality of the days that were told of anew';

CREATE VIEW mart.quality_day WITH (security_invoker) AS
SELECT q.platform, p.name, q.zone, q.day, q.events, q.cases, mart.pct(q.unclassified, q.events) AS unclassified_rate, mart.pct(q.unplaced, q.events) AS unplaced_rate,
       mart.pct(q.sparse, q.events) AS sparse_rate, mart.pct(q.repaired, q.events) AS repaired_rate, mart.pct(q.clock_missing, q.events) AS clock_missing_rate,
       mart.pct(q.out_of_district, q.events) AS out_of_district_rate, mart.pct(q.late, q.events) AS late_rate, q.median_accuracy_m, q.p95_delay_s,
       mart.pct(l.duplicate, l.stored + l.duplicate) AS repeated_rate
FROM mart.platform_day q
LEFT JOIN dw.dim_platform p USING (platform)
LEFT JOIN (SELECT platform, (hour AT TIME ZONE 'Asia/Shanghai')::date AS day, sum(stored) AS stored, sum(duplicate) AS duplicate FROM mart.logged_hour GROUP BY 1, 2) l
     USING (platform, day);
SELECT meta.about('mart.quality_day', '数据质量占比：每平台每日 | shares of mart.platform_day, per cent', ARRAY['platform = 平台 | platform', 'name = 平台名称 | its name', 'zone = 分区 | zone', 'day = 日期（上海） | day of Asia/Shanghai',
        'events = 事件数 | events', 'cases = 案卷数 | cases', 'unclassified_rate = 未能归类率 | share of E2199', 'unplaced_rate = 无位置率 | share without a position', 'sparse_rate = 内容稀少率 | share that says little',
        'repaired_rate = 编码修复率 | share with a repaired encoding', 'clock_missing_rate = 缺时间率 | share without a time', 'out_of_district_rate = 区外率 | share outside the district',
        'late_rate = 迟到率 | share that came late', 'median_accuracy_m = 位置精度中位数（米） | median accuracy, metres', 'p95_delay_s = 延迟 95 分位（秒） | 95th percentile of the delay, seconds',
        'repeated_rate = 重复率 | share of events that were known already']);

-- What a platform does now beside what it used to do: red where it has changed its habits. Learnt from its own last four weeks; nothing is said before it has
-- a week, nor where it never sends enough to tell.
INSERT INTO mart.parameter VALUES ('light_least', 10), ('light_volume_pct', 50), ('light_unplaced_points', 20), ('light_category_least', 5);
CREATE VIEW mart.platform_light AS
WITH p AS (SELECT coalesce(mart.as_of(), now()) AS moment, (coalesce(mart.as_of(), now()) AT TIME ZONE 'Asia/Shanghai')::date AS today,
                  (SELECT value FROM mart.parameter WHERE name = 'light_least') AS least,
                  (SELECT value FROM mart.parameter WHERE name = 'light_volume_pct') AS volume_pct,
                  (SELECT value FROM mart.parameter WHERE name = 'light_unplaced_points') AS points,
                  (SELECT value FROM mart.parameter WHERE name = 'light_category_least') AS category_least),
     seen AS (SELECT platform, min(hour) AS since FROM mart.logged_hour WHERE platform <> '?' GROUP BY platform),
     weeks AS (SELECT s.platform, w.n, coalesce((SELECT sum(l.stored) FROM mart.logged_hour l WHERE l.platform = s.platform
                                                 AND l.hour >= date_trunc('hour', p.moment) - interval '6 hours' - make_interval(weeks => w.n)
                                                 AND l.hour < date_trunc('hour', p.moment) - make_interval(weeks => w.n)), 0) AS events
               FROM seen s CROSS JOIN p CROSS JOIN generate_series(0, 4) AS w (n) WHERE s.since <= p.moment - make_interval(weeks => greatest(w.n, 1))),
     volume AS (SELECT platform, max(events) FILTER (WHERE n = 0) AS now, percentile_cont(0.5) WITHIN GROUP (ORDER BY events) FILTER (WHERE n > 0) AS usual
                FROM weeks GROUP BY platform),
     placed AS (SELECT d.platform, mart.pct(sum(d.unplaced) FILTER (WHERE d.day = p.today - 1), sum(d.events) FILTER (WHERE d.day = p.today - 1)) AS now,
                       mart.pct(sum(d.unplaced) FILTER (WHERE d.day < p.today - 1), sum(d.events) FILTER (WHERE d.day < p.today - 1)) AS usual,
                       sum(d.events) FILTER (WHERE d.day = p.today - 1) AS events
                FROM mart.platform_day d CROSS JOIN p WHERE d.day >= p.today - 29 AND d.day < p.today GROUP BY d.platform),
     kinds AS (SELECT c.platform, c.category, coalesce(sum(c.events) FILTER (WHERE c.day = p.today - 1), 0) AS now, sum(c.events) FILTER (WHERE c.day < p.today - 1) / 28.0 AS usual
               FROM mart.category_day c CROSS JOIN p WHERE c.day >= p.today - 29 AND c.day < p.today GROUP BY c.platform, c.category)
SELECT v.platform, 'volume' AS habit, NULL::text AS category, v.now::numeric, round(v.usual::numeric, 1) AS usual,
       CASE WHEN v.usual IS NULL OR v.usual < p.least THEN 'none' WHEN v.now = 0 OR 100 * v.now < p.volume_pct * v.usual THEN 'red'
            WHEN 100 * v.now > 300 * v.usual THEN 'yellow' ELSE 'green' END AS light
FROM volume v CROSS JOIN p
UNION ALL
SELECT q.platform, 'position', NULL, q.now, q.usual,
       CASE WHEN q.usual IS NULL OR q.now IS NULL OR q.events < p.least THEN 'none' WHEN q.now - q.usual > p.points THEN 'red'
            WHEN q.now - q.usual > p.points / 2 THEN 'yellow' ELSE 'green' END
FROM placed q CROSS JOIN p
UNION ALL
SELECT k.platform, 'category', k.category, k.now, round(k.usual, 1), CASE WHEN k.now = 0 THEN 'red' WHEN k.now < k.usual / 4 THEN 'yellow' ELSE 'green' END
FROM kinds k CROSS JOIN p WHERE k.usual >= p.category_least;
SELECT meta.about('mart.platform_light', '平台习惯灯：数量、位置、类别与其自身近四周相比 | lights: what each platform does now beside its own last four weeks', ARRAY['platform = 平台 | platform',
        'habit = volume 近六小时事件数，position 昨日无位置率，category 昨日某类别事件数 | volume: events of the last six hours; position: share without one yesterday; category: its events yesterday',
        'category = 类别代码 | category code', 'now = 现值 | value now', 'usual = 往常值 | what is usual', 'light = 灯：red 红、yellow 黄、green 绿、none 无从判断 | red, yellow, green, none: nothing to tell by']);

-- One row a platform, instance and hour: what the instance said, what lies in the log.
CREATE VIEW mart.ledger_hour AS
WITH told AS (SELECT instance, hour, sum(records) AS records, sum(items) AS items, sum(published) AS published, sum(rejected) AS rejected, sum(ignored) AS ignored,
                     sum(repeated) AS repeated
              FROM (SELECT DISTINCT ON (run, hour) * FROM ops.tick ORDER BY run, hour, seq DESC) AS newest GROUP BY instance, hour),
     logged AS (SELECT instance, hour, max(platform) FILTER (WHERE platform <> '?') AS platform, sum(stored) AS stored, sum(duplicate) AS duplicate,
                       sum(refused) AS refused, sum(rejected) AS rejected FROM mart.logged_hour GROUP BY instance, hour)
SELECT coalesce(l.platform, (SELECT max(o.platform) FROM mart.logged_hour o WHERE o.instance = t.instance AND o.platform <> '?'), '?') AS platform,
       coalesce(t.instance, l.instance) AS instance, coalesce(t.hour, l.hour) AS hour, t.records::bigint, t.items::bigint, t.published::bigint, t.rejected::bigint,
       t.ignored::bigint, t.repeated::bigint, coalesce(l.stored, 0)::bigint AS stored, coalesce(l.duplicate, 0)::bigint AS duplicate,
       coalesce(l.refused, 0)::bigint AS refused, coalesce(l.rejected, 0)::bigint AS rejects_logged,
       (t.items - t.published - t.rejected - t.ignored)::bigint AS unexplained,
       (t.published - coalesce(l.stored + l.duplicate + l.refused, 0))::bigint AS missing
FROM told t FULL JOIN logged l USING (instance, hour);
SELECT meta.about('mart.ledger_hour', '台账：每平台每实例每小时，自报数与日志数对照（刷新时点） | the ledger by platform, instance and hour: what the instance told, beside what lies in the log as of the last refresh; hub audit is the judge', ARRAY[
        'platform = 平台 | platform', 'instance = 接入实例 | instance', 'hour = 接收小时 | hour of receiving', 'records = 读取记录数 | records read', 'items = 条目数 | items settled',
        'published = 已发布数 | events published', 'rejected = 拒收数 | items rejected', 'ignored = 忽略数 | items with nothing to say', 'repeated = 轮询重叠中再次见到数 | seen again in a poll''s overlap',
        'stored = 入库数 | stored in the log', 'duplicate = 重复数 | known event ids', 'refused = 归并端拒收数 | rejected by the correlator', 'rejects_logged = 日志中的拒收数 | rejects in the log',
        'unexplained = 条目 − 发布 − 拒收 − 忽略，应为 0 | items less published, rejected and ignored: 0', 'missing = 发布 − 日志所有，应为 0 | published less what lies in the log: 0']);
