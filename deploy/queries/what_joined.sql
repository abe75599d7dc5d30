-- What put reports together: rules or people, and which reason weighed most? One row a reason over the joins that hold.
SELECT CASE WHEN l.linked_by LIKE 'cmd:%' THEN split_part(l.linked_by, '-', 1) ELSE 'rules' END AS by, coalesce(top.feature, '-') AS reason, count(*) AS links
FROM dw.link AS l
LEFT JOIN LATERAL (SELECT r ->> 'feature' AS feature FROM jsonb_array_elements(l.reasons) AS r ORDER BY (r ->> 'points')::integer DESC, 1 LIMIT 1) AS top ON true
WHERE l.unlinked_at IS NULL AND l.decision <> 'new' GROUP BY 1, 2 ORDER BY links DESC, by, reason;
