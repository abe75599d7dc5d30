-- The operational data store: the log of both topics by partition and offset, and the gate that lets each event in once.

CREATE SCHEMA ods;
COMMENT ON SCHEMA ods IS 'the log: what came from Kafka, by partition and offset';

CREATE TABLE ods.record (
        topic text NOT NULL,
        partition integer NOT NULL,
        "offset" bigint NOT NULL,
        run text,
        seq bigint,
        id text,
        subject text,
        kind text,
        zone text,
        platform text,
        instance text,
        received timestamptz NOT NULL,
        occurred timestamptz,
        category text,
        lon double precision,
        lat double precision,
        verdict text NOT NULL CHECK (verdict IN ('stored', 'duplicate', 'rejected', 'command', 'tick')),
        text text,
        PRIMARY KEY (topic, partition, "offset", received)
) PARTITION BY RANGE (received);
CREATE TABLE ods.record_default PARTITION OF ods.record DEFAULT;
CREATE INDEX record_run ON ods.record (run, seq);
CREATE INDEX record_received ON ods.record USING brin (received);
CREATE INDEX record_subject ON ods.record (zone, subject) WHERE verdict = 'stored';

COMMENT ON TABLE ods.record IS 'one row per offset of hub.events.v1 and hub.rejected.v1: the log for replay, and the other half of the ledger; monthly partitions by received (a row whose received is not known has the time of Kafka)';
COMMENT ON COLUMN ods.record.topic IS 'Kafka topic';
COMMENT ON COLUMN ods.record.partition IS 'Kafka partition';
COMMENT ON COLUMN ods.record."offset" IS 'Kafka offset';
COMMENT ON COLUMN ods.record.run IS 'run of the instance that published it (header hub_run); NULL for commands';
COMMENT ON COLUMN ods.record.seq IS 'number within that run over both topics (header hub_seq), ticks included';
COMMENT ON COLUMN ods.record.id IS 'event id: platform:space:source_id:revision; id of a command or tick';
COMMENT ON COLUMN ods.record.subject IS 'the platform''s own case: the id without its revision';
COMMENT ON COLUMN ods.record.kind IS 'report, registry, warning, health, command, tick';
COMMENT ON COLUMN ods.record.zone IS 'zone: administrative code such as 350206';
COMMENT ON COLUMN ods.record.platform IS 'platform p01 .. p16';
COMMENT ON COLUMN ods.record.instance IS 'instance that published it';
COMMENT ON COLUMN ods.record.received IS 'when the instance received the record';
COMMENT ON COLUMN ods.record.occurred IS 'when it happened, as far as known';
COMMENT ON COLUMN ods.record.category IS 'category code of the event';
COMMENT ON COLUMN ods.record.lon IS 'longitude, WGS 84 degrees';
COMMENT ON COLUMN ods.record.lat IS 'latitude, WGS 84 degrees';
COMMENT ON COLUMN ods.record.verdict IS 'stored, duplicate (known event id), rejected, command, tick';
COMMENT ON COLUMN ods.record.text IS 'the canonical value as it stood on Kafka; NULL for a duplicate and for sealed rejects';

CREATE TABLE ods.event_key (
        zone text NOT NULL,
        id text NOT NULL,
        PRIMARY KEY (zone, id)
);
COMMENT ON TABLE ods.event_key IS 'the gate: an event or command id is let in once per zone';
COMMENT ON COLUMN ods.event_key.zone IS 'zone';
COMMENT ON COLUMN ods.event_key.id IS 'event id or command id';
