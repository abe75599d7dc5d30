-- Which platform sends what is hard to use? Shares in per cent over the last 28 days that it sent anything.
SELECT platform, sum(events) AS events, mart.pct(sum(unclassified), sum(events)) AS unclassified, mart.pct(sum(unplaced), sum(events)) AS unplaced,
       mart.pct(sum(sparse), sum(events)) AS sparse, mart.pct(sum(late), sum(events)) AS late
FROM mart.platform_day WHERE day > (SELECT max(day) - 28 FROM mart.platform_day) GROUP BY platform ORDER BY platform;
