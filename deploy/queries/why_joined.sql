-- Why do these reports stand together? One row a reason of every live join; the points of a link add up to its score.
SELECT i.number, l.subject, l.against, l.score, r ->> 'feature' AS feature, r ->> 'value' AS value, (r ->> 'points')::integer AS points
FROM dw.link AS l JOIN dw.incident AS i USING (incident), jsonb_array_elements(l.reasons) AS r
WHERE l.unlinked_at IS NULL AND l.decision = 'join'
ORDER BY i.opened DESC, i.number, l.subject, abs((r ->> 'points')::integer) DESC, feature;
