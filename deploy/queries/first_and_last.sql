-- Which platforms report a shared problem first, and which last? One row a platform, over incidents that two platforms or more report.
WITH told AS (SELECT incident, platform, min(occurred) AS at FROM dw.subject WHERE active GROUP BY incident, platform),
     shared AS (SELECT incident, platform, at, rank() OVER (PARTITION BY incident ORDER BY at) AS first,
                       rank() OVER (PARTITION BY incident ORDER BY at DESC) AS last,
                       at - min(at) OVER (PARTITION BY incident) AS behind
                FROM told WHERE incident IN (SELECT incident FROM told GROUP BY incident HAVING count(*) >= 2))
SELECT platform, count(*) AS shared_incidents, count(*) FILTER (WHERE first = 1) AS first, count(*) FILTER (WHERE last = 1) AS last,
       round(extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY behind) FILTER (WHERE first > 1))::numeric / 60, 1) AS median_minutes_behind
FROM shared GROUP BY platform ORDER BY platform;
