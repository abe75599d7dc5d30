-- How common words are in a zone: what the correlator weighs texts with.

CREATE TABLE dw_1.words (
        zone text PRIMARY KEY,
        day date NOT NULL,
        "offset" bigint NOT NULL,
        counts bytea NOT NULL
);
COMMENT ON TABLE dw_1.words IS 'per zone in how many first revisions each hashed pair of characters stood, up to the last midnight';
COMMENT ON COLUMN dw_1.words.zone IS 'zone';
COMMENT ON COLUMN dw_1.words.day IS 'the day (Shanghai, zone time) that these counts hold for: all before it is counted';
COMMENT ON COLUMN dw_1.words."offset" IS 'Kafka offset of that day''s first record: loading counts again from there';
COMMENT ON COLUMN dw_1.words.counts IS 'the number of texts, then 65,536 counters, 32 bits each, big endian';

GRANT SELECT, INSERT, UPDATE, DELETE ON dw_1.words TO hub_correlator;
