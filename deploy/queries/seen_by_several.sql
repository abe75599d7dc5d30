-- What share of incidents do two platforms or more report? By month of the first report.
SELECT month, sum(incidents) AS incidents, coalesce(sum(incidents) FILTER (WHERE platforms >= 2), 0) AS of_several,
       mart.pct(coalesce(sum(incidents) FILTER (WHERE platforms >= 2), 0), sum(incidents)) AS share
FROM mart.seen_by_several GROUP BY month ORDER BY month;
