-- How long does it take from the first report to dispatch? Median and ninth decile in minutes, by month and category.
SELECT month, zone, category, incidents, median_minutes, p90_minutes FROM mart.minutes_to_stage WHERE stage = 'dispatched' ORDER BY month, zone, category;
