-- Retention; lights for alerts; both languages of the dictionary.

-- Names, and on demand drops, the monthly partitions that ended so many months ago. What is dropped must have been taken into mart before.
CREATE FUNCTION mart.retain(moment timestamptz, months integer, really boolean) RETURNS TABLE (name text, records bigint) LANGUAGE plpgsql AS $$
DECLARE
        first timestamp := date_trunc('month', moment AT TIME ZONE 'Asia/Shanghai') - make_interval(months => months);
        horizon timestamptz := first AT TIME ZONE 'Asia/Shanghai';
        part record;
BEGIN
        IF really AND EXISTS (SELECT FROM ops.kafka_offset o LEFT JOIN mart.progress p USING (topic, partition)
                              WHERE o.next_offset > coalesce(p.next_offset, o.first_offset)) THEN
                PERFORM mart.refresh();
        END IF;
        FOR part IN SELECT c.oid, c.relname, c.reltuples FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid
                    WHERE i.inhparent = 'ods.record'::regclass AND c.relname ~ '^record_p[0-9]{6}$' AND right(c.relname, 6) < to_char(first, 'YYYYMM')
                    ORDER BY c.relname LOOP
                name := part.relname;
                records := greatest(part.reltuples, 0)::bigint;
                RETURN NEXT;
                CONTINUE WHEN NOT really;
                EXECUTE format('INSERT INTO ops.retained_run SELECT run, max(seq) FROM ods.%I WHERE run IS NOT NULL GROUP BY run'
                               ' ON CONFLICT (run) DO UPDATE SET seq = greatest(ops.retained_run.seq, excluded.seq)', part.relname);
                EXECUTE format('DROP TABLE ods.%I', part.relname);
                INSERT INTO ops.retained VALUES (true, horizon) ON CONFLICT (one) DO UPDATE SET before = greatest(ops.retained.before, excluded.before);
        END LOOP;
        IF name IS NOT NULL AND really THEN
                DELETE FROM ops.tick WHERE hour < horizon;
                DELETE FROM ops.retained_run k WHERE NOT EXISTS (SELECT FROM ods.record r WHERE r.run = k.run);
                UPDATE ops.kafka_offset o SET first_offset = coalesce((SELECT min(r."offset") FROM ods.record r WHERE r.topic = o.topic AND r.partition = o.partition),
                                                                      o.next_offset);
        END IF;
END $$;
COMMENT ON FUNCTION mart.retain IS '列出并可删除过期的月分区 | names, and on demand drops, monthly partitions of the log that are old enough';
REVOKE ALL ON FUNCTION mart.retain FROM PUBLIC;

-- A log without its beginning cannot make all incidents again: such a generation is for comparing only.
CREATE FUNCTION ops.generation_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
        NEW.since := greatest(NEW.since, (SELECT before FROM ops.retained));
        RETURN NEW;
END $$;
COMMENT ON FUNCTION ops.generation_begins IS '日志已删去开头时，新世代仅供比较 | a generation of a log without its beginning is for comparing only';
CREATE TRIGGER generation_begins BEFORE INSERT ON ops.generation FOR EACH ROW EXECUTE FUNCTION ops.generation_begins();

-- What has changed its habits, for alerts.
CREATE VIEW ops.light AS SELECT platform, habit, count(*) FILTER (WHERE light = 'red') AS red, count(*) FILTER (WHERE light = 'yellow') AS yellow
FROM mart.platform_light GROUP BY platform, habit;
SELECT meta.about('ops.light', '平台习惯告警 | what platforms do otherwise than they used to', ARRAY['platform = 平台 | platform', 'habit = 习惯：volume 数量、position 位置、category 类别 | volume, position, category',
        'red = 红灯数 | red lights', 'yellow = 黄灯数 | yellow lights']);
GRANT SELECT ON ops.light TO hub_relay, hub_api;

-- Both languages apart.
CREATE OR REPLACE VIEW meta.data_dictionary AS
SELECT n.nspname AS schema, c.relname AS relation, a.attnum AS position, a.attname AS column_name,
       format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
       col_description(c.oid, a.attnum) AS comment, obj_description(c.oid, 'pg_class') AS relation_comment,
       nullif(split_part(col_description(c.oid, a.attnum), ' | ', 1), col_description(c.oid, a.attnum)) AS zh,
       coalesce(nullif(split_part(col_description(c.oid, a.attnum), ' | ', 2), ''), col_description(c.oid, a.attnum)) AS en
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE (n.nspname IN ('ods', 'dw', 'mart', 'ops', 'meta') OR n.nspname ~ '^dw_[0-9]+$') AND c.relkind IN ('r', 'p', 'v', 'm')
      AND NOT c.relispartition;
COMMENT ON COLUMN meta.data_dictionary.zh IS '中文释义 | what it means, in Chinese';
COMMENT ON COLUMN meta.data_dictionary.en IS '英文释义 | what it means, in English';
