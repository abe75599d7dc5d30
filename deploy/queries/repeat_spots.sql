-- Where does the same kind of problem come back? Pairs of incidents of one category, at most 50 m apart, the later opened within 30 days of the
-- earlier one's close; one row an earlier incident with its returns.
SELECT earlier.number, earlier.category_name, earlier.address, earlier.closed, count(*) AS returns, min(later.opened) AS first_return,
       round(min(ST_Distance(earlier.geom::geography, later.geom::geography))::numeric, 1) AS nearest_metres
FROM dw.incident AS earlier
JOIN dw.incident AS later ON later.zone = earlier.zone AND later.category = earlier.category AND later.incident <> earlier.incident
     AND later.opened > earlier.closed AND later.opened <= earlier.closed + interval '30 days'
     AND ST_DWithin(earlier.geom::geography, later.geom::geography, 50)
WHERE earlier.closed IS NOT NULL AND earlier.merged_into IS NULL AND later.merged_into IS NULL AND later.state <> 'void'
GROUP BY earlier.incident, earlier.number, earlier.category_name, earlier.address, earlier.closed ORDER BY returns DESC, earlier.number;
