-- Where does a figure come from? Every message behind the cases that were overdue when they were closed, with its place in Kafka and the platform's number.
SELECT f.number, l.platform, l.source_ref, l.state, l.at, l.topic || '/' || l.partition AS topic
FROM mart.case_flags AS f JOIN mart.lineage AS l USING (incident)
WHERE f.overtime_archive_num = 1 ORDER BY l.source_ref, l.at, l."offset";
