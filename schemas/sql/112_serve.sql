-- What hub serve asks for: lists of incidents by each of their filters, in an order that goes on by key; events with their texts; what was rejected.

-- Of lower-case text, every two characters that stand side by side: words of any script are found by them, Chinese ones of two characters too. It is dear,
-- and says so: a plan that asks it of every row is the wrong one (a function in SQL would be written out, and its cost forgotten).
CREATE FUNCTION ops.pairs_of(text text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
BEGIN
        RETURN string_to_array(regexp_replace(text, '(..)', E'\\1\n', 'g') || E'\n' || regexp_replace(substr(text, 2), '(..)', E'\\1\n', 'g'), E'\n');
END $$;
COMMENT ON FUNCTION ops.pairs_of IS 'every two characters of a text that stand side by side; what is left at its ends may stand there alone';

CREATE FUNCTION ops.severity_rank(severity text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 ELSE 0 END
$$;
COMMENT ON FUNCTION ops.severity_rank IS '4 critical, 3 high, 2 medium, 1 low, 0 info';

DO $$
DECLARE
        number integer;
        target name;
BEGIN
        FOR number IN SELECT generation FROM ops.generation LOOP
                target := 'dw_' || number;
                EXECUTE format('CREATE INDEX incident_updated ON %I.incident (updated, incident)', target);
                EXECUTE format('CREATE INDEX incident_updated_open ON %I.incident (updated, incident) WHERE closed IS NULL', target);
                EXECUTE format('CREATE INDEX incident_opened ON %I.incident (opened, incident)', target);
                EXECUTE format('CREATE INDEX incident_deadline ON %I.incident ((coalesce(deadline, ''infinity''::timestamptz)), incident)', target);
                EXECUTE format('CREATE INDEX incident_severity ON %I.incident (ops.severity_rank(severity), incident)', target);
                EXECUTE format('CREATE INDEX incident_category ON %I.incident (category, updated, incident)', target);
                EXECUTE format('CREATE INDEX incident_subdistrict ON %I.incident (subdistrict, updated, incident)', target);
                EXECUTE format('CREATE INDEX incident_grid ON %I.incident (grid, updated, incident)', target);
                EXECUTE format('CREATE INDEX incident_state ON %I.incident (state, updated, incident)', target);
                EXECUTE format('CREATE INDEX incident_geom ON %I.incident USING gist (geom)', target);
                EXECUTE format('CREATE INDEX incident_words ON %I.incident USING gin (platforms,'
                               ' (ops.pairs_of(lower((title || '' '' || coalesce(address, '''')) COLLATE "C")) COLLATE "C"))', target);
                EXECUTE format('CREATE INDEX incident_merged ON %I.incident (merged_into) WHERE merged_into IS NOT NULL', target);
                EXECUTE format('CREATE INDEX status_at ON %I.incident_status USING brin (at)', target);
        END LOOP;
END $$;
CREATE INDEX record_newest ON ods.record (received, partition, "offset") WHERE verdict = 'stored';
CREATE INDEX command_incident ON ops.command (incident);

-- A view has its owner's rights: who may look here needs none on the log itself.
CREATE VIEW ops.event AS
SELECT topic, partition, "offset", id, subject, kind, zone, platform, instance, received, occurred, category, lon, lat, verdict, text
FROM ods.record WHERE verdict IN ('stored', 'duplicate', 'rejected');
COMMENT ON VIEW ops.event IS 'the log''s events as hub serve shows them: neither ticks nor commands';
COMMENT ON COLUMN ops.event.topic IS 'Kafka topic';
COMMENT ON COLUMN ops.event.partition IS 'Kafka partition';
COMMENT ON COLUMN ops.event."offset" IS 'Kafka offset';
COMMENT ON COLUMN ops.event.id IS 'event id: platform:space:source_id:revision';
COMMENT ON COLUMN ops.event.subject IS 'the platform''s own case: the id without its revision';
COMMENT ON COLUMN ops.event.kind IS 'report, registry, warning, health';
COMMENT ON COLUMN ops.event.zone IS 'zone';
COMMENT ON COLUMN ops.event.platform IS 'platform';
COMMENT ON COLUMN ops.event.instance IS 'instance that published it';
COMMENT ON COLUMN ops.event.received IS 'when the instance received the record';
COMMENT ON COLUMN ops.event.occurred IS 'when it happened, as far as known';
COMMENT ON COLUMN ops.event.category IS 'category code';
COMMENT ON COLUMN ops.event.lon IS 'longitude, WGS 84 degrees';
COMMENT ON COLUMN ops.event.lat IS 'latitude, WGS 84 degrees';
COMMENT ON COLUMN ops.event.verdict IS 'stored, duplicate (known event id), rejected';
COMMENT ON COLUMN ops.event.text IS 'the canonical event as it stood on Kafka; NULL for a duplicate and for sealed rejects';

CREATE VIEW ops.rejected_seen AS
SELECT topic, partition, "offset", stage, instance, platform, zone, reason, text, received, retried_by FROM ops.rejected;
COMMENT ON VIEW ops.rejected_seen IS 'what was rejected and why, without its sealed bytes';
COMMENT ON COLUMN ops.rejected_seen.topic IS 'Kafka topic';
COMMENT ON COLUMN ops.rejected_seen.partition IS 'Kafka partition';
COMMENT ON COLUMN ops.rejected_seen."offset" IS 'Kafka offset';
COMMENT ON COLUMN ops.rejected_seen.stage IS 'adapter, or correlator';
COMMENT ON COLUMN ops.rejected_seen.instance IS 'instance';
COMMENT ON COLUMN ops.rejected_seen.platform IS 'platform';
COMMENT ON COLUMN ops.rejected_seen.zone IS 'zone';
COMMENT ON COLUMN ops.rejected_seen.reason IS 'reason code (messages.md section 6)';
COMMENT ON COLUMN ops.rejected_seen.text IS 'what is wrong and where, never the value of a personal field';
COMMENT ON COLUMN ops.rejected_seen.received IS 'when it was received';
COMMENT ON COLUMN ops.rejected_seen.retried_by IS 'RUN:SEQ of the retry that settled it';

-- The newest version of an incident as it was published, be it that its row of the outbox has gone: with its owner's rights, for it looks into the
-- generation's own tables.
CREATE FUNCTION ops.incident_version(wanted text, under integer, of_version integer) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
        known text := (SELECT s.change FROM dw.incident_status s WHERE s.incident = wanted AND s.epoch = under AND s.version = of_version);
BEGIN
        RETURN ops.version_payload(wanted, under, coalesce(known, 'updated'));
END $$;
COMMENT ON FUNCTION ops.incident_version IS 'the newest version of an incident as JSON without feed, made from its rows';
REVOKE ALL ON FUNCTION ops.incident_version FROM PUBLIC;

GRANT SELECT ON ops.event, ops.rejected_seen, ops.outbox, ops.generation TO hub_api;
GRANT EXECUTE ON FUNCTION ops.incident_version TO hub_api;
