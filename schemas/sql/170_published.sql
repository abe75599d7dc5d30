-- What was published stays, all of it: platforms' cases and repeated incidents are kept beside the incidents of a frozen moment, and scores entered by hand have a time, as
-- corrections have. Repeated incidents can be asked for at any moment. Places after a tie are left out, in the scorecard as in the bulletin.

-- ---- repeated incidents ----

ALTER TABLE mart.repeat_incident RENAME TO repeat_now;
ALTER INDEX mart.repeat_incident_pkey RENAME TO repeat_now_pkey;
ALTER INDEX mart.repeat_incident_prior RENAME TO repeat_now_prior;

CREATE OR REPLACE FUNCTION mart.repeats_make(wanted text[]) RETURNS void LANGUAGE sql AS $$
DELETE FROM mart.repeat_now WHERE wanted IS NULL OR incident = ANY (wanted) OR prior = ANY (wanted);
INSERT INTO mart.repeat_now
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

-- Of mart.incident, whatever moment that shows. Cells as large as it is far to look, in degrees that are never shorter than a metre's share of 60 km: nine of them hold all that is near.
CREATE FUNCTION mart.repeats_asked() RETURNS SETOF mart.repeat_now LANGUAGE sql STABLE AS $$
WITH p AS (SELECT (SELECT value FROM mart.parameter WHERE name = 'repeat_metres') AS metres,
                  make_interval(days => (SELECT value::integer FROM mart.parameter WHERE name = 'repeat_days')) AS days),
     shown AS MATERIALIZED (SELECT i.incident, i.zone, i.category, i.filed_at, i.closed_at, i.geom, p.metres, p.days,
                                   floor(ST_X(i.geom) * 60000 / greatest(p.metres, 1))::bigint AS x, floor(ST_Y(i.geom) * 60000 / greatest(p.metres, 1))::bigint AS y
                            FROM mart.incident i CROSS JOIN p WHERE i.filed_at IS NOT NULL AND NOT i.unfounded AND i.geom IS NOT NULL)
SELECT later.incident, prior.incident, later.zone, later.category, later.filed_at, later.filed_at - prior.closed_at,
       round(ST_Distance(later.geom::geography, prior.geom::geography)::numeric, 1)
FROM shown prior CROSS JOIN generate_series(-1, 1) AS dx CROSS JOIN generate_series(-1, 1) AS dy
JOIN shown later ON later.zone = prior.zone AND later.category = prior.category AND later.x = prior.x + dx AND later.y = prior.y + dy AND later.incident <> prior.incident
     AND later.filed_at > prior.closed_at AND later.filed_at <= prior.closed_at + prior.days AND ST_DWithin(later.geom::geography, prior.geom::geography, prior.metres)
WHERE prior.closed_at IS NOT NULL
$$;
COMMENT ON FUNCTION mart.repeats_asked IS 'hub.as_of 所指时点的反复发案 | repeated incidents of mart.incident, at the moment that hub.as_of asks for';

CREATE TABLE mart.repeat_frozen (as_of timestamptz NOT NULL, LIKE mart.repeat_now, PRIMARY KEY (as_of, incident, prior));
CREATE TABLE mart.report_frozen (as_of timestamptz NOT NULL, LIKE mart.report_now, PRIMARY KEY (as_of, zone, subject));
CREATE INDEX report_frozen_incident ON mart.report_frozen (as_of, incident);

CREATE OR REPLACE FUNCTION mart.freeze(moment timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
        kept bigint;
        asked text := current_setting('hub.as_of', true);
BEGIN
        IF EXISTS (SELECT FROM mart.frozen WHERE as_of = moment) THEN
                RETURN 0;
        END IF;
        INSERT INTO mart.incident_frozen SELECT moment, c.* FROM mart.incident_at(moment) c;
        GET DIAGNOSTICS kept = ROW_COUNT;
        INSERT INTO mart.report_frozen SELECT moment, r.* FROM mart.report_at(moment) r;
        INSERT INTO mart.frozen (as_of, generation, epoch, cases)
        SELECT moment, generation, epoch, kept FROM ops.generation WHERE live;
        PERFORM set_config('hub.as_of', moment::text, true);
        INSERT INTO mart.repeat_frozen SELECT moment, r.* FROM mart.repeats_asked() r;
        PERFORM set_config('hub.as_of', coalesce(asked, ''), true);
        RETURN kept;
END $$;

DO $$
DECLARE
        columns text := (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'mart.repeat_now'::regclass AND attnum > 0 AND NOT attisdropped);
        moment timestamptz;
        c record;
BEGIN
        EXECUTE format('CREATE VIEW mart.repeat_incident WITH (security_invoker) AS SELECT %1$s FROM mart.repeat_now WHERE mart.as_of() IS NULL'
                       ' UNION ALL SELECT %1$s FROM mart.repeat_frozen WHERE as_of = mart.as_of()'
                       ' UNION ALL SELECT %1$s FROM mart.repeats_asked() WHERE mart.as_of() IS NOT NULL AND NOT mart.is_frozen()', columns);
        columns := (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'mart.report_now'::regclass AND attnum > 0 AND NOT attisdropped);
        EXECUTE format('CREATE OR REPLACE VIEW mart.report WITH (security_invoker) AS SELECT %1$s FROM mart.report_now WHERE mart.as_of() IS NULL'
                       ' UNION ALL SELECT %1$s FROM mart.report_frozen WHERE as_of = mart.as_of()'
                       ' UNION ALL SELECT %1$s FROM mart.report_at(mart.as_of()) WHERE mart.as_of() IS NOT NULL AND NOT mart.is_frozen()', columns);
        FOR moment IN SELECT as_of FROM mart.frozen ORDER BY as_of LOOP -- what was published before
                PERFORM set_config('hub.as_of', moment::text, true);
                INSERT INTO mart.report_frozen SELECT moment, r.* FROM mart.report_at(moment) r;
                INSERT INTO mart.repeat_frozen SELECT moment, r.* FROM mart.repeats_asked() r;
        END LOOP;
        PERFORM set_config('hub.as_of', '', true);
        FOR c IN SELECT n.name, a.attname, col_description(a.attrelid, a.attnum) AS text
                 FROM (VALUES ('repeat_frozen', 'repeat_now'), ('repeat_incident', 'repeat_now'), ('report_frozen', 'report_now')) AS n (name, source)
                 JOIN pg_attribute a ON a.attrelid = ('mart.' || n.source)::regclass AND a.attnum > 0 LOOP
                EXECUTE format('COMMENT ON COLUMN mart.%I.%I IS %L', c.name, c.attname, c.text);
        END LOOP;
        FOR c IN SELECT unnest('{repeat_frozen,report_frozen}'::text[]) AS relname LOOP
                EXECUTE format('ALTER TABLE mart.%I ENABLE ROW LEVEL SECURITY', c.relname);
                EXECUTE format('CREATE POLICY zone_seen ON mart.%I FOR SELECT USING ((SELECT mart.my_zones()) IS NULL OR zone = ANY ((SELECT mart.my_zones())::text[]))', c.relname);
        END LOOP;
END $$;
COMMENT ON VIEW mart.repeat_incident IS '反复发案：同类、同地点（默认 50 米内），结案后 30 日内再次立案（现状，或 hub.as_of 所指时点） | the same kind at the same place (50 m) filed again within 30 days of closing; mart.parameter says how near and how soon; now or at hub.as_of';
COMMENT ON TABLE mart.repeat_now IS '反复发案（刷新时点的现状） | repeated incidents, as they stood at the last refresh';
SELECT meta.about('mart.repeat_frozen', '通报发布时冻结的反复发案 | repeated incidents as they stood when a bulletin was published', ARRAY['as_of = 时点 | the moment that they stand for']);
SELECT meta.about('mart.report_frozen', '通报发布时冻结的案卷 | platforms'' cases as they stood when a bulletin was published', ARRAY['as_of = 时点 | the moment that they stand for']);
GRANT SELECT ON mart.repeat_incident, mart.repeat_frozen, mart.report_frozen TO hub_analyst, hub_district_analyst, hub_api;
REVOKE ALL ON FUNCTION mart.repeats_asked FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mart.repeats_asked TO hub_analyst, hub_district_analyst, hub_api;

-- ---- scores entered by hand ----

ALTER TABLE dw.score_entry ADD COLUMN at timestamptz NOT NULL DEFAULT clock_timestamp(), DROP CONSTRAINT score_entry_pkey, ALTER COLUMN value DROP NOT NULL;
-- Since when the old ones hold nobody knows: they stand in whatever was published.
UPDATE dw.score_entry SET at = '-infinity';
ALTER TABLE dw.score_entry ADD PRIMARY KEY (scheme, item, unit, month, at);
COMMENT ON TABLE dw.score_entry IS '人工评分：同一项以最新一条为准 | values that people enter: the newest of an item, unit and month counts';
COMMENT ON COLUMN dw.score_entry.value IS '得分率（0–100）；空为撤回 | value, 0 to 100; NULL takes it back';
COMMENT ON COLUMN dw.score_entry.at IS '录入时间：早于此的 hub.as_of 看不到 | wall time: hub.as_of of an earlier moment does not see it';
REVOKE DELETE ON dw.score_entry FROM hub_analyst;

CREATE OR REPLACE VIEW mart.scorecard_month WITH (security_invoker) AS
WITH made AS MATERIALIZED (SELECT month, unit, to_jsonb(k) AS rates FROM mart.kpi_month_unit k WHERE unit IS NOT NULL),
     entered AS (SELECT DISTINCT ON (scheme, item, unit, month) scheme, item, unit, month, value FROM dw.score_entry
                 WHERE at <= coalesce(mart.as_of(), 'infinity') ORDER BY scheme, item, unit, month, at DESC),
     valued AS (SELECT s.scheme, s.class, s.item, s.weight, k.month, k.unit,
                       coalesce(e.value, CASE WHEN d.more_is_better THEN (k.rates ->> s.kpi)::numeric ELSE 100 - (k.rates ->> s.kpi)::numeric END) AS value
                FROM made k
                JOIN dw.score_item s ON s.valid_from <= k.month AND (s.valid_to IS NULL OR s.valid_to > k.month)
                LEFT JOIN dw.kpi_definition d ON d.kpi = s.kpi
                LEFT JOIN entered e ON e.scheme = s.scheme AND e.item = s.item AND e.unit = k.unit AND e.month = k.month),
     totals AS (SELECT scheme, month, unit, round(sum(value * weight) / nullif(sum(weight) FILTER (WHERE value IS NOT NULL), 0), 2) AS total FROM valued GROUP BY scheme, month, unit),
     placed AS (SELECT *, CASE WHEN total IS NOT NULL THEN rank() OVER (PARTITION BY scheme, month ORDER BY total DESC NULLS LAST) END AS place FROM totals)
SELECT v.month, v.scheme, v.unit, v.class, v.item, v.value, v.weight, round(v.value * v.weight / 100, 2) AS score, p.total, p.place
FROM valued v JOIN placed p USING (scheme, month, unit);
COMMENT ON COLUMN mart.scorecard_month.place IS '名次：并列同名次，其后名次空出（1、1、3） | place; ties share it, and as many places after them are left out: 1, 1, 3';
COMMENT ON COLUMN mart.bulletin_month.rank IS '名次：按期结案率高者在前，同率看返工率，并列同名次，其后名次空出（1、1、3） | place: by closing in time, then by rework; ties share it, and as many places after them are left out: 1, 1, 3';
