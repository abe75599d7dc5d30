-- Generations: the log decided anew beside the live incidents, compared with them, and put in their place.

ALTER TABLE ops.generation ADD COLUMN rules text, ADD COLUMN since timestamptz, ADD COLUMN made_at timestamptz NOT NULL DEFAULT clock_timestamp();
COMMENT ON COLUMN ops.generation.rules IS 'rules version that decides its whole log; NULL for one that was never replayed';
COMMENT ON COLUMN ops.generation.since IS 'records received before this were left out: for comparing only; NULL: the whole log';
COMMENT ON COLUMN ops.generation.made_at IS 'wall time of its making';

CREATE FUNCTION ops.live_generation() RETURNS integer LANGUAGE sql STABLE AS $$ SELECT generation FROM ops.generation WHERE live $$;
COMMENT ON FUNCTION ops.live_generation IS 'number of the generation that the views of dw show';

-- In the row itself: who waited for its lock sees the new number, which a look at another table would not show.
ALTER TABLE ops.kafka_offset ADD COLUMN generation integer NOT NULL DEFAULT ops.live_generation();
COMMENT ON COLUMN ops.kafka_offset.generation IS 'the live generation: a correlator of another one cannot move this offset';

CREATE TABLE ops.replay (
        generation integer NOT NULL,
        topic text NOT NULL,
        partition integer NOT NULL,
        next_offset bigint NOT NULL,
        PRIMARY KEY (generation, topic, partition)
);
COMMENT ON TABLE ops.replay IS 'how far a generation that is not live has read the log';
COMMENT ON COLUMN ops.replay.generation IS 'generation';
COMMENT ON COLUMN ops.replay.topic IS 'Kafka topic';
COMMENT ON COLUMN ops.replay.partition IS 'Kafka partition';
COMMENT ON COLUMN ops.replay.next_offset IS 'next offset to read: everything below is in its tables';

-- Another generation with the tables, indexes, rights and comments of the live one, empty; gives its number.
CREATE FUNCTION ops.generation_make(of_rules text, from_moment timestamptz) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
        live integer := ops.live_generation();
        made integer := (SELECT max(generation) + 1 FROM ops.generation);
        source name := 'dw_' || live;
        target name := 'dw_' || made;
        t record;
        r record;
BEGIN
        EXECUTE format('CREATE SCHEMA %I', target);
        EXECUTE format('COMMENT ON SCHEMA %I IS %L', target, obj_description(source::regnamespace, 'pg_namespace'));
        FOR r IN SELECT (aclexplode(nspacl)).* FROM pg_namespace WHERE nspname = source LOOP
                CONTINUE WHEN r.grantee = r.grantor OR r.grantee = 0;
                EXECUTE format('GRANT %s ON SCHEMA %I TO %I', r.privilege_type, target, pg_get_userbyid(r.grantee));
        END LOOP;
        FOR t IN SELECT c.oid, c.relname, c.relacl FROM pg_class c WHERE c.relnamespace = source::regnamespace AND c.relkind = 'r' ORDER BY c.relname LOOP
                EXECUTE format('CREATE TABLE %I.%I (LIKE %I.%I INCLUDING ALL)', target, t.relname, source, t.relname);
                EXECUTE format('COMMENT ON TABLE %I.%I IS %L', target, t.relname, obj_description(t.oid, 'pg_class'));
                FOR r IN SELECT (aclexplode(t.relacl)).* LOOP
                        CONTINUE WHEN r.grantee = r.grantor OR r.grantee = 0;
                        EXECUTE format('GRANT %s ON %I.%I TO %I', r.privilege_type, target, t.relname, pg_get_userbyid(r.grantee));
                END LOOP;
        END LOOP;
        INSERT INTO ops.generation (generation, epoch, live, rules, since)
        SELECT made, max(epoch) + 1, false, of_rules, from_moment FROM ops.generation;
        INSERT INTO ops.replay SELECT made, topic, partition, first_offset FROM ops.kafka_offset WHERE topic LIKE '%.events.v1';
        RETURN made;
END $$;
COMMENT ON FUNCTION ops.generation_make IS 'makes an empty generation like the live one; gives its number';

CREATE FUNCTION ops.generation_drop(number integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
        IF number = ops.live_generation() THEN
                RAISE EXCEPTION 'generation % is live', number;
        END IF;
        EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', 'dw_' || number);
        DELETE FROM ops.replay WHERE generation = number;
        DELETE FROM ops.generation WHERE generation = number;
END $$;
COMMENT ON FUNCTION ops.generation_drop IS 'drops a generation that is not live';

-- Where the subjects that two generations share stand: how many of them in each pair of incidents.
CREATE FUNCTION ops.generation_pairs(one integer, other integer)
RETURNS TABLE (category text, mine text, theirs text, subjects bigint) LANGUAGE plpgsql STABLE AS $$
BEGIN
        RETURN QUERY EXECUTE format(
                'SELECT min(i.category), a.incident, b.incident, count(*) FROM %1$I.subject a JOIN %2$I.subject b USING (zone, subject)'
                ' JOIN %1$I.incident i ON i.incident = a.incident GROUP BY a.incident, b.incident', 'dw_' || one, 'dw_' || other);
END $$;
COMMENT ON FUNCTION ops.generation_pairs IS 'the subjects that two generations share, counted by the pair of incidents that hold them';

CREATE OR REPLACE VIEW meta.data_dictionary AS
SELECT n.nspname AS schema, c.relname AS relation, a.attnum AS position, a.attname AS column_name,
       format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
       col_description(c.oid, a.attnum) AS comment, obj_description(c.oid, 'pg_class') AS relation_comment
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE (n.nspname IN ('ods', 'dw', 'mart', 'ops', 'meta') OR n.nspname ~ '^dw_[0-9]+$') AND c.relkind IN ('r', 'p', 'v', 'm')
      AND NOT c.relispartition;
