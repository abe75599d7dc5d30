-- A position can be put right by hand as a category can: it holds through updates and replays, and the regions that hold it go with it. Months by grid, and a map of them.

CREATE FUNCTION dw.position_of(said text) RETURNS geometry LANGUAGE sql IMMUTABLE STRICT AS $$
SELECT CASE WHEN said ~ '^ *[0-9]{2,3}([.][0-9]+)? *, *[0-9]{1,2}([.][0-9]+)? *$'
                 AND split_part(said, ',', 1)::float8 BETWEEN 73 AND 136 AND split_part(said, ',', 2)::float8 BETWEEN 3 AND 54
            THEN public.ST_SetSRID(public.ST_MakePoint(split_part(said, ',', 1)::float8, split_part(said, ',', 2)::float8), 4490) END
$$;
COMMENT ON FUNCTION dw.position_of IS '“经度,纬度”（EPSG:4490）所指的点；不在中国范围内则为空 | the point that "longitude,latitude" (EPSG:4490) says; NULL where it is none, or lies outside China: so nobody writes them the other way round';

ALTER TABLE dw.correction DROP CONSTRAINT correction_field_check;
ALTER TABLE dw.correction ADD CONSTRAINT correction_field_check CHECK (field IN ('category', 'subdistrict', 'community', 'grid', 'unit', 'deadline', 'position'));
ALTER TABLE dw.correction ADD CONSTRAINT correction_position_check CHECK (field <> 'position' OR value IS NULL OR dw.position_of(value) IS NOT NULL);
COMMENT ON COLUMN dw.correction.field IS '字段：category、subdistrict、community、grid、unit、deadline、position | what is corrected: one of these';
COMMENT ON COLUMN dw.correction.value IS '更正值；position 写作“经度,纬度”（EPSG:4490）；空为撤销更正 | the right value, a position as "longitude,latitude" in EPSG:4490; NULL takes a correction back';

-- Where a position was put right, its regions are those that hold it, unless they were put right as well.
DROP FUNCTION dw.correction_at;
CREATE FUNCTION dw.correction_at(moment timestamptz, wanted text[] DEFAULT NULL)
RETURNS TABLE (incident text, category text, district text, subdistrict text, community text, grid text, unit text, deadline timestamptz, geom geometry) LANGUAGE sql STABLE AS $$
WITH newest AS (SELECT DISTINCT ON (s.incident, c.field) s.incident, c.field, c.value FROM dw.correction c JOIN dw.subject s USING (zone, subject)
                WHERE c.at <= moment AND (wanted IS NULL OR s.incident = ANY (wanted)) ORDER BY s.incident, c.field, c.correction DESC),
     made AS (SELECT n.incident, max(n.value) FILTER (WHERE n.field = 'category') AS category, max(n.value) FILTER (WHERE n.field = 'subdistrict') AS subdistrict,
                     max(n.value) FILTER (WHERE n.field = 'community') AS community, max(n.value) FILTER (WHERE n.field = 'grid') AS grid,
                     max(n.value) FILTER (WHERE n.field = 'unit') AS unit, max(n.value) FILTER (WHERE n.field = 'deadline')::timestamptz AS deadline,
                     dw.position_of(max(n.value) FILTER (WHERE n.field = 'position')) AS geom
              FROM newest n GROUP BY n.incident)
SELECT m.incident, m.category, r.district, coalesce(m.subdistrict, r.subdistrict), coalesce(m.community, r.community), coalesce(m.grid, r.grid), m.unit, m.deadline, m.geom
FROM made m
CROSS JOIN LATERAL (SELECT min(d.region) FILTER (WHERE d.level = 'district') AS district, min(d.region) FILTER (WHERE d.level = 'subdistrict') AS subdistrict,
                           min(d.region) FILTER (WHERE d.level = 'community') AS community, min(d.region) FILTER (WHERE d.level = 'grid') AS grid
                    FROM dw.dim_region d WHERE ST_Intersects(d.geom, m.geom)) r
$$;
COMMENT ON FUNCTION dw.correction_at IS '某时刻有效的人工更正 | corrections that hold at a moment, by incident';

DO $$
DECLARE
        before text := pg_get_functiondef('mart.incident_made(timestamptz, text[])'::regprocedure);
        after text := replace(replace(before, 'i.recurrence_of, i.geom', 'i.recurrence_of, coalesce(c.geom, i.geom)'), 'i.title, i.district,', 'i.title, coalesce(c.district, i.district),');
BEGIN
        IF after NOT LIKE '%coalesce(c.geom%' OR after NOT LIKE '%coalesce(c.district%' THEN
                RAISE EXCEPTION 'mart.incident_made is written in a way that is not known here';
        END IF;
        EXECUTE after;
END $$;

-- ---- months by grid ----

DO $$
DECLARE
        basis text;
        made text;
        c record;
BEGIN
        FOREACH basis IN ARRAY ARRAY['kpi_month_', 'kpi_due_month_'] LOOP
                made := pg_get_viewdef(format('mart.%I', basis || 'subdistrict')::regclass);
                made := replace(replace(replace(replace(made, 'AS subdistrict', 'AS grid'), 'case_flags.street', 'case_flags.cell'), 'k.subdistrict', 'k.grid'), '''subdistrict''', '''grid''');
                IF made LIKE '%subdistrict%' OR made NOT LIKE '%case_flags.cell AS grid%' THEN
                        RAISE EXCEPTION 'mart.%subdistrict is written in a way that is not known here', basis;
                END IF;
                EXECUTE format('CREATE VIEW mart.%I WITH (security_invoker) AS %s', basis || 'grid', made);
                FOR c IN SELECT a.attname, col_description(a.attrelid, a.attnum) AS text FROM pg_attribute a
                         WHERE a.attrelid = format('mart.%I', basis || 'subdistrict')::regclass AND a.attnum > 0 AND a.attname <> 'subdistrict' LOOP
                        EXECUTE format('COMMENT ON COLUMN mart.%I.%I IS %L', basis || 'grid', c.attname, CASE c.attname WHEN 'name' THEN '单元网格名称 | its name' ELSE c.text END);
                END LOOP;
                EXECUTE format('COMMENT ON COLUMN mart.%I.grid IS %L', basis || 'grid', '单元网格；空为未落入网格 | grid; NULL: in none');
                EXECUTE format('GRANT SELECT ON mart.%I TO hub_analyst, hub_district_analyst, hub_api', basis || 'grid');
        END LOOP;
END $$;
COMMENT ON VIEW mart.kpi_month_grid IS '单元网格月度指标，按立案月份 | indicators a month by month of filing, by grid';
COMMENT ON VIEW mart.kpi_due_month_grid IS '单元网格月度指标，按截止月份 | indicators a month by month of the deadline, by grid';

-- A grid without a case in a month is on the map, too: filter by one month.
CREATE VIEW mart.map_grid WITH (security_invoker) AS
SELECT row_number() OVER (ORDER BY m.month, r.region) AS id, r.region, r.name, m.month, coalesce(k.inst_num, 0) AS inst_num, coalesce(k.need_dispose_num, 0) AS need_dispose_num,
       coalesce(k.overtime_to_dispose_num, 0) AS overtime_to_dispose_num, coalesce(k.need_archive_num, 0) AS need_archive_num, coalesce(k.recur_num, 0) AS recur_num, k.dispose_rate,
       k.intime_dispose_rate, k.archive_rate, k.intime_archive_rate, k.rework_rate, r.geom::geometry(MultiPolygon, 4490) AS geom
FROM dw.dim_region r CROSS JOIN (SELECT DISTINCT month FROM mart.kpi_month_all) m LEFT JOIN mart.kpi_month_grid k ON k.grid = r.region AND k.month = m.month
WHERE r.level = 'grid';
SELECT meta.about('mart.map_grid', '地图：各单元网格月度指标，无案件的网格也在内（键 id，按 month 过滤） | map: indicators of each grid by month, grids without a case among them; key id, filter by month', ARRAY[
        'id = 行号 | number of the row', 'region = 网格代码 | grid code', 'name = 网格名称 | its name', 'month = 立案月份 | month of filing', 'inst_num = 立案数 | filed',
        'need_dispose_num = 应处置数 | must be disposed of', 'overtime_to_dispose_num = 超期待处置数 | overdue and open', 'need_archive_num = 应结案数 | must be closed',
        'recur_num = 复发数 | repeats a closed incident', 'dispose_rate = 处置率 | disposal rate', 'intime_dispose_rate = 按期处置率 | disposal in time', 'archive_rate = 结案率 | closing rate',
        'intime_archive_rate = 按期结案率 | closing in time', 'rework_rate = 返工率 | rework rate', 'geom = 边界，EPSG:4490 | outline, EPSG:4490']);
GRANT SELECT ON mart.map_grid TO hub_analyst, hub_district_analyst, hub_api;
