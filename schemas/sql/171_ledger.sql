-- The ledger as of the last refresh on both sides: what instances told of their hours is kept ready too, not gathered from every tick each time somebody looks.

CREATE TABLE mart.told_hour (
        instance text NOT NULL,
        hour timestamptz NOT NULL,
        records bigint NOT NULL,
        items bigint NOT NULL,
        published bigint NOT NULL,
        rejected bigint NOT NULL,
        ignored bigint NOT NULL,
        repeated bigint NOT NULL,
        PRIMARY KEY (instance, hour)
);
SELECT meta.about('mart.told_hour', '每实例每小时自报数（刷新时点） | what each instance told of its hours, as of the last refresh', ARRAY[
        'instance = 接入实例 | instance', 'hour = 接收小时 | hour of receiving', 'records = 读取记录数 | records read', 'items = 条目数 | items settled',
        'published = 已发布数 | events published', 'rejected = 拒收数 | items rejected', 'ignored = 忽略数 | items with nothing to say', 'repeated = 轮询重叠中再次见到数 | seen again in a poll''s overlap']);

-- The hours of which the log from low to high tells. In each run the newest tick of an hour counts.
CREATE FUNCTION mart.told_make(of_partition integer, low bigint, high bigint) RETURNS void LANGUAGE sql AS $$
INSERT INTO mart.told_hour
SELECT n.instance, n.hour, sum(n.records), sum(n.items), sum(n.published), sum(n.rejected), sum(n.ignored), sum(n.repeated)
FROM (SELECT DISTINCT ON (t.run, t.hour) t.* FROM ops.tick t
      JOIN (SELECT DISTINCT f.instance, f.hour FROM ops.tick f WHERE f.partition = of_partition AND f."offset" >= low AND f."offset" < high) fresh USING (instance, hour)
      WHERE t.partition <> of_partition OR t."offset" < high
      ORDER BY t.run, t.hour, t.seq DESC) AS n
GROUP BY n.instance, n.hour
ON CONFLICT (instance, hour) DO UPDATE SET records = excluded.records, items = excluded.items, published = excluded.published, rejected = excluded.rejected,
       ignored = excluded.ignored, repeated = excluded.repeated
$$;
COMMENT ON FUNCTION mart.told_make IS '读入心跳新增部分 | takes in what instances told in a stretch of the log';
REVOKE ALL ON FUNCTION mart.told_make FROM PUBLIC;

-- Ticks lie in the topic of events; the other topics' offsets are not theirs.
DO $$
DECLARE
        before text := pg_get_functiondef('mart.take_log()'::regprocedure);
        after text := replace(before, 'INSERT INTO mart.progress VALUES', E'IF part.topic LIKE ''%.events.v1'' THEN\n                        PERFORM mart.told_make(part.partition, part.low, part.high);\n                END IF;\n                INSERT INTO mart.progress VALUES');
BEGIN
        IF after = before THEN
                RAISE EXCEPTION 'mart.take_log is written in a way that is not known here';
        END IF;
        EXECUTE after;
        PERFORM mart.told_make(p.partition, 0, p.next_offset) FROM mart.progress p WHERE p.topic LIKE '%.events.v1';
END $$;

CREATE OR REPLACE VIEW mart.ledger_hour WITH (security_invoker) AS
WITH logged AS (SELECT instance, hour, max(platform) FILTER (WHERE platform <> '?') AS platform, sum(stored) AS stored, sum(duplicate) AS duplicate,
                       sum(refused) AS refused, sum(rejected) AS rejected FROM mart.logged_hour GROUP BY instance, hour),
     known AS (SELECT instance, max(platform) AS platform FROM mart.logged_hour WHERE platform <> '?' GROUP BY instance)
SELECT coalesce(l.platform, k.platform, '?') AS platform,
       coalesce(t.instance, l.instance) AS instance, coalesce(t.hour, l.hour) AS hour, t.records::bigint, t.items::bigint, t.published::bigint, t.rejected::bigint,
       t.ignored::bigint, t.repeated::bigint, coalesce(l.stored, 0)::bigint AS stored, coalesce(l.duplicate, 0)::bigint AS duplicate,
       coalesce(l.refused, 0)::bigint AS refused, coalesce(l.rejected, 0)::bigint AS rejects_logged,
       (t.items - t.published - t.rejected - t.ignored)::bigint AS unexplained,
       (t.published - coalesce(l.stored + l.duplicate + l.refused, 0))::bigint AS missing
FROM mart.told_hour t FULL JOIN logged l USING (instance, hour) LEFT JOIN known k ON k.instance = coalesce(t.instance, l.instance);
COMMENT ON VIEW mart.ledger_hour IS '台账：每平台每实例每小时，自报数与日志数对照（均为刷新时点） | the ledger by platform, instance and hour: what the instance told, beside what lies in the log, both as of the last refresh; hub audit is the judge';
GRANT SELECT ON mart.told_hour TO hub_analyst, hub_api;
