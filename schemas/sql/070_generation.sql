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

-- What a command made of pairs in the live generation: under other rules the same command may have nothing to do, and yet its word holds.
CREATE FUNCTION ops.live_pairs(of_zone text, of_command text) RETURNS TABLE (one text, other text, rule text) LANGUAGE plpgsql STABLE AS $$
BEGIN
        RETURN QUERY EXECUTE format('SELECT p.one, p.other, p.rule FROM %I.pair_rule p WHERE p.zone = $1 AND p.command = $2 ORDER BY 1, 2',
                                    'dw_' || ops.live_generation()) USING of_zone, of_command;
END $$;
COMMENT ON FUNCTION ops.live_pairs IS 'the pairs that a command put together or parted in the live generation';

-- Puts a generation in the live one's place, within the transaction that holds the rows of ops.kafka_offset: views, epoch, fence, and a version of each
-- incident that consumers see otherwise. Gone incidents are told under the epoch that they had, for in the new epoch versions are the correlator's alone.
CREATE FUNCTION ops.generation_promote(number integer, OUT new_epoch integer, OUT told bigint, OUT gone bigint) LANGUAGE plpgsql AS $$
DECLARE
        old integer := ops.live_generation();
        source name := 'dw_' || ops.live_generation();
        target name := 'dw_' || number;
        r record;
BEGIN
        IF EXISTS (SELECT FROM ops.generation WHERE generation = number AND (live OR since IS NOT NULL OR generation < old)) THEN
                RAISE EXCEPTION 'generation % cannot be promoted', number;
        END IF;
        IF EXISTS (SELECT FROM ops.kafka_offset o LEFT JOIN ops.replay p ON p.generation = number AND p.topic = o.topic AND p.partition = o.partition
                   WHERE o.topic LIKE '%.events.v1' AND o.next_offset IS DISTINCT FROM coalesce(p.next_offset, o.first_offset)) THEN
                RAISE EXCEPTION 'generation % is not at the offsets of the live one', number;
        END IF;
        SELECT greatest(g.epoch, l.epoch + 1) INTO new_epoch FROM ops.generation g, ops.generation l WHERE g.generation = number AND l.live;
        EXECUTE format('CREATE TEMP TABLE shown_before ON COMMIT DROP AS SELECT incident, zone, epoch, version, state,'
                       ' ops.version_payload(incident, epoch, ''cancelled'')::jsonb AS payload FROM %I.incident WHERE version > 0', source);
        FOR r IN SELECT c.oid, c.relname FROM pg_class c WHERE c.relnamespace = 'dw'::regnamespace AND c.relkind = 'v' ORDER BY c.oid LOOP
                EXECUTE format('CREATE OR REPLACE VIEW dw.%I AS %s', r.relname,
                               regexp_replace(pg_get_viewdef(r.oid), '\m' || source || '\.', target || '.', 'g'));
        END LOOP;
        EXECUTE format('ALTER FUNCTION ops.version_payload SET search_path = %I, public, pg_temp', target);
        EXECUTE format('CREATE TEMP TABLE shown_after ON COMMIT DROP AS SELECT incident, zone, version,'
                       ' ops.version_payload(incident, %L, ''updated'')::jsonb AS payload FROM %I.incident WHERE version > 0', new_epoch, target);
        ANALYZE shown_before, shown_after;
        UPDATE ops.generation SET live = false WHERE live;
        UPDATE ops.generation SET live = true, epoch = new_epoch WHERE generation = number;
        UPDATE ops.kafka_offset SET generation = number;
        -- What is shown as before keeps the version that consumers hold; the others are told under the new epoch.
        UPDATE dw.incident i SET epoch = new_epoch WHERE epoch <> new_epoch;
        UPDATE dw.incident i SET epoch = b.epoch FROM shown_before b JOIN shown_after a USING (incident)
        WHERE i.incident = b.incident AND b.payload - '{epoch,at,rules,change}'::text[] = a.payload - '{epoch,at,rules,change}'::text[];
        INSERT INTO ops.outbox (zone, incident, epoch, version, payload)
        SELECT i.zone, i.incident, new_epoch, i.version, ops.version_payload(i.incident, new_epoch,
               CASE WHEN b.incident IS NULL THEN 'opened' ELSE 'updated' END)
        FROM dw.incident i LEFT JOIN shown_before b USING (incident) WHERE i.version > 0 AND i.epoch = new_epoch ORDER BY i.incident;
        GET DIAGNOSTICS told = ROW_COUNT;
        EXECUTE format(
                'INSERT INTO ops.outbox (zone, incident, epoch, version, payload)'
                ' SELECT b.zone, b.incident, b.epoch, b.version + 1, (b.payload || jsonb_build_object(''version'', b.version + 1, ''state'', ''void'','
                ' ''reports'', 0, ''platforms'', ''[]''::jsonb, ''newest'', ''[]''::jsonb) || CASE WHEN h.one IS NULL THEN ''{}'' ELSE'
                ' jsonb_build_object(''change'', ''merged'', ''state'', ''closed'', ''merged_into'', h.one) END)::text FROM shown_before b'
                ' LEFT JOIN (SELECT s.incident, min(n.incident) AS one FROM %I.subject s JOIN dw.subject n USING (zone, subject) GROUP BY s.incident'
                ' HAVING count(DISTINCT n.incident) = 1) h ON h.incident = b.incident'
                ' WHERE b.state <> ''void'' AND NOT EXISTS (SELECT FROM shown_after a WHERE a.incident = b.incident)'
                ' ORDER BY b.incident', source);
        GET DIAGNOSTICS gone = ROW_COUNT;
END $$;
COMMENT ON FUNCTION ops.generation_promote IS 'puts a generation in the live one''s place and tells consumers what they see otherwise';

CREATE OR REPLACE VIEW meta.data_dictionary AS
SELECT n.nspname AS schema, c.relname AS relation, a.attnum AS position, a.attname AS column_name,
       format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
       col_description(c.oid, a.attnum) AS comment, obj_description(c.oid, 'pg_class') AS relation_comment
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE (n.nspname IN ('ods', 'dw', 'mart', 'ops', 'meta') OR n.nspname ~ '^dw_[0-9]+$') AND c.relkind IN ('r', 'p', 'v', 'm')
      AND NOT c.relispartition;
