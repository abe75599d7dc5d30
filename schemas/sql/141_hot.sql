-- Rows that are updated again and again stay on their page (heap-only tuples): room is left there, and no index holds what changes each time.

DO $$
DECLARE
        number integer;
        target name;
        unused regclass;
BEGIN
        FOR number IN SELECT generation FROM ops.generation LOOP
                target := 'dw_' || number;
                -- nobody asks for the one; the other is asked for from a day on
                FOR unused IN SELECT indexrelid FROM pg_index WHERE indrelid = format('%I.incident', target)::regclass
                                                               AND pg_get_indexdef(indexrelid) ~ '\(zone, (candidate|kept)_until\)' LOOP
                        EXECUTE format('DROP INDEX %s', unused);
                END LOOP;
                EXECUTE format('ALTER TABLE %I.incident SET (fillfactor = 70)', target);
                EXECUTE format('ALTER TABLE %I.subject SET (fillfactor = 80)', target);
                EXECUTE format('ALTER TABLE %I.incident ADD COLUMN kept_day bigint GENERATED ALWAYS AS (kept_until / 86400000) STORED', target);
                EXECUTE format('COMMENT ON COLUMN %I.incident.kept_day IS %L', target, 'day of kept_until, since 1970: what its index holds changes once a day at most');
                EXECUTE format('CREATE INDEX incident_kept ON %I.incident (zone, kept_day)', target);
        END LOOP;
END $$;

-- As before, and a table's settings too.
CREATE OR REPLACE FUNCTION ops.generation_make(of_rules text, from_moment timestamptz) RETURNS integer LANGUAGE plpgsql AS $$
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
        FOR t IN SELECT c.oid, c.relname, c.relacl, c.reloptions FROM pg_class c WHERE c.relnamespace = source::regnamespace AND c.relkind = 'r' ORDER BY c.relname LOOP
                EXECUTE format('CREATE TABLE %I.%I (LIKE %I.%I INCLUDING ALL)', target, t.relname, source, t.relname);
                EXECUTE format('COMMENT ON TABLE %I.%I IS %L', target, t.relname, obj_description(t.oid, 'pg_class'));
                IF t.reloptions IS NOT NULL THEN
                        EXECUTE format('ALTER TABLE %I.%I SET (%s)', target, t.relname, array_to_string(t.reloptions, ', '));
                END IF;
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
