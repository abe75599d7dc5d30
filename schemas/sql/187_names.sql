-- What a new analyst looked for and did not find: districts by their names, and a list of cases as people read it.

CREATE TABLE dw.dim_zone (
        zone text PRIMARY KEY,
        name text NOT NULL
);
SELECT meta.about('dw.dim_zone', '分区（区）及其名称 | zones: the districts that the hub serves', ARRAY['zone = 分区（区划代码） | zone: administrative code', 'name = 名称 | name']);
GRANT SELECT ON dw.dim_zone TO hub_analyst, hub_district_analyst, hub_api;

DO $$
DECLARE
        name text;
        made text;
BEGIN
        FOREACH name IN ARRAY ARRAY['kpi_month_all', 'kpi_due_month_all'] LOOP
                made := replace(pg_get_viewdef(format('mart.%I', name)::regclass), 'k.zone AS name', 'coalesce((SELECT z.name FROM dw.dim_zone z WHERE z.zone = k.zone), k.zone) AS name');
                IF made NOT LIKE '%dim_zone%' THEN
                        RAISE EXCEPTION 'mart.% is written in a way that is not known here', name;
                END IF;
                EXECUTE format('CREATE OR REPLACE VIEW mart.%I WITH (security_invoker) AS %s', name, made);
                EXECUTE format('COMMENT ON COLUMN mart.%I.name IS %L', name, '分区名称 | name of the zone');
        END LOOP;
END $$;

CREATE FUNCTION mart.state_name(state text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
SELECT CASE state WHEN 'received' THEN '受理' WHEN 'filed' THEN '立案' WHEN 'dispatched' THEN '派遣' WHEN 'processing' THEN '处置' WHEN 'feedback' THEN '反馈' WHEN 'verifying' THEN '核查'
                  WHEN 'closed' THEN '结案' WHEN 'suspended' THEN '挂账' WHEN 'rejected' THEN '不予立案' WHEN 'void' THEN '作废' ELSE state END
$$;
COMMENT ON FUNCTION mart.state_name IS '状态的中文名称 | what people call a state';
REVOKE ALL ON FUNCTION mart.state_name FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mart.state_name TO hub_analyst, hub_district_analyst, hub_api;

CREATE VIEW mart.case_list WITH (security_invoker) AS
SELECT i.number, i.title, i.address, CASE left(i.category, 1) WHEN 'P' THEN '部件' ELSE '事件' END AS rec_type, m.name AS main_type_name, coalesce(d.name, i.category) AS sub_type_name,
       coalesce(z.name, i.zone) AS zone_name, coalesce(s.name, i.subdistrict) AS street_name, i.community, coalesce(g.name, i.grid) AS cell_name, i.unit, coalesce(p.name, i.first_platform) AS event_src_name,
       i.reports, i.platforms, mart.state_name(i.state) AS state_name, i.unfounded, i.reported_at, i.filed_at, i.dispatched_at, i.disposed_at, i.verified_at, i.closed_at, i.deadline,
       i.closed_at IS NULL AND NOT i.unfounded AND i.state <> 'suspended' AND coalesce(i.deadline <= t.moment, false) AS overdue,
       CASE WHEN i.closed_at IS NULL AND NOT i.unfounded AND i.state <> 'suspended' AND i.deadline <= t.moment THEN round(extract(epoch FROM t.moment - i.deadline) / 3600, 1) END AS overdue_hours,
       i.suspended_count, i.extended_count, i.rework_count, i.zone, i.category, i.subdistrict, i.grid, i.incident
FROM mart.incident i
CROSS JOIN (SELECT coalesce(mart.as_of(), now()) AS moment) t
LEFT JOIN dw.dim_category d ON d.category = i.category
LEFT JOIN dw.dim_category_class m ON m.class = left(i.category, 3)
LEFT JOIN dw.dim_zone z ON z.zone = i.zone
LEFT JOIN dw.dim_region s ON s.level = 'subdistrict' AND s.region = i.subdistrict
LEFT JOIN dw.dim_region g ON g.level = 'grid' AND g.region = i.grid
LEFT JOIN dw.dim_platform p ON p.platform = i.first_platform;
SELECT meta.about('mart.case_list', '案件清单：每案一行，代码均已换成名称，未立案的也在内 | the list of cases: a row an incident, filed or not, with names in place of codes', ARRAY[
        'number = 案件号 | number for people', 'title = 标题 | title', 'address = 地址 | address', 'rec_type = 部件/事件 | component or event', 'main_type_name = 大类 | main class',
        'sub_type_name = 小类 | category', 'zone_name = 分区（区） | zone', 'street_name = 街道 | subdistrict', 'community = 社区 | community', 'cell_name = 单元网格 | grid',
        'unit = 责任单位 | unit that acts', 'event_src_name = 首报平台 | platform that reported it first', 'reports = 报告数 | reports in it', 'platforms = 上报平台（编号见 dw.dim_platform） | platforms that report it, see dw.dim_platform',
        'state_name = 状态：受理、立案、派遣、处置、反馈、核查、结案、挂账、不予立案、作废 | state, in Chinese', 'unfounded = 作废、不实、误报、撤回 | void, rejected, unfounded, a false alarm or withdrawn',
        'reported_at = 上报时间 | when it was first reported', 'filed_at = 立案时间；空为未立案 | when it was filed; NULL: it was not', 'dispatched_at = 派遣时间 | when it was first dispatched',
        'disposed_at = 处置完成时间 | when it was disposed of', 'verified_at = 核查时间 | when it was last verified', 'closed_at = 结案时间；空为未结案 | when it was closed; NULL while open',
        'deadline = 处置时限 | deadline', 'overdue = 未结案、未挂账，且已过时限 | open, not suspended, and past its deadline', 'overdue_hours = 超期小时数 | hours past its deadline, while it is overdue',
        'suspended_count = 挂账次数 | how often it was suspended', 'extended_count = 延期次数 | how often its deadline was put off', 'rework_count = 返工次数 | how often it was sent back',
        'zone = 分区代码 | zone', 'category = 小类代码 | category code', 'subdistrict = 街道代码 | subdistrict code', 'grid = 单元网格代码 | grid code', 'incident = 案件编号 | incident id']);
GRANT SELECT ON mart.case_list TO hub_analyst, hub_district_analyst, hub_api;

COMMENT ON COLUMN mart.case_flags.main_type IS '大类代码，名称见 dw.dim_category_class | main class, named in dw.dim_category_class';
COMMENT ON COLUMN mart.case_flags.sub_type IS '小类代码，名称见 dw.dim_category | category code, named in dw.dim_category';
COMMENT ON COLUMN mart.case_flags.street IS '街道代码，名称见 dw.dim_region | subdistrict code, named in dw.dim_region';
COMMENT ON COLUMN mart.case_flags.event_src IS '问题来源：首报平台，名称见 dw.dim_platform | platform that reported it first, named in dw.dim_platform';
