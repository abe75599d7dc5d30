-- The indicators, over a row of flags a case. Percentages have two decimals and are NULL where nothing is to be counted; months are Shanghai's. What counts:
-- a case must be disposed of once its deadline has passed or when it is disposed of already, unless it is suspended or void: so no share exceeds 100.

CREATE VIEW mart.case_flags WITH (security_invoker) AS
SELECT i.incident, i.number, i.zone, mart.month_of(i.filed_at) AS month, mart.month_of(i.deadline) AS due_month,
       (i.filed_at AT TIME ZONE 'Asia/Shanghai')::date AS reg_date,
       i.first_platform AS event_src, CASE left(i.category, 1) WHEN 'P' THEN '部件' ELSE '事件' END AS rec_type, left(i.category, 3) AS main_type,
       i.category AS sub_type, i.district, i.subdistrict AS street, i.community, i.grid AS cell, i.unit AS first_unit, i.platforms, i.state,
       1 AS inst_num,
       f.nd::int AS need_dispose_num,
       (f.nd AND f.disposed)::int AS dispose_num,
       (f.nd AND f.disposed AND f.intime)::int AS intime_dispose_num,
       (f.nd AND f.disposed AND NOT f.intime)::int AS overtime_dispose_num,
       (f.live AND NOT f.disposed)::int AS to_dispose_num,
       (f.live AND NOT f.disposed AND NOT f.due)::int AS intime_to_dispose_num,
       (f.live AND NOT f.disposed AND f.due)::int AS overtime_to_dispose_num,
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
                           i.disposed_at <= coalesce(i.deadline, 'infinity') AS intime, coalesce(i.deadline <= p.moment, false) AS due) s
CROSS JOIN LATERAL (SELECT s.*, NOT s.hung AND NOT i.unfounded AS live, NOT s.hung AND NOT i.unfounded AND (s.due OR s.disposed) AS nd,
                           NOT s.hung AND NOT i.unfounded AND (s.due OR s.archived) AS na) f
WHERE i.filed_at IS NOT NULL;
SELECT meta.about('mart.case_flags', '案件标志：每案一行，每项指标 0/1（字段名沿用数字城管统计库） | a row a filed incident, a flag an indicator, by the field names that city-management vendors use; sum() them', ARRAY[
        'incident = 案件编号 | incident id', 'number = 案件号 | number for people', 'zone = 分区 | zone',
        'month = 立案月份 | month of filing (Shanghai)', 'due_month = 截止时间所在月份 | month of the deadline', 'reg_date = 立案日期 | day of filing',
        'event_src = 问题来源：首报平台 | platform that reported it first', 'rec_type = 部件/事件 | component or event', 'main_type = 大类 | main class',
        'sub_type = 小类 | category code', 'district = 区 | district', 'street = 街道 | subdistrict', 'community = 社区 | community',
        'cell = 单元网格 | grid', 'first_unit = 责任单位 | unit that acts', 'platforms = 上报平台 | platforms that report it', 'state = 状态 | state',
        'inst_num = 立案数 | filed: 1',
        'need_dispose_num = 应处置数：已到截止时间或已处置，不含缓办、作废 | must be disposed of: deadline passed or disposed of, neither suspended nor void',
        'dispose_num = 处置数 | disposed of', 'intime_dispose_num = 按期处置数 | within its deadline', 'overtime_dispose_num = 超期处置数 | after its deadline',
        'to_dispose_num = 待处置数 | still to be disposed of', 'intime_to_dispose_num = 期内待处置数 | of those, not due yet',
        'overtime_to_dispose_num = 超期待处置数 | of those, overdue',
        'need_archive_num = 应结案数 | must be closed: deadline passed or closed, neither suspended nor void', 'archive_num = 结案数 | closed',
        'intime_archive_num = 按期结案数 | closed within its deadline', 'overtime_archive_num = 超期结案数 | closed after it',
        'intime_to_archive_num = 期内待结案数 | still open, not due yet', 'overtime_to_archive_num = 超期待结案数 | still open, overdue',
        'rework_num = 返工数 | sent back at least once', 'multi_rework_num = 多次返工数 | sent back twice or more', 'hang_num = 挂账（缓办）数 | suspended now',
        'his_hang_num = 曾挂账数 | suspended at any time', 'postpone_num = 延期数 | deadline was put off', 'cancel_num = 作废数 | void, rejected, unfounded or withdrawn',
        'need_dispatch_num = 应派遣数 | must be dispatched: filed and not void', 'dispatch_num = 派遣数 | dispatched',
        'recur_num = 复发数 | repeats a closed incident, as the correlator saw it', 'shared_num = 多平台上报数 | reported by two platforms or more',
        'report_num = 报告数 | reports in it', 'dispose_deadline = 处置截止时间 | deadline', 'dispose_begin_time = 处置开始时间 | dispatched, else filed',
        'dispose_end_time = 处置结束时间 | disposed of', 'dispose_used = 处置用时（小时） | hours from begin to end', 'dispose_limit = 处置时限（小时） | hours from begin to deadline']);

-- One definition an indicator, as data: the views below are made from it, and so can anybody check them.
CREATE TABLE dw.kpi_definition (
        kpi text PRIMARY KEY,
        name text NOT NULL,
        name_en text NOT NULL,
        numerator text NOT NULL,
        denominator text NOT NULL,
        numerator_text text NOT NULL,
        denominator_text text NOT NULL,
        target numeric,
        more_is_better boolean NOT NULL DEFAULT true,
        family text NOT NULL CHECK (family IN ('case', 'seed')),
        source text NOT NULL
);
SELECT meta.about('dw.kpi_definition', '指标定义：名称、分子、分母、目标、依据 | definitions of the indicators, with numerator, denominator, target and source', ARRAY[
        'kpi = 指标代码：视图中的列名 | name of the column in the views', 'name = 指标名称 | name', 'name_en = 英文名称 | English name',
        'numerator = 分子：mart.case_flags 的列之和 | numerator, over sums of columns of mart.case_flags', 'denominator = 分母 | denominator, likewise',
        'numerator_text = 分子释义 | numerator in words', 'denominator_text = 分母释义 | denominator in words', 'target = 目标（%） | target, per cent',
        'more_is_better = 越高越好 | true when more is better', 'family = case 案件指标，seed 本局工作总结指标 | case: of incidents; seed: of the bureau''s own report',
        'source = 依据 | where the definition comes from']);
INSERT INTO dw.kpi_definition (kpi, name, name_en, numerator, denominator, numerator_text, denominator_text, target, more_is_better, family, source) VALUES
('dispose_rate', '处置率', 'disposal rate', 'dispose_num', 'need_dispose_num', '处置数', '应处置数', NULL, true, 'case', '厂商枚举；成都金牛区规则页'),
('intime_dispose_rate', '按期处置率', 'disposal in time', 'intime_dispose_num', 'need_dispose_num', '按期处置数', '应处置数', NULL, true, 'case', '厂商枚举；成都金牛区规则页'),
('archive_rate', '结案率', 'closing rate', 'archive_num', 'need_archive_num', '结案数', '应结案数', NULL, true, 'case', '厂商枚举；天门通报 911/972 = 93.72 %'),
('intime_archive_rate', '按期结案率', 'closing in time', 'intime_archive_num', 'need_archive_num', '按期结案数', '应结案数', NULL, true, 'case', '厂商枚举；天门通报 737/972 = 75.82 %'),
('rework_rate', '返工率', 'rework rate', 'rework_num', 'need_archive_num', '返工数', '应结案数', NULL, false, 'case', '成都金牛区规则页；分母另有口径，此处取应结案数'),
('postpone_rate', '延期率', 'rate of extensions', 'postpone_num', 'need_dispose_num', '延期数', '应处置数', NULL, false, 'case', '成都金牛区规则页'),
('hang_rate', '缓办率（挂账率）', 'rate of suspensions', 'hang_num', 'inst_num', '缓办数', '立案数', NULL, false, 'case', '分母未见权威定义，本系统约定'),
('overtime_to_dispose_rate', '超期待处置率', 'overdue and open', 'overtime_to_dispose_num', 'need_dispose_num', '超期待处置数', '应处置数', NULL, false, 'case', '成都金牛区规则页'),
('dispatch_rate', '派遣率', 'dispatch rate', 'dispatch_num', 'need_dispatch_num', '派遣数', '应派遣数', NULL, true, 'case', '厂商枚举'),
('exact_inst_rate', '准确立案率', 'filed rightly', 'inst_num - cancel_num', 'inst_num', '立案数 − 作废数', '立案数', NULL, true, 'case', '联通实现；厂商枚举'),
('recur_rate', '复发率', 'recurrence rate', 'recur_num', 'inst_num', '复发数', '立案数', NULL, false, 'case', '本系统约定：未见权威定义'),
('shared_rate', '多平台上报率', 'reported by several', 'shared_num', 'inst_num', '两个及以上平台上报的案件数', '立案数', NULL, true, 'case', '本系统约定'),
('petition_closed_rate', '信访办结率', 'petitions closed', 'closed', 'due', '期内应办结信访件中已办结', '期内应办结信访件', 100, true, 'seed', '本局 2023 年工作总结：“保持办结率达100%”；分子分母为本系统约定'),
('feedback_rate', '反馈率', 'answered', 'answered', 'due', '已反馈件', '应反馈件（百姓金点子、企服办派发件）', 100, true, 'seed', '本局 2023 年工作总结：“办理反馈率 100%”；分子分母为本系统约定'),
('clue_writeoff_rate', '两违图斑核销率', 'image spots written off', 'closed', 'all', '已核查整改并销号的图斑', '疑似新增“两违”图斑', 100, true, 'seed', '本局 2023 年工作总结：“核销率达100%”；分子分母为本系统约定'),
('clue_in_place_rate', '两违线索处置到位率', 'clues dealt with', 'disposed', 'all', '处置到位线索', '疑似新增“两违”线索', 100, true, 'seed', '本局 2024 年工作思路：“处置到位率达100%”；分子分母为本系统约定'),
('clue_cleared_rate', '两违线索年度清零率', 'clues cleared within the year', 'disposed', 'all', '当年至今处置到位线索', '当年至今疑似新增“两违”线索', 100, true, 'seed', '本局 2024 年工作思路：“做到年度清零”；当年累计');

-- Months by a dimension: by the month of filing (kpi_month_*) and by the month of the deadline (kpi_due_month_*), for bulletins are made in both ways.
DO $$
DECLARE
        sums text := (SELECT string_agg(format('sum(%1$I)::bigint AS %1$I', a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
                      WHERE a.attrelid = 'mart.case_flags'::regclass AND a.attname LIKE '%\_num');
        rates text := (SELECT string_agg(format('mart.pct(%s, %s) AS %I', numerator, denominator, kpi), ', ' ORDER BY kpi) FROM dw.kpi_definition WHERE family = 'case');
        basis record;
        cut record;
        c record;
        name text;
BEGIN
        FOR basis IN SELECT * FROM (VALUES ('kpi_month_', 'month', '立案月份 | month of filing (Shanghai)', '按立案月份 | by month of filing'),
                                           ('kpi_due_month_', 'due_month', '截止时间所在月份 | month of the deadline (Shanghai)', '按截止月份 | by month of the deadline'))
                     AS b (prefix, month, month_text, text) LOOP
                FOR cut IN SELECT * FROM (VALUES ('unit', 'unit', 'first_unit', 'first_unit', '责任单位 | unit', '责任单位 | unit'),
                                ('subdistrict', 'subdistrict', 'street', '(SELECT min(r.name) FROM dw.dim_region r WHERE r.level = ''subdistrict'' AND r.region = k.subdistrict)', '街道 | subdistrict', '街道名称 | its name'),
                                ('platform', 'platform', 'event_src', '(SELECT p.name FROM dw.dim_platform p WHERE p.platform = k.platform)', '首报平台 | platform that reported first', '平台名称 | its name'),
                                ('category', 'category', 'sub_type', '(SELECT d.name FROM dw.dim_category d WHERE d.category = k.category)', '小类 | category', '类别名称 | its name'),
                                ('all', 'zone', 'zone', 'zone', '分区 | zone', '分区 | zone'))
                          AS d (suffix, key, key_from, key_name, key_text, name_text) LOOP
                        name := basis.prefix || cut.suffix;
                        EXECUTE format('CREATE VIEW mart.%I WITH (security_invoker) AS SELECT k.month, k.%I, %s AS name, %s, %s FROM'
                                       ' (SELECT %I AS month, %I AS %I, %s FROM mart.case_flags WHERE %I IS NOT NULL GROUP BY 1, 2) k',
                                       name, cut.key, CASE WHEN cut.key = cut.key_name THEN 'k.' || cut.key WHEN cut.key_name = 'first_unit' THEN 'k.unit' ELSE cut.key_name END,
                                       (SELECT string_agg('k.' || a.attname, ', ' ORDER BY a.attnum) FROM pg_attribute a
                                        WHERE a.attrelid = 'mart.case_flags'::regclass AND a.attname LIKE '%\_num'),
                                       regexp_replace(rates, '\m([a-z_]+_num)\M', 'k.\1', 'g'), basis.month, cut.key_from, cut.key, sums, basis.month);
                        EXECUTE format('COMMENT ON VIEW mart.%I IS %L', name, split_part(cut.key_text, ' | ', 1) || '月度指标，' || split_part(basis.text, ' | ', 1) ||
                                       ' | indicators a month ' || split_part(basis.text, ' | ', 2) || ', by ' || split_part(cut.key_text, ' | ', 2));
                        EXECUTE format('COMMENT ON COLUMN mart.%I.month IS %L', name, basis.month_text);
                        EXECUTE format('COMMENT ON COLUMN mart.%I.%I IS %L', name, cut.key, cut.key_text);
                        EXECUTE format('COMMENT ON COLUMN mart.%I.name IS %L', name, cut.name_text);
                        FOR c IN SELECT a.attname, col_description(a.attrelid, a.attnum) AS text FROM pg_attribute a
                                 WHERE a.attrelid = 'mart.case_flags'::regclass AND a.attname LIKE '%\_num'
                                 UNION ALL SELECT kpi, format('%s %% = %s / %s | %s, per cent', d.name, numerator_text, denominator_text, name_en)
                                 FROM dw.kpi_definition d WHERE family = 'case' LOOP
                                EXECUTE format('COMMENT ON COLUMN mart.%I.%I IS %L', name, c.attname, c.text);
                        END LOOP;
                END LOOP;
        END LOOP;
END $$;

-- The monthly bulletin: each unit and, where unit is NULL, all of them, beside the month before and the same month of the year before. Ties share a rank.
CREATE VIEW mart.bulletin_month WITH (security_invoker) AS
WITH by_unit AS (SELECT month, unit, inst_num, need_dispose_num, dispose_num, intime_dispose_num, overtime_to_dispose_num, need_archive_num, archive_num,
                        intime_archive_num, rework_num, hang_num, postpone_num, cancel_num, report_num, shared_num FROM mart.kpi_month_unit),
     sums AS (SELECT month, unit, grouping(unit) = 1 AS total, sum(inst_num) AS inst_num, sum(need_dispose_num) AS need_dispose_num, sum(dispose_num) AS dispose_num,
                     sum(intime_dispose_num) AS intime_dispose_num, sum(overtime_to_dispose_num) AS overtime_to_dispose_num,
                     sum(need_archive_num) AS need_archive_num, sum(archive_num) AS archive_num, sum(intime_archive_num) AS intime_archive_num,
                     sum(rework_num) AS rework_num, sum(hang_num) AS hang_num, sum(postpone_num) AS postpone_num, sum(cancel_num) AS cancel_num,
                     sum(report_num) AS report_num, sum(shared_num) AS shared_num
              FROM by_unit GROUP BY GROUPING SETS ((month), (month, unit))),
     rated AS (SELECT s.*, mart.pct(dispose_num, need_dispose_num) AS dispose_rate, mart.pct(intime_dispose_num, need_dispose_num) AS intime_dispose_rate,
                      mart.pct(archive_num, need_archive_num) AS archive_rate, mart.pct(intime_archive_num, need_archive_num) AS intime_archive_rate,
                      mart.pct(rework_num, need_archive_num) AS rework_rate, mart.pct(postpone_num, need_dispose_num) AS postpone_rate
               FROM sums s)
SELECT n.month, n.total, n.unit, n.inst_num::bigint, n.report_num::bigint, n.shared_num::bigint, n.need_dispose_num::bigint, n.dispose_num::bigint,
       n.intime_dispose_num::bigint, n.overtime_to_dispose_num::bigint, n.need_archive_num::bigint, n.archive_num::bigint, n.intime_archive_num::bigint,
       n.rework_num::bigint, n.hang_num::bigint, n.postpone_num::bigint, n.cancel_num::bigint, n.dispose_rate, n.intime_dispose_rate, n.archive_rate,
       n.intime_archive_rate, n.rework_rate, n.postpone_rate,
       round(100.0 * (n.inst_num - m.inst_num) / nullif(m.inst_num, 0), 2) AS inst_mom_pct,
       round(100.0 * (n.inst_num - y.inst_num) / nullif(y.inst_num, 0), 2) AS inst_yoy_pct,
       n.dispose_rate - m.dispose_rate AS dispose_rate_mom, n.dispose_rate - y.dispose_rate AS dispose_rate_yoy,
       n.intime_dispose_rate - m.intime_dispose_rate AS intime_dispose_rate_mom, n.intime_dispose_rate - y.intime_dispose_rate AS intime_dispose_rate_yoy,
       n.archive_rate - m.archive_rate AS archive_rate_mom, n.archive_rate - y.archive_rate AS archive_rate_yoy,
       n.intime_archive_rate - m.intime_archive_rate AS intime_archive_rate_mom, n.intime_archive_rate - y.intime_archive_rate AS intime_archive_rate_yoy,
       n.rework_rate - m.rework_rate AS rework_rate_mom, n.rework_rate - y.rework_rate AS rework_rate_yoy,
       CASE WHEN NOT n.total AND n.unit IS NOT NULL AND n.intime_archive_rate IS NOT NULL THEN
               rank() OVER (PARTITION BY n.month, n.total, n.unit IS NULL, n.intime_archive_rate IS NULL ORDER BY n.intime_archive_rate DESC, n.rework_rate) END AS rank
FROM rated n
LEFT JOIN rated m ON m.total = n.total AND m.unit IS NOT DISTINCT FROM n.unit AND m.month = (n.month - interval '1 month')::date
LEFT JOIN rated y ON y.total = n.total AND y.unit IS NOT DISTINCT FROM n.unit AND y.month = (n.month - interval '1 year')::date;
DO $$
DECLARE
        c record;
        base text;
        way text;
BEGIN
        FOR c IN SELECT a.attname FROM pg_attribute a WHERE a.attrelid = 'mart.bulletin_month'::regclass AND a.attnum > 0 LOOP
                base := regexp_replace(c.attname, '_(mom|yoy)(_pct)?$', '');
                way := CASE WHEN c.attname ~ '_mom' THEN '环比 | against the month before' WHEN c.attname ~ '_yoy' THEN '同比 | against the same month of the year before' END;
                EXECUTE format('COMMENT ON COLUMN mart.bulletin_month.%I IS %L', c.attname, CASE
                        WHEN c.attname = 'total' THEN '合计行 | true for the row of all units together'
                        WHEN c.attname = 'rank' THEN '名次：按期结案率高者在前，同率看返工率，并列同名次 | place: by closing in time, then by rework; ties share it'
                        WHEN way IS NULL THEN (SELECT col_description(attrelid, attnum) FROM pg_attribute WHERE attrelid = 'mart.kpi_month_unit'::regclass AND attname = base)
                        WHEN c.attname ~ '_pct$' THEN '立案数' || split_part(way, ' | ', 1) || '（%） | change of cases filed, per cent, ' || split_part(way, ' | ', 2)
                        ELSE (SELECT name FROM dw.kpi_definition WHERE kpi = base) || split_part(way, ' | ', 1) || '（百分点） | ' ||
                             (SELECT name_en FROM dw.kpi_definition WHERE kpi = base) || ', change in points, ' || split_part(way, ' | ', 2) END);
        END LOOP;
END $$;
COMMENT ON VIEW mart.bulletin_month IS '月度督查通报：各单位及合计、环比、同比、名次（合并案件只计一次） | the monthly bulletin: each unit and all, beside the month and the year before, with ranks; a merged incident counts once';

-- The bureau's own indicators count the platforms' cases, not incidents: which cases, is data.
CREATE TABLE dw.kpi_scope (
        kpi text NOT NULL REFERENCES dw.kpi_definition,
        platform text,
        category text,
        channel text,
        CHECK (platform IS NOT NULL OR category IS NOT NULL OR channel IS NOT NULL)
);
SELECT meta.about('dw.kpi_scope', '本局指标所含案卷：平台、类别、渠道，任一行符合即计入 | which cases the bureau''s own indicators count: a case that fits any row of its indicator', ARRAY[
        'kpi = 指标代码 | indicator', 'platform = 平台，空为不限 | platform, NULL any', 'category = 类别代码，空为不限 | category, NULL any',
        'channel = 渠道（LIKE 式样），空为不限 | channel as a LIKE pattern, NULL any']);
INSERT INTO dw.kpi_scope VALUES
        ('petition_closed_rate', 'p02', NULL, NULL), ('petition_closed_rate', NULL, 'E2112', NULL),
        ('feedback_rate', NULL, 'E2124', NULL), ('feedback_rate', NULL, NULL, '%金点子%'), ('feedback_rate', NULL, NULL, '%企服办%'),
        ('clue_writeoff_rate', 'p05', 'E2114', NULL),
        ('clue_in_place_rate', NULL, 'E2114', NULL), ('clue_cleared_rate', NULL, 'E2114', NULL);

CREATE VIEW mart.seed_kpi_month WITH (security_invoker) AS
WITH reports AS (SELECT DISTINCT k.kpi, k.name, k.numerator, k.denominator, k.target, r.zone, r.subject, mart.month_of(r.reported_at) AS month,
                        r.closed_at IS NOT NULL AS closed, r.disposed_at IS NOT NULL AS disposed,
                        r.closed_at IS NOT NULL OR r.disposed_at IS NOT NULL AS answered,
                        r.state <> 'suspended' AND (r.closed_at IS NOT NULL OR r.disposed_at IS NOT NULL OR coalesce(r.deadline <= coalesce(mart.as_of(), now()), false)) AS due
                 FROM dw.kpi_definition k JOIN dw.kpi_scope s USING (kpi)
                 JOIN mart.report r ON (s.platform IS NULL OR r.platform = s.platform) AND (s.category IS NULL OR r.category = s.category)
                      AND (s.channel IS NULL OR r.channel LIKE s.channel)
                 WHERE k.family = 'seed' AND r.active AND coalesce(r.outcome, '') NOT IN ('duplicate', 'unfounded', 'withdrawn', 'false_alarm')),
     months AS (SELECT kpi, zone, month, count(*) FILTER (WHERE denominator = 'all' OR due) AS whole,
                       count(*) FILTER (WHERE (denominator = 'all' OR due)
                                        AND CASE numerator WHEN 'closed' THEN closed WHEN 'answered' THEN answered ELSE disposed END) AS part
                FROM reports GROUP BY kpi, zone, month),
     shown AS (SELECT m.kpi, m.zone, m.month,
                      CASE WHEN m.kpi = 'clue_cleared_rate' THEN sum(m.part) OVER year ELSE m.part END AS part,
                      CASE WHEN m.kpi = 'clue_cleared_rate' THEN sum(m.whole) OVER year ELSE m.whole END AS whole
               FROM months m WINDOW year AS (PARTITION BY m.kpi, m.zone, date_trunc('year', m.month) ORDER BY m.month))
SELECT s.month, s.zone, s.kpi, k.name, s.part::bigint AS numerator, s.whole::bigint AS denominator, mart.pct(s.part, s.whole) AS rate, k.target,
       mart.pct(s.part, s.whole) >= k.target AS met
FROM shown s JOIN dw.kpi_definition k USING (kpi);
SELECT meta.about('mart.seed_kpi_month', '本局工作总结指标（办结率、反馈率、核销率、处置到位率、年度清零） | the indicators of the bureau''s own report, by the month in which cases were reported; 年度清零 from January on', ARRAY[
        'month = 上报月份 | month of reporting (Shanghai)', 'zone = 分区 | zone', 'kpi = 指标代码 | indicator', 'name = 指标名称 | its name', 'numerator = 分子 | numerator',
        'denominator = 分母 | denominator', 'rate = 比率（%） | per cent; NULL where the denominator is 0', 'target = 目标（%） | target', 'met = 是否达标 | whether it was met']);
