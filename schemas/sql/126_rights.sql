-- Who may look at the indicators. hub_analyst sees the whole city, hub_district_analyst the zones that mart.analyst_zone gives the login, by row level security
-- on the tables beneath; neither sees ods, ops or a restricted text. hub_privacy erases and reads the record of erasures.

DO $$
BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hub_privacy') THEN
                CREATE ROLE hub_privacy NOLOGIN;
        END IF;
END $$;
REVOKE ALL ON SCHEMA mart FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA mart FROM PUBLIC;

DO $$
DECLARE
        t record;
BEGIN
        FOR t IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'zone'
                 WHERE c.relnamespace = 'mart'::regnamespace AND c.relkind = 'r' AND c.relname <> 'analyst_zone' LOOP
                EXECUTE format('ALTER TABLE mart.%I ENABLE ROW LEVEL SECURITY', t.relname);
                EXECUTE format('CREATE POLICY zone_seen ON mart.%I FOR SELECT USING (mart.my_zones() IS NULL OR zone = ANY (mart.my_zones()))', t.relname);
        END LOOP;
END $$;

GRANT USAGE ON SCHEMA mart, dw, meta TO hub_district_analyst;
GRANT USAGE ON SCHEMA mart, meta TO hub_analyst, hub_api;
GRANT SELECT ON ALL TABLES IN SCHEMA mart TO hub_analyst, hub_district_analyst, hub_api;
REVOKE ALL ON mart.analyst_zone, mart.progress FROM hub_district_analyst;
-- These have no zone: not for who sees one district only.
REVOKE ALL ON mart.logged_hour, mart.ledger_hour, mart.platform_light, mart.quality_day, mart.frozen FROM hub_district_analyst;
GRANT SELECT ON dw.dim_platform, dw.dim_category, dw.dim_category_class, dw.dim_region, dw.dim_unit, dw.dim_date, dw.kpi_definition, dw.kpi_scope, dw.score_item
        TO hub_district_analyst, hub_analyst, hub_api;
GRANT SELECT ON dw.score_entry, dw.revision, dw.correction TO hub_analyst, hub_api;
GRANT SELECT ON dw.score_entry TO hub_district_analyst;
GRANT SELECT ON meta.data_dictionary TO hub_district_analyst;
-- Who corrects signs with the login.
GRANT INSERT (zone, subject, field, value, note) ON dw.correction TO hub_analyst;
GRANT INSERT (scheme, item, unit, month, value), DELETE ON dw.score_entry TO hub_analyst;
GRANT EXECUTE ON FUNCTION mart.as_of(), mart.my_zones(), mart.may_see(text), mart.month_of(timestamptz), mart.pct(numeric, numeric), mart.is_frozen(),
        mart.incident_at(timestamptz, text[]), mart.report_at(timestamptz) TO hub_analyst, hub_district_analyst, hub_api;
GRANT EXECUTE ON FUNCTION mart.time_of(jsonb, text) TO hub_analyst, hub_district_analyst, hub_api;

-- QGIS: one typed geometry column a view, each registered in geometry_columns, with a key.
CREATE VIEW mart.map_open WITH (security_invoker) AS
SELECT incident, number, category, title, severity, state, subdistrict, grid, unit, reports, array_to_string(platforms, ' ') AS platforms, reported_at, deadline,
       coalesce(deadline <= coalesce(mart.as_of(), now()), false) AS overdue, geom::geometry(Point, 4490) AS geom
FROM mart.incident_now WHERE closed_at IS NULL AND NOT unfounded AND geom IS NOT NULL;
SELECT meta.about('mart.map_open', '地图：未结案件（QGIS 可直接打开，键 incident） | map: open incidents; QGIS opens it, key incident', ARRAY['incident = 案件编号 | incident id', 'number = 案件号 | number for people',
        'category = 类别代码 | category code', 'title = 标题 | title', 'severity = 严重程度 | severity', 'state = 状态 | state', 'subdistrict = 街道 | subdistrict', 'grid = 单元网格 | grid',
        'unit = 责任单位 | unit', 'reports = 报告数 | reports', 'platforms = 上报平台 | platforms', 'reported_at = 首报时间 | first report', 'deadline = 时限 | deadline', 'overdue = 是否超期 | overdue',
        'geom = 位置，EPSG:4490 | position, EPSG:4490']);
CREATE VIEW mart.map_subdistrict WITH (security_invoker) AS
SELECT row_number() OVER (ORDER BY k.month, r.region) AS id, r.region, r.name, k.month, k.inst_num, k.need_dispose_num, k.dispose_rate, k.intime_archive_rate, k.overtime_to_dispose_num,
       r.geom::geometry(MultiPolygon, 4490) AS geom
FROM dw.dim_region r JOIN mart.kpi_month_subdistrict k ON k.subdistrict = r.region WHERE r.level = 'subdistrict';
SELECT meta.about('mart.map_subdistrict', '地图：各街道月度指标（键 id） | map: indicators of subdistricts by month; key id', ARRAY['id = 行号 | number of the row', 'region = 街道代码 | subdistrict code', 'name = 街道名称 | its name', 'month = 立案月份 | month of filing',
        'inst_num = 立案数 | filed', 'need_dispose_num = 应处置数 | must be disposed of', 'dispose_rate = 处置率 | disposal rate', 'intime_archive_rate = 按期结案率 | closing in time',
        'overtime_to_dispose_num = 超期待处置数 | overdue and open', 'geom = 边界，EPSG:4490 | outline, EPSG:4490']);
GRANT SELECT ON mart.map_open, mart.map_subdistrict TO hub_analyst, hub_district_analyst, hub_api;
