-- The ledger stands ready, a row an instance and hour: who looks at years of it does not put them together again. It follows what is told and what is logged, whoever writes that.

CREATE INDEX logged_hour_instance ON mart.logged_hour (instance, hour);
CREATE TABLE mart.ledger_now (
        instance text NOT NULL,
        hour timestamptz NOT NULL,
        platform text,
        records bigint,
        items bigint,
        published bigint,
        rejected bigint,
        ignored bigint,
        repeated bigint,
        stored bigint NOT NULL,
        duplicate bigint NOT NULL,
        refused bigint NOT NULL,
        rejects_logged bigint NOT NULL,
        PRIMARY KEY (instance, hour)
);
CREATE INDEX ledger_now_unknown ON mart.ledger_now (instance) WHERE platform IS NULL;
SELECT meta.about('mart.ledger_now', '台账底表：见 mart.ledger_hour | what mart.ledger_hour shows, kept ready', ARRAY[
        'instance = 接入实例 | instance', 'hour = 接收小时 | hour of receiving', 'platform = 平台；空为尚不知道 | platform; NULL: not known yet', 'records = 读取记录数；空为没有自报 | records read; NULL: it told nothing',
        'items = 条目数 | items settled', 'published = 已发布数 | events published', 'rejected = 拒收数 | items rejected', 'ignored = 忽略数 | items with nothing to say',
        'repeated = 轮询重叠中再次见到数 | seen again in a poll''s overlap', 'stored = 入库数 | stored in the log', 'duplicate = 重复数 | known event ids',
        'refused = 归并端拒收数 | rejected by the correlator', 'rejects_logged = 日志中的拒收数 | rejects in the log']);

CREATE FUNCTION mart.ledger_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
        INSERT INTO mart.ledger_now
        SELECT c.instance, c.hour, coalesce(l.platform, k.platform), t.records, t.items, t.published, t.rejected, t.ignored, t.repeated,
               coalesce(l.stored, 0), coalesce(l.duplicate, 0), coalesce(l.refused, 0), coalesce(l.rejected, 0)
        FROM (SELECT DISTINCT instance, hour FROM changed) c
        LEFT JOIN mart.told_hour t USING (instance, hour)
        LEFT JOIN LATERAL (SELECT max(g.platform) FILTER (WHERE g.platform <> '?') AS platform, sum(g.stored) AS stored, sum(g.duplicate) AS duplicate, sum(g.refused) AS refused,
                                  sum(g.rejected) AS rejected FROM mart.logged_hour g WHERE g.instance = c.instance AND g.hour = c.hour) l ON true
        LEFT JOIN LATERAL (SELECT g.platform FROM mart.logged_hour g WHERE g.instance = c.instance AND g.platform <> '?' LIMIT 1) k ON true
        ON CONFLICT (instance, hour) DO UPDATE SET platform = excluded.platform, records = excluded.records, items = excluded.items, published = excluded.published,
               rejected = excluded.rejected, ignored = excluded.ignored, repeated = excluded.repeated, stored = excluded.stored, duplicate = excluded.duplicate,
               refused = excluded.refused, rejects_logged = excluded.rejects_logged;
        -- What came before anything was known of an instance.
        UPDATE mart.ledger_now n SET platform = k.platform
        FROM (SELECT DISTINCT u.instance, (SELECT max(g.platform) FROM changed c JOIN mart.logged_hour g USING (instance, hour) WHERE c.instance = u.instance AND g.platform <> '?') AS platform
              FROM mart.ledger_now u WHERE u.platform IS NULL AND u.instance IN (SELECT instance FROM changed)) k
        WHERE n.instance = k.instance AND n.platform IS NULL AND k.platform IS NOT NULL;
        RETURN NULL;
END $$;
COMMENT ON FUNCTION mart.ledger_follow IS '台账随自报数与日志数更新 | the ledger follows what is told and what is logged';
REVOKE ALL ON FUNCTION mart.ledger_follow FROM PUBLIC;

INSERT INTO mart.ledger_now
WITH logged AS (SELECT instance, hour, max(platform) FILTER (WHERE platform <> '?') AS platform, sum(stored) AS stored, sum(duplicate) AS duplicate,
                       sum(refused) AS refused, sum(rejected) AS rejected FROM mart.logged_hour GROUP BY instance, hour),
     known AS (SELECT instance, max(platform) AS platform FROM mart.logged_hour WHERE platform <> '?' GROUP BY instance)
SELECT instance, hour, coalesce(l.platform, k.platform), t.records, t.items, t.published, t.rejected, t.ignored, t.repeated,
       coalesce(l.stored, 0), coalesce(l.duplicate, 0), coalesce(l.refused, 0), coalesce(l.rejected, 0)
FROM mart.told_hour t FULL JOIN logged l USING (instance, hour) LEFT JOIN known k USING (instance);

CREATE TRIGGER ledger_told AFTER INSERT ON mart.told_hour REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mart.ledger_follow();
CREATE TRIGGER ledger_told_anew AFTER UPDATE ON mart.told_hour REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mart.ledger_follow();
CREATE TRIGGER ledger_logged AFTER INSERT ON mart.logged_hour REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mart.ledger_follow();
CREATE TRIGGER ledger_logged_anew AFTER UPDATE ON mart.logged_hour REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mart.ledger_follow();

CREATE OR REPLACE VIEW mart.ledger_hour WITH (security_invoker) AS
SELECT coalesce(platform, '?') AS platform, instance, hour, records, items, published, rejected, ignored, repeated, stored, duplicate, refused, rejects_logged,
       items - published - rejected - ignored AS unexplained, published - stored - duplicate - refused AS missing
FROM mart.ledger_now;
GRANT SELECT ON mart.ledger_now TO hub_analyst, hub_api;
