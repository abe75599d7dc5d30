-- How many reports become one incident? One row a Shanghai day of opening; incidents merged into another or void are not counted.
SELECT (opened AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*) AS incidents, sum(reports) AS reports,
       round(sum(reports)::numeric / nullif(count(*), 0), 2) AS reports_per_incident,
       count(*) FILTER (WHERE cardinality(platforms) >= 2) AS of_two_platforms_or_more
FROM dw.incident WHERE merged_into IS NULL AND state <> 'void' GROUP BY day ORDER BY day;
