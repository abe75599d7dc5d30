-- What is overdue now, by unit? The oldest first.
SELECT coalesce(first_unit, '（未注明）') AS unit, count(*) AS overdue, min(dispose_deadline) AS oldest
FROM mart.case_flags WHERE overtime_to_dispose_num = 1 GROUP BY 1 ORDER BY overdue DESC, oldest, unit;
