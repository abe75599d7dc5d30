-- What did each instance take in, hour by hour, by its own account? As hub_owner or api (analysts see no ops). hub audit holds it against the log.
SELECT instance, hour, count(*) AS runs, sum(records) AS records, sum(items) AS items, sum(published) AS published, sum(rejected) AS rejected,
       sum(ignored) AS ignored, sum(repeated) AS repeated, sum(items - published - rejected - ignored) AS unexplained
FROM (SELECT DISTINCT ON (run, hour) * FROM ops.tick ORDER BY run, hour, seq DESC) AS newest
GROUP BY instance, hour ORDER BY hour, instance;
