-- Lights that can be believed: measured up to the last refresh, for what came since is not counted yet; a category beside the same weekday of its own weeks, for offices
-- rest on Sundays; and for alerts every platform, with how fresh it all is.

INSERT INTO mart.parameter VALUES ('light_hours', 6);
CREATE OR REPLACE VIEW mart.platform_light AS
WITH told AS (SELECT coalesce(mart.as_of(), (SELECT at FROM mart.refreshed), now()) AS moment),
     p AS (SELECT moment, (moment AT TIME ZONE 'Asia/Shanghai')::date - 1 AS day,
                  (SELECT value FROM mart.parameter WHERE name = 'light_least') AS least,
                  (SELECT value FROM mart.parameter WHERE name = 'light_volume_pct') AS volume_pct,
                  (SELECT value FROM mart.parameter WHERE name = 'light_unplaced_points') AS points,
                  (SELECT value FROM mart.parameter WHERE name = 'light_category_least') AS category_least,
                  (SELECT value::integer FROM mart.parameter WHERE name = 'light_hours') AS hours
           FROM told),
     seen AS (SELECT platform, min(hour) AS since FROM mart.logged_hour WHERE platform <> '?' GROUP BY platform),
     weeks AS (SELECT s.platform, w.n, coalesce((SELECT sum(l.stored) FROM mart.logged_hour l WHERE l.platform = s.platform
                                                 AND l.hour >= date_trunc('hour', p.moment) - make_interval(weeks => w.n, hours => p.hours)
                                                 AND l.hour < date_trunc('hour', p.moment) - make_interval(weeks => w.n)), 0) AS events
               FROM seen s CROSS JOIN p CROSS JOIN generate_series(0, 4) AS w (n) WHERE s.since <= p.moment - make_interval(weeks => greatest(w.n, 1))),
     volume AS (SELECT platform, max(events) FILTER (WHERE n = 0) AS now, percentile_cont(0.5) WITHIN GROUP (ORDER BY events) FILTER (WHERE n > 0) AS usual
                FROM weeks GROUP BY platform),
     placed AS (SELECT d.platform, mart.pct(sum(d.unplaced) FILTER (WHERE d.day = p.day), sum(d.events) FILTER (WHERE d.day = p.day)) AS now,
                       mart.pct(sum(d.unplaced) FILTER (WHERE d.day < p.day), sum(d.events) FILTER (WHERE d.day < p.day)) AS usual,
                       sum(d.events) FILTER (WHERE d.day = p.day) AS events
                FROM mart.platform_day d CROSS JOIN p WHERE d.day >= p.day - 28 AND d.day <= p.day GROUP BY d.platform),
     known AS (SELECT platform, min(day) AS since FROM mart.platform_day GROUP BY platform),
     days AS (SELECT k.platform, p.day - 7 * w.n AS day, w.n FROM known k CROSS JOIN p CROSS JOIN generate_series(0, 4) AS w (n)
              WHERE k.since <= p.day - 7 * greatest(w.n, 1)),
     kinds AS (SELECT d.platform, c.category, max(coalesce(e.events, 0)) FILTER (WHERE d.n = 0) AS now,
                      percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(e.events, 0)) FILTER (WHERE d.n > 0) AS usual
               FROM days d JOIN (SELECT DISTINCT c.platform, c.category FROM mart.category_day c CROSS JOIN p WHERE c.day >= p.day - 28 AND c.day <= p.day) c USING (platform)
               LEFT JOIN (SELECT platform, category, day, sum(events) AS events FROM mart.category_day GROUP BY 1, 2, 3) e
                    ON e.platform = d.platform AND e.category = c.category AND e.day = d.day
               GROUP BY d.platform, c.category)
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
SELECT k.platform, 'category', k.category, k.now, round(k.usual::numeric, 1), CASE WHEN k.now = 0 THEN 'red' WHEN k.now < k.usual / 4 THEN 'yellow' ELSE 'green' END
FROM kinds k CROSS JOIN p WHERE k.usual >= p.category_least;
COMMENT ON COLUMN mart.platform_light.habit IS
        'volume 近六小时事件数（与前四周同一时段），position 昨日无位置率（与前四周），category 昨日某类别事件数（与前四周同一星期几） | volume: events of the last six hours, beside those of its four weeks; '
        'position: share without one yesterday; category: its events yesterday, beside the same weekday. All up to the last refresh; mart.parameter holds the measures';

-- Functions within a view are the caller's: one with its owner's rights stands between.
CREATE FUNCTION ops.lights() RETURNS TABLE (platform text, habit text, red bigint, yellow bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
SELECT platform, habit, count(*) FILTER (WHERE light = 'red'), count(*) FILTER (WHERE light = 'yellow') FROM mart.platform_light GROUP BY platform, habit
$$;
COMMENT ON FUNCTION ops.lights IS '平台习惯告警 | what platforms do otherwise than they used to';
REVOKE ALL ON FUNCTION ops.lights FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ops.lights TO hub_relay, hub_api;
CREATE OR REPLACE VIEW ops.light AS SELECT platform, habit, red, yellow FROM ops.lights();

CREATE OR REPLACE VIEW ops.watch AS
SELECT (SELECT count(*) FROM (SELECT FROM ods.record_default LIMIT 1000) AS bounded) AS default_rows,
       (SELECT max(at) FROM ops.audit) AS audited_at,
       (SELECT holes FROM ops.audit ORDER BY at DESC LIMIT 1) AS audit_holes,
       (SELECT at FROM mart.refreshed) AS refreshed_at;
COMMENT ON COLUMN ops.watch.refreshed_at IS 'when the indicators were last brought up to date; NULL: never';
