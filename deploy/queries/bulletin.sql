-- The last month's bulletin: each unit and, without a name, all of them. SET hub.as_of = '2024-03-01 00:00:00+08' tells what was known then.
SELECT rank, coalesce(unit, CASE WHEN total THEN '合计' END) AS unit, inst_num, inst_mom_pct, need_archive_num, archive_num, archive_rate, intime_archive_rate, rework_rate
FROM mart.bulletin_month WHERE month = (SELECT max(month) FROM mart.bulletin_month WHERE month <= mart.month_of(coalesce(mart.as_of(), now())) - interval '1 month')
ORDER BY total DESC, rank NULLS LAST, unit;
