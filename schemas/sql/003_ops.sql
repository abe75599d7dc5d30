-- Operations: offsets, outbox, ticks, commands, rejects.

CREATE SCHEMA ops;
COMMENT ON SCHEMA ops IS 'operations: offsets, outbox, ticks, commands, rejected records';

CREATE TABLE ops.kafka_offset (
        topic text NOT NULL,
        partition integer NOT NULL,
        first_offset bigint NOT NULL,
        next_offset bigint NOT NULL,
        last_sha256 bytea,
        rules text,
        committed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (topic, partition)
);
COMMENT ON TABLE ops.kafka_offset IS 'how far each partition is in the database; compare-and-swap of next_offset is the belt to the advisory lock';
COMMENT ON COLUMN ops.kafka_offset.topic IS 'Kafka topic';
COMMENT ON COLUMN ops.kafka_offset.partition IS 'Kafka partition';
COMMENT ON COLUMN ops.kafka_offset.first_offset IS 'low watermark when hub topics inserted the row: the log starts here';
COMMENT ON COLUMN ops.kafka_offset.next_offset IS 'next offset to read: everything below is in ods.record';
COMMENT ON COLUMN ops.kafka_offset.last_sha256 IS 'SHA-256 of the value at next_offset - 1; NULL before the first';
COMMENT ON COLUMN ops.kafka_offset.rules IS 'rules version that decided the last batch';
COMMENT ON COLUMN ops.kafka_offset.committed_at IS 'wall time of the last commit';

CREATE TABLE ops.rules (
        topic text NOT NULL,
        partition integer NOT NULL,
        "offset" bigint NOT NULL,
        rules text NOT NULL,
        PRIMARY KEY (topic, partition, "offset")
);
COMMENT ON TABLE ops.rules IS 'from which offset on which rules version decided; replay follows it';
COMMENT ON COLUMN ops.rules.topic IS 'Kafka topic';
COMMENT ON COLUMN ops.rules.partition IS 'Kafka partition';
COMMENT ON COLUMN ops.rules."offset" IS 'first offset decided under these rules';
COMMENT ON COLUMN ops.rules.rules IS 'SHA-256 over every file that decide reads';

CREATE TABLE ops.generation (
        generation integer PRIMARY KEY,
        epoch integer NOT NULL,
        live boolean NOT NULL
);
COMMENT ON TABLE ops.generation IS 'generations of the incidents: one is live, a replay fills another';
COMMENT ON COLUMN ops.generation.generation IS 'number: its tables are in schema dw_NUMBER';
COMMENT ON COLUMN ops.generation.epoch IS 'epoch of the incident versions: raised when a replay is promoted or a backup restored';
COMMENT ON COLUMN ops.generation.live IS 'true for the one that the views of dw show';
INSERT INTO ops.generation VALUES (1, 1, true);

CREATE TABLE ops.outbox (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        zone text NOT NULL,
        incident text NOT NULL,
        epoch integer NOT NULL,
        version integer NOT NULL,
        payload text NOT NULL,
        feed bigint,
        published_at timestamptz,
        UNIQUE (incident, epoch, version)
);
CREATE INDEX outbox_unnumbered ON ops.outbox (seq) WHERE feed IS NULL;
CREATE INDEX outbox_unpublished ON ops.outbox (feed) WHERE published_at IS NULL;
COMMENT ON TABLE ops.outbox IS 'every version of every incident, in the order of their making; the relay numbers and publishes them; published rows go after 30 days';
COMMENT ON COLUMN ops.outbox.seq IS 'order of insertion';
COMMENT ON COLUMN ops.outbox.zone IS 'zone';
COMMENT ON COLUMN ops.outbox.incident IS 'incident id, the key on hub.incidents.v1';
COMMENT ON COLUMN ops.outbox.epoch IS 'epoch';
COMMENT ON COLUMN ops.outbox.version IS 'version within the epoch, from 1';
COMMENT ON COLUMN ops.outbox.payload IS 'the incident version as JSON, without feed (schemas/incident.schema.json)';
COMMENT ON COLUMN ops.outbox.feed IS 'number in the one order of Kafka and SSE; set by the relay';
COMMENT ON COLUMN ops.outbox.published_at IS 'wall time of the delivery report; NULL: not yet';

CREATE TABLE ops.feed_head (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        feed bigint NOT NULL
);
COMMENT ON TABLE ops.feed_head IS 'one row: the highest feed number given';
COMMENT ON COLUMN ops.feed_head.one IS 'always true: there is one row';
COMMENT ON COLUMN ops.feed_head.feed IS 'the highest feed number given';
INSERT INTO ops.feed_head VALUES (true, 0);

CREATE TABLE ops.tick (
        instance text NOT NULL,
        run text NOT NULL,
        seq bigint NOT NULL,
        zone text NOT NULL,
        partition integer NOT NULL,
        "offset" bigint NOT NULL,
        at timestamptz NOT NULL,
        acked bigint NOT NULL,
        final boolean NOT NULL,
        hour timestamptz NOT NULL,
        records bigint NOT NULL,
        items bigint NOT NULL,
        published bigint NOT NULL,
        rejected bigint NOT NULL,
        ignored bigint NOT NULL,
        repeated bigint NOT NULL,
        source_state text,
        lag bigint,
        PRIMARY KEY (run, seq, zone)
);
CREATE INDEX tick_instance ON ops.tick (instance, hour);
COMMENT ON TABLE ops.tick IS 'what instances say of themselves each minute: one half of the ledger (messages.md section 4)';
COMMENT ON COLUMN ops.tick.instance IS 'instance';
COMMENT ON COLUMN ops.tick.run IS 'run of the instance';
COMMENT ON COLUMN ops.tick.seq IS 'number within the run; the highest per (run, hour) counts';
COMMENT ON COLUMN ops.tick.zone IS 'zone whose partition carried it';
COMMENT ON COLUMN ops.tick.partition IS 'Kafka partition';
COMMENT ON COLUMN ops.tick."offset" IS 'Kafka offset';
COMMENT ON COLUMN ops.tick.at IS 'time of the tick';
COMMENT ON COLUMN ops.tick.acked IS 'every lower seq of the run is delivered';
COMMENT ON COLUMN ops.tick.final IS 'the last tick of a run that ended in order';
COMMENT ON COLUMN ops.tick.hour IS 'hour of received that the totals are of';
COMMENT ON COLUMN ops.tick.records IS 'records read';
COMMENT ON COLUMN ops.tick.items IS 'items settled: published + rejected + ignored';
COMMENT ON COLUMN ops.tick.published IS 'events delivered to Kafka';
COMMENT ON COLUMN ops.tick.rejected IS 'items rejected by the adapter';
COMMENT ON COLUMN ops.tick.ignored IS 'items with nothing to say';
COMMENT ON COLUMN ops.tick.repeated IS 'event ids seen again in a poll overlap, outside items';
COMMENT ON COLUMN ops.tick.source_state IS 'state of the source: reading, away, ...';
COMMENT ON COLUMN ops.tick.lag IS 'records waiting in the source, -1 unknown';

CREATE TABLE ops.command (
        id text NOT NULL,
        zone text NOT NULL,
        verb text NOT NULL,
        by_whom text,
        at timestamptz,
        outcome text NOT NULL CHECK (outcome IN ('done', 'refused')),
        reason text,
        incident text,
        partition integer NOT NULL,
        "offset" bigint NOT NULL,
        decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (zone, id)
);
COMMENT ON TABLE ops.command IS 'what became of each operator''s command';
COMMENT ON COLUMN ops.command.id IS 'command id';
COMMENT ON COLUMN ops.command.zone IS 'zone';
COMMENT ON COLUMN ops.command.verb IS 'merge, split, close ...';
COMMENT ON COLUMN ops.command.by_whom IS 'who gave it';
COMMENT ON COLUMN ops.command.at IS 'when it was given';
COMMENT ON COLUMN ops.command.outcome IS 'done or refused';
COMMENT ON COLUMN ops.command.reason IS 'why it was refused';
COMMENT ON COLUMN ops.command.incident IS 'the incident that it made or changed';
COMMENT ON COLUMN ops.command.partition IS 'Kafka partition';
COMMENT ON COLUMN ops.command."offset" IS 'Kafka offset';
COMMENT ON COLUMN ops.command.decided_at IS 'wall time of the decision';

CREATE TABLE ops.rejected (
        topic text NOT NULL,
        partition integer NOT NULL,
        "offset" bigint NOT NULL,
        stage text NOT NULL CHECK (stage IN ('adapter', 'correlator')),
        instance text,
        platform text,
        zone text,
        run text,
        seq bigint,
        reason text NOT NULL,
        text text,
        channel text,
        position text,
        content_type text,
        received timestamptz NOT NULL,
        sha256 text,
        size bigint,
        key_version integer,
        value bytea,
        retried_by text,
        PRIMARY KEY (topic, partition, "offset")
);
CREATE INDEX rejected_reason ON ops.rejected (platform, reason);
COMMENT ON TABLE ops.rejected IS 'records that could not become events: sealed bytes and why; they can be retried';
COMMENT ON COLUMN ops.rejected.topic IS 'Kafka topic: hub.rejected.v1, or hub.events.v1 for stage correlator';
COMMENT ON COLUMN ops.rejected.partition IS 'Kafka partition';
COMMENT ON COLUMN ops.rejected."offset" IS 'Kafka offset';
COMMENT ON COLUMN ops.rejected.stage IS 'adapter, or correlator (a value that is no canonical event)';
COMMENT ON COLUMN ops.rejected.instance IS 'instance';
COMMENT ON COLUMN ops.rejected.platform IS 'platform';
COMMENT ON COLUMN ops.rejected.zone IS 'zone';
COMMENT ON COLUMN ops.rejected.run IS 'run of the instance';
COMMENT ON COLUMN ops.rejected.seq IS 'number within the run';
COMMENT ON COLUMN ops.rejected.reason IS 'reason code (messages.md section 6)';
COMMENT ON COLUMN ops.rejected.text IS 'what is wrong and where, never the value of a personal field';
COMMENT ON COLUMN ops.rejected.channel IS 'MQTT topic, URL or path, without user and query';
COMMENT ON COLUMN ops.rejected.position IS 'position in the source';
COMMENT ON COLUMN ops.rejected.content_type IS 'content type as the transport said it';
COMMENT ON COLUMN ops.rejected.received IS 'when it was received';
COMMENT ON COLUMN ops.rejected.sha256 IS 'SHA-256 of the clear bytes, hex';
COMMENT ON COLUMN ops.rejected.size IS 'bytes in clear';
COMMENT ON COLUMN ops.rejected.key_version IS 'version of the seal key; NULL: not sealed (canonical values hold nothing personal in clear)';
COMMENT ON COLUMN ops.rejected.value IS 'nonce, AES-256-GCM ciphertext, tag; empty over 512 KiB (the bytes lie in the instance''s rejected folder)';
COMMENT ON COLUMN ops.rejected.retried_by IS 'RUN:SEQ of the retry that settled it';
