-- Dimensions: what analysts group by. hub migrate fills platforms, categories and days from the site's tables, hub import regions the regions; units come
-- with the reports. Comments from here on say the same twice: 中文 | English.

CREATE FUNCTION meta.about(relation regclass, text text, columns text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
        pair text;
BEGIN
        EXECUTE format('COMMENT ON %s %s IS %L', CASE (SELECT relkind FROM pg_class WHERE oid = relation) WHEN 'v' THEN 'VIEW'
                       WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, relation, text);
        FOREACH pair IN ARRAY columns LOOP
                EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', relation, split_part(pair, ' = ', 1), split_part(pair, ' = ', 2));
        END LOOP;
END $$;
COMMENT ON FUNCTION meta.about IS '写表和列的注释：列 = 中文 | English | comments of a table and its columns, each "column = 中文 | English"';

CREATE TABLE dw.dim_platform (
        platform text PRIMARY KEY,
        name text NOT NULL,
        name_en text,
        level text
);
SELECT meta.about('dw.dim_platform', '接入平台（市级、区级） | platforms that speak to the hub, municipal and district', ARRAY[
        'platform = 平台编号 | platform p01 .. p16 and what a site adds',
        'name = 平台名称 | name',
        'name_en = 英文名称 | English name',
        'level = 级别：municipal 市级，district 区级 | municipal or district']);

CREATE TABLE dw.dim_category_class (
        class text PRIMARY KEY,
        name text NOT NULL,
        name_en text NOT NULL,
        source text NOT NULL
);
SELECT meta.about('dw.dim_category_class', '大类（GB/T 30428.2 及本地扩展） | main classes, after GB/T 30428.2, and the local extension', ARRAY[
        'class = 大类代码 | E01 .. E05 events, P01 .. P05 components, E21 local',
        'name = 大类名称 | name',
        'name_en = 英文名称 | English name',
        'source = 依据 | where it comes from']);
INSERT INTO dw.dim_category_class VALUES
        ('E01', '市容环境', 'city appearance and environment', 'GB/T 30428.2-2013'),
        ('E02', '宣传广告', 'advertising', 'GB/T 30428.2-2013'),
        ('E03', '施工管理', 'construction', 'GB/T 30428.2-2013'),
        ('E04', '突发事件', 'sudden events', 'GB/T 30428.2-2013'),
        ('E05', '街面秩序', 'street order', 'GB/T 30428.2-2013'),
        ('E21', '扩展事件', 'local extension', '本地 | local'),
        ('P01', '公用设施', 'utilities', 'GB/T 30428.2-2013'),
        ('P02', '道路交通', 'road and traffic facilities', 'GB/T 30428.2-2013'),
        ('P03', '市容环境', 'sanitation facilities', 'GB/T 30428.2-2013'),
        ('P04', '园林绿化', 'parks and trees', 'GB/T 30428.2-2013'),
        ('P05', '其他部件', 'other components', 'GB/T 30428.2-2013');

CREATE TABLE dw.dim_category (
        category text PRIMARY KEY,
        name text NOT NULL,
        name_en text,
        kind text NOT NULL,
        class text,
        kin text,
        limit_hours numeric,
        limit_workdays integer
);
SELECT meta.about('dw.dim_category', '小类（部件、事件）及处置时限 | sub-classes of events and components, with their limits', ARRAY[
        'category = 类别代码 | category code of ours',
        'name = 小类名称 | name',
        'name_en = 英文名称 | English name',
        'kind = event 事件，component 部件 | event or component',
        'class = 大类代码 | main class, see dw.dim_category_class',
        'kin = 相容组：同组类别可指同一问题 | group of categories that may speak of the same problem',
        'limit_hours = 处置时限（自然小时），报告未给时限时使用 | limit in hours by the calendar, where no report brings a deadline',
        'limit_workdays = 处置时限（工作日），有值时代替自然小时 | limit in working days; where set it counts in place of the hours']);

CREATE TABLE dw.dim_region (
        region text NOT NULL,
        level text NOT NULL CHECK (level IN ('district', 'subdistrict', 'community', 'grid')),
        name text NOT NULL,
        parent text,
        geom geometry(MultiPolygon, 4490) NOT NULL,
        crs_src text NOT NULL,
        source text NOT NULL,
        imported_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (level, region)
);
CREATE INDEX dim_region_geom ON dw.dim_region USING gist (geom);
SELECT meta.about('dw.dim_region', '区域：区、街道、社区、单元网格 | regions: district, subdistrict, community, grid', ARRAY[
        'region = 区域代码，与案件中所写一致 | code, as incidents have it',
        'level = 级别 | district, subdistrict, community, grid',
        'name = 名称 | name',
        'parent = 上级区域代码 | code of the region of the next level that holds it',
        'geom = 边界，EPSG:4490 | outline, EPSG:4490',
        'crs_src = 原始坐标系 | coordinate system of the file that it came from',
        'source = 来源文件 | file that it came from',
        'imported_at = 导入时间 | wall time of the import']);

CREATE TABLE dw.dim_unit (
        unit text PRIMARY KEY,
        level integer NOT NULL DEFAULT 1 CHECK (level BETWEEN 1 AND 3),
        parent text,
        first_seen timestamptz
);
SELECT meta.about('dw.dim_unit', '责任单位：由报告和派遣命令中出现的单位形成 | units that act: as reports and commands name them', ARRAY[
        'unit = 单位名称 | name',
        'level = 层级：1 一级，2 二级，3 三级专业部门 | level 1 to 3; 1 until a site says otherwise',
        'parent = 上级单位 | unit above',
        'first_seen = 首次出现 | when a report or command first named it']);

CREATE TABLE dw.dim_date (
        day date PRIMARY KEY,
        month date NOT NULL,
        workday boolean NOT NULL,
        holiday text,
        source text NOT NULL
);
SELECT meta.about('dw.dim_date', '日期：工作日与法定节假日 | days: working days and public holidays of China', ARRAY[
        'day = 日期（上海） | day of Asia/Shanghai',
        'month = 当月第一天 | first day of its month',
        'workday = 是否工作日 | true for a working day, a weekend that is made up for too',
        'holiday = 节日名称，或“调休上班” | name of the holiday; 调休上班: a weekend day on which people work',
        'source = 依据：国务院办公厅通知，或“周历”（尚无通知） | the notice of the State Council''s office; 周历: none known, by the weekday']);

-- Working days: n working days after a moment, at the same hour of the day; a moment on a free day counts from the end of that day. The correlator's own
-- arithmetic (hub/event/calendar.h) is the same.
CREATE FUNCTION dw.add_workdays(moment timestamptz, days integer) RETURNS timestamptz LANGUAGE sql STABLE AS $$
WITH local AS (SELECT moment AT TIME ZONE 'Asia/Shanghai' AS at),
     start AS (SELECT at, at::date AS day, coalesce((SELECT workday FROM dw.dim_date WHERE day = at::date), true) AS works FROM local)
SELECT ((SELECT day FROM dw.dim_date WHERE workday AND day > (SELECT day FROM start) ORDER BY day OFFSET days - 1 LIMIT 1)
        + CASE WHEN works THEN at::time ELSE time '24:00' END) AT TIME ZONE 'Asia/Shanghai' FROM start
$$;
COMMENT ON FUNCTION dw.add_workdays IS '若干工作日之后的时刻 | the moment so many working days later, at the same hour; from a free day on, at the end of a working day';

CREATE FUNCTION dw.workdays_between(from_moment timestamptz, to_moment timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
SELECT count(*) FROM dw.dim_date
WHERE workday AND day > (from_moment AT TIME ZONE 'Asia/Shanghai')::date AND day <= (to_moment AT TIME ZONE 'Asia/Shanghai')::date
$$;
COMMENT ON FUNCTION dw.workdays_between IS '两时刻之间经过的工作日数 | working days after the day of the first moment, up to that of the second';
