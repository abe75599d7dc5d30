-- The scorecard: 6 classes and 17 items, as data; the shipped one is an example. Then what analysts ask of recognition: who was first, how long it took, how
-- much was joined, where each figure comes from.

CREATE TABLE dw.score_item (
        scheme text NOT NULL,
        class text NOT NULL,
        item text NOT NULL,
        kpi text REFERENCES dw.kpi_definition,
        weight numeric NOT NULL CHECK (weight > 0),
        valid_from date NOT NULL,
        valid_to date,
        note text,
        PRIMARY KEY (scheme, item, valid_from)
);
SELECT meta.about('dw.score_item', '考核办法：大项、指标、权重、有效期 | the scorecard: classes, items, weights and when they hold', ARRAY[
        'scheme = 方案；“示例”为随附示例 | scheme; 示例 is the example that is shipped', 'class = 大项 | class', 'item = 工作指标 | item',
        'kpi = 自动取数的指标；空为人工评分 | indicator that gives its value; NULL: entered by hand in dw.score_entry', 'weight = 分值 | weight',
        'valid_from = 生效月 | first month', 'valid_to = 失效月 | month from which it holds no more; NULL: still', 'note = 说明 | note']);
CREATE TABLE dw.score_entry (
        scheme text NOT NULL,
        item text NOT NULL,
        unit text NOT NULL,
        month date NOT NULL,
        value numeric NOT NULL CHECK (value BETWEEN 0 AND 100),
        by_whom text NOT NULL DEFAULT session_user,
        PRIMARY KEY (scheme, item, unit, month)
);
SELECT meta.about('dw.score_entry', '人工评分 | values that people enter', ARRAY['scheme = 方案 | scheme', 'item = 工作指标 | item', 'unit = 单位 | unit',
        'month = 月份 | month', 'value = 得分率（0–100） | value, 0 to 100', 'by_whom = 录入人 | login that entered it']);
INSERT INTO dw.score_item (scheme, class, item, kpi, weight, valid_from, note)
SELECT '示例', class, item, kpi, weight, '2023-01-01', '示例，非正式办法：真实的 6 大项 17 项及权重由局里给出' FROM (VALUES
        ('案件办理', '处置率', 'dispose_rate', 8), ('案件办理', '按期处置率', 'intime_dispose_rate', 8), ('案件办理', '结案率', 'archive_rate', 8),
        ('案件办理', '按期结案率', 'intime_archive_rate', 8),
        ('办理质量', '返工率', 'rework_rate', 8), ('办理质量', '延期率', 'postpone_rate', 5), ('办理质量', '复发率', 'recur_rate', 5),
        ('及时性', '超期待处置率', 'overtime_to_dispose_rate', 6), ('及时性', '派遣率', 'dispatch_rate', 5), ('及时性', '准确立案率', 'exact_inst_rate', 5),
        ('依法行政', '案卷评查', NULL, 6), ('依法行政', '行政复议诉讼', NULL, 5), ('依法行政', '执法公示', NULL, 5),
        ('队伍建设', '业务培训', NULL, 5), ('队伍建设', '规范化建设', NULL, 5),
        ('安全生产', '隐患排查', NULL, 4), ('安全生产', '防台防汛', NULL, 4)) AS v (class, item, kpi, weight);

CREATE VIEW mart.scorecard_month WITH (security_invoker) AS
WITH valued AS (SELECT s.scheme, s.class, s.item, s.weight, k.month, k.unit,
                       coalesce(e.value, CASE WHEN d.more_is_better THEN (to_jsonb(k) ->> s.kpi)::numeric ELSE 100 - (to_jsonb(k) ->> s.kpi)::numeric END) AS value
                FROM mart.kpi_month_unit k
                JOIN dw.score_item s ON s.valid_from <= k.month AND (s.valid_to IS NULL OR s.valid_to > k.month)
                LEFT JOIN dw.kpi_definition d ON d.kpi = s.kpi
                LEFT JOIN dw.score_entry e ON e.scheme = s.scheme AND e.item = s.item AND e.unit = k.unit AND e.month = k.month
                WHERE k.unit IS NOT NULL),
     scored AS (SELECT v.*, round(v.value * v.weight / 100, 2) AS score, sum(v.value * v.weight) OVER one AS points,
                       sum(v.weight) FILTER (WHERE v.value IS NOT NULL) OVER one AS weights
                FROM valued v WINDOW one AS (PARTITION BY v.scheme, v.month, v.unit))
SELECT month, scheme, unit, class, item, value, weight, score, round(points / nullif(weights, 0), 2) AS total,
       CASE WHEN weights > 0 THEN dense_rank() OVER (PARTITION BY scheme, month ORDER BY round(points / nullif(weights, 0), 2) DESC NULLS LAST) END AS place
FROM scored;
SELECT meta.about('mart.scorecard_month', '月度考核得分 | the scorecard a month: value and score of each item, and the unit''s total', ARRAY[
        'month = 月份 | month', 'scheme = 方案 | scheme', 'unit = 单位 | unit', 'class = 大项 | class', 'item = 工作指标 | item',
        'value = 得分率（0–100），越高越好；空为无数据 | value, more is better; NULL: no data', 'weight = 分值 | weight', 'score = 得分 | score',
        'total = 总分（百分制，仅计有数据的指标） | the unit''s total of 100, over the items that have a value', 'place = 名次，并列同名次 | place; ties share it']);

CREATE VIEW mart.seen_by_several WITH (security_invoker) AS
SELECT mart.month_of(i.reported_at) AS month, i.zone, cardinality(i.platforms) AS platforms, count(*) AS incidents, sum(i.reports)::bigint AS reports,
       mart.pct(count(*), sum(count(*)) OVER (PARTITION BY mart.month_of(i.reported_at), i.zone)) AS share
FROM mart.incident i WHERE NOT i.unfounded GROUP BY 1, 2, 3;
SELECT meta.about('mart.seen_by_several', '被几个平台上报 | incidents by the number of platforms that report them', ARRAY['month = 上报月份 | month of the first report',
        'zone = 分区 | zone', 'platforms = 平台数 | number of platforms', 'incidents = 案件数 | incidents', 'reports = 报告数 | reports', 'share = 占比（%） | share of the month''s incidents, per cent']);

CREATE VIEW mart.first_reporter WITH (security_invoker) AS
WITH shared AS (SELECT incident, zone, reported_at, first_platform, platforms FROM mart.incident WHERE cardinality(platforms) >= 2 AND NOT unfounded),
     told AS (SELECT s.incident, s.zone, mart.month_of(s.reported_at) AS month, s.first_platform, r.platform, min(r.reported_at) - s.reported_at AS behind
              FROM shared s JOIN mart.report r USING (incident) WHERE r.active GROUP BY s.incident, s.zone, s.reported_at, s.first_platform, r.platform)
SELECT month, zone, platform, count(*) AS shared_incidents, count(*) FILTER (WHERE platform = first_platform) AS first,
       mart.pct(count(*) FILTER (WHERE platform = first_platform), count(*)) AS first_share,
       round(extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY behind) FILTER (WHERE platform <> first_platform))::numeric / 60, 1) AS median_minutes_behind
FROM told GROUP BY month, zone, platform;
SELECT meta.about('mart.first_reporter', '多平台案件中谁先上报 | of incidents that several platforms report, which one was first', ARRAY['month = 上报月份 | month of the first report',
        'zone = 分区 | zone', 'platform = 平台 | platform', 'shared_incidents = 参与的多平台案件数 | such incidents that it reports', 'first = 首报数 | of which it was first',
        'first_share = 首报率（%） | share, per cent', 'median_minutes_behind = 落后首报的中位分钟数 | median minutes behind the first, where it was not']);

CREATE VIEW mart.minutes_to_stage WITH (security_invoker) AS
SELECT mart.month_of(i.reported_at) AS month, i.zone, i.category, s.stage, count(s.at) AS incidents,
       round(extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY s.at - i.reported_at))::numeric / 60, 1) AS median_minutes,
       round(extract(epoch FROM percentile_cont(0.9) WITHIN GROUP (ORDER BY s.at - i.reported_at))::numeric / 60, 1) AS p90_minutes
FROM mart.incident i
CROSS JOIN LATERAL (VALUES ('filed', i.filed_at), ('dispatched', i.dispatched_at), ('disposed', i.disposed_at), ('verified', i.verified_at), ('closed', i.closed_at))
     AS s (stage, at)
WHERE s.at IS NOT NULL AND NOT i.unfounded GROUP BY 1, 2, 3, 4;
SELECT meta.about('mart.minutes_to_stage', '从首报到各阶段的分钟数 | minutes from the first report to each stage', ARRAY['month = 上报月份 | month of the first report', 'zone = 分区 | zone',
        'category = 类别代码 | category code', 'stage = 阶段：立案、派遣、处置、核查、结案 | filed, dispatched, disposed, verified, closed', 'incidents = 案件数 | incidents that reached it',
        'median_minutes = 中位分钟数 | median', 'p90_minutes = 九成分位分钟数 | ninth decile']);

CREATE VIEW mart.dedup_quality_day WITH (security_barrier) AS
WITH links AS (SELECT zone, (linked_at AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*) AS links, count(*) FILTER (WHERE decision = 'new') AS opened,
                      count(*) FILTER (WHERE decision = 'join') AS joined, count(*) FILTER (WHERE linked_by LIKE 'cmd:%') AS manual,
                      count(*) FILTER (WHERE doubtful) AS doubtful, count(*) FILTER (WHERE decision = 'join' AND unlinked_at IS NOT NULL) AS undone
               FROM dw.link WHERE mart.may_see(zone) GROUP BY 1, 2)
SELECT day, zone, links, opened, joined, manual AS manual_links, doubtful, undone AS joins_undone, mart.pct(undone, joined) AS undone_rate,
       round((opened + joined)::numeric / nullif(opened, 0), 2) AS compression
FROM links;
SELECT meta.about('mart.dedup_quality_day', '归并质量：每日归并、人工改动、压缩比 | quality of recognition by day: joins, what people changed, reports per incident', ARRAY['day = 日期（上海） | day of Asia/Shanghai',
        'zone = 分区 | zone', 'links = 关系数 | links made', 'opened = 新立案件数 | that opened an incident', 'joined = 归并数 | that joined one', 'manual_links = 人工归并、拆分数 | that commands made',
        'doubtful = 存疑数 | in doubt', 'joins_undone = 后被拆开的归并数 | joins that were ended later', 'undone_rate = 拆开率（%） | share of joins, per cent', 'compression = 压缩比 | reports per incident']);

-- From any figure down to the single message. Filter by incident or subject.
CREATE VIEW mart.lineage WITH (security_barrier) AS
SELECT l.incident, l.zone, l.subject, r.platform, r.event, r.at, r.state, r.topic, r.partition, r."offset", r.received,
       split_part(r.subject, ':', 3) AS source_ref, v.value -> 'raw' ->> 'sha256' AS sha256, v.value -> 'raw' ->> 'position' AS position,
       v.value ->> 'instance' AS instance, l.decision, l.score, l.linked_by, l.linked_at, l.rules
FROM dw.link l
JOIN dw.revision r USING (zone, subject)
LEFT JOIN ods.record o ON o.topic = r.topic AND o.partition = r.partition AND o."offset" = r."offset" AND o.received = r.received
LEFT JOIN LATERAL (SELECT o.text::jsonb AS value) v ON true
WHERE l.unlinked_at IS NULL AND mart.may_see(l.zone);
SELECT meta.about('mart.lineage', '溯源：案件 → 案卷 → 事件 → Kafka 位置 → 平台原始编号与摘要 | lineage: incident, case, event, topic, partition, offset, the platform''s own number and the SHA-256 of its bytes', ARRAY[
        'incident = 案件编号 | incident id', 'zone = 分区 | zone', 'subject = 案卷 | the platform''s case', 'platform = 平台 | platform', 'event = 事件编号 | event id',
        'at = 版本时间 | the platform''s time of this revision', 'state = 状态 | state that it tells', 'topic = Kafka 主题 | Kafka topic', 'partition = Kafka 分区 | Kafka partition',
        'offset = Kafka 偏移 | Kafka offset', 'received = 接收时间 | when it was received', 'source_ref = 平台原始编号（百分号编码） | the platform''s own number, percent-encoded', 'sha256 = 原始字节的 SHA-256 | SHA-256 of the raw bytes',
        'position = 在来源中的位置 | position in the source', 'instance = 接入实例 | instance that received it', 'decision = 归并决定：new、join、command | how it came to this incident',
        'score = 归并得分（千分对数几率） | log-odds in thousandths', 'linked_by = 由规则或命令 | rules, or the id of the command', 'linked_at = 归并时间 | zone time of the link', 'rules = 规则版本 | rules version']);
