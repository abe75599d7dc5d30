-- Units as a site knows them (hub import units): reports name the same one in several ways, and each stands below another.

ALTER TABLE dw.dim_unit ADD COLUMN code text UNIQUE, ADD COLUMN kind text, ADD COLUMN imported_at timestamptz;
COMMENT ON COLUMN dw.dim_unit.unit IS '单位名称（统一名称） | name: the one by which the indicators count it';
COMMENT ON COLUMN dw.dim_unit.level IS '层级：1 一级，2 二级，3 三级专业部门 | level 1 to 3, by its superiors; 1 where none is known';
COMMENT ON COLUMN dw.dim_unit.code IS '单位代码；空为仅在报告中出现过 | code of the site; NULL: only reports name it';
COMMENT ON COLUMN dw.dim_unit.kind IS '单位类别，如街道、专业部门 | kind, as the site says';
COMMENT ON COLUMN dw.dim_unit.imported_at IS '导入时间；空为仅在报告中出现过 | wall time of the import; NULL: only reports name it';

CREATE TABLE dw.unit_name (
        name text PRIMARY KEY,
        unit text NOT NULL
);
SELECT meta.about('dw.unit_name', '单位的各种写法 | the ways in which reports name a unit', ARRAY[
        'name = 报告中的写法 | as a report writes it', 'unit = 统一名称 | the name of dw.dim_unit']);

CREATE FUNCTION dw.unit_of(named text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT coalesce((SELECT n.unit FROM dw.unit_name n WHERE n.name = named), named) $$;
COMMENT ON FUNCTION dw.unit_of IS '单位的统一名称 | the one name of a unit, however it is written';
CREATE FUNCTION dw.superior_of(named text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT coalesce((SELECT u.parent FROM dw.dim_unit u WHERE u.unit = named), named) $$;
COMMENT ON FUNCTION dw.superior_of IS '上级单位；没有上级时为其自身 | the unit above; a unit below none stands for itself';

-- Incidents carry the one name, at whatever moment is asked for; what was frozen stays as it was published.
DO $$
DECLARE
        before text := pg_get_functiondef('mart.incident_at(timestamptz, text[])'::regprocedure);
        after text := replace(before, 'coalesce(c.unit, i.assigned_to, s.unit)', 'dw.unit_of(coalesce(c.unit, i.assigned_to, s.unit))');
BEGIN
        IF after = before THEN
                RAISE EXCEPTION 'mart.incident_at names units in a way that is not known here';
        END IF;
        EXECUTE after;
END $$;

-- One row a unit of the file: [{"code", "names": [...], "kind", "superior"}]; all of them or none. What an earlier file named and this one does not is as reports name it.
CREATE FUNCTION dw.units_import(given json) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
        wrong text;
        taken bigint;
BEGIN
        CREATE TEMP TABLE unit_given ON COMMIT DROP AS
        SELECT g ->> 'code' AS code, g -> 'names' ->> 0 AS unit, ARRAY(SELECT json_array_elements_text(g -> 'names')) AS names,
               nullif(g ->> 'kind', '') AS kind, nullif(g ->> 'superior', '') AS superior
        FROM json_array_elements(given) AS g;
        SELECT format('%s: there is no superior %s', u.code, u.superior) INTO wrong FROM unit_given u
        WHERE u.superior IS NOT NULL AND NOT EXISTS (SELECT FROM unit_given o WHERE o.code = u.superior) ORDER BY u.code LIMIT 1;
        IF wrong IS NULL THEN
                SELECT format('%s: is the name of two units, %s and %s', n.name, min(n.code), max(n.code)) INTO wrong
                FROM (SELECT DISTINCT code, unnest(names) AS name FROM unit_given) n GROUP BY n.name HAVING count(*) > 1 ORDER BY n.name LIMIT 1;
        END IF;
        IF wrong IS NULL THEN
                WITH RECURSIVE up AS (SELECT code, superior, 1 AS depth FROM unit_given
                                      UNION ALL SELECT u.code, o.superior, u.depth + 1 FROM up u JOIN unit_given o ON o.code = u.superior WHERE u.depth < 4)
                SELECT format('%s: stands below more than two others, or below itself', code) INTO wrong FROM up WHERE depth > 3 ORDER BY code LIMIT 1;
        END IF;
        IF wrong IS NOT NULL THEN
                RAISE EXCEPTION USING ERRCODE = 'data_exception', MESSAGE = wrong;
        END IF;
        DELETE FROM dw.unit_name;
        UPDATE dw.dim_unit SET code = NULL, kind = NULL, parent = NULL, level = 1, imported_at = NULL;
        DELETE FROM dw.dim_unit d WHERE d.first_seen IS NULL;
        INSERT INTO dw.dim_unit AS d (unit, code, kind, parent, level, imported_at)
        SELECT u.unit, u.code, u.kind, o.unit, CASE WHEN o.code IS NULL THEN 1 WHEN o.superior IS NULL THEN 2 ELSE 3 END, clock_timestamp()
        FROM unit_given u LEFT JOIN unit_given o ON o.code = u.superior
        ON CONFLICT (unit) DO UPDATE SET code = excluded.code, kind = excluded.kind, parent = excluded.parent, level = excluded.level, imported_at = excluded.imported_at;
        GET DIAGNOSTICS taken = ROW_COUNT;
        INSERT INTO dw.unit_name SELECT unnest(names), unit FROM unit_given;
        -- A name of before stands under the one name from now on; who takes an alias back finds it with the next refresh of its incident.
        DELETE FROM dw.dim_unit d USING dw.unit_name n WHERE n.name = d.unit AND n.unit <> d.unit;
        UPDATE mart.incident_now i SET unit = n.unit FROM dw.unit_name n WHERE n.name = i.unit AND n.unit <> i.unit;
        DROP TABLE unit_given;
        RETURN taken;
END $$;
COMMENT ON FUNCTION dw.units_import IS '导入单位：代码、各种写法、类别、上级 | takes the units of a site in: code, names, kind, superior';
REVOKE ALL ON FUNCTION dw.units_import FROM PUBLIC;

-- The same month by the unit above.
DO $$
DECLARE
        c record;
        made text := regexp_replace(pg_get_viewdef('mart.kpi_month_unit'), 'case_flags\.first_unit AS unit', 'dw.superior_of(case_flags.first_unit) AS unit');
BEGIN
        IF made NOT LIKE '%superior_of%' THEN
                RAISE EXCEPTION 'mart.kpi_month_unit names units in a way that is not known here';
        END IF;
        EXECUTE 'CREATE VIEW mart.kpi_month_superior WITH (security_invoker) AS ' || made;
        FOR c IN SELECT a.attname, col_description(a.attrelid, a.attnum) AS text FROM pg_attribute a WHERE a.attrelid = 'mart.kpi_month_unit'::regclass AND a.attnum > 0 LOOP
                EXECUTE format('COMMENT ON COLUMN mart.kpi_month_superior.%I IS %L', c.attname, c.text);
        END LOOP;
END $$;
COMMENT ON VIEW mart.kpi_month_superior IS '上级单位月度指标，按立案月份（单位以导入的为准） | indicators a month by month of filing, by the unit above; a unit below none stands for itself';
COMMENT ON COLUMN mart.kpi_month_superior.unit IS '上级单位 | unit above';
COMMENT ON COLUMN mart.kpi_month_superior.name IS '上级单位 | unit above';

GRANT SELECT ON dw.unit_name, mart.kpi_month_superior TO hub_analyst, hub_district_analyst, hub_api;
GRANT EXECUTE ON FUNCTION dw.unit_of, dw.superior_of TO hub_analyst, hub_district_analyst, hub_api;
