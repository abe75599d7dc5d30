-- Roles without login; a site grants them to its users. Each has only its rights; analysts see no ods and no rejects.

DO $$
DECLARE r text;
BEGIN
        FOREACH r IN ARRAY ARRAY['hub_correlator', 'hub_relay', 'hub_api', 'hub_analyst'] LOOP
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
                        EXECUTE format('CREATE ROLE %I NOLOGIN', r);
                END IF;
        END LOOP;
END $$;

REVOKE ALL ON SCHEMA ods, ops, dw, dw_1, meta FROM PUBLIC;

GRANT USAGE ON SCHEMA ods, ops, dw_1, meta TO hub_correlator;
GRANT SELECT, INSERT ON ods.record, ods.event_key, ops.tick, ops.command, ops.rules, ops.outbox TO hub_correlator;
GRANT SELECT, INSERT, UPDATE ON ops.kafka_offset, ops.rejected TO hub_correlator;
GRANT SELECT ON ops.generation TO hub_correlator;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA dw_1 TO hub_correlator;

GRANT USAGE ON SCHEMA ops TO hub_relay;
GRANT SELECT, UPDATE, DELETE ON ops.outbox TO hub_relay;
GRANT SELECT, UPDATE ON ops.feed_head TO hub_relay;

GRANT USAGE ON SCHEMA dw, ops TO hub_api;
GRANT SELECT ON ALL TABLES IN SCHEMA dw TO hub_api;
GRANT SELECT ON ops.outbox, ops.feed_head, ops.command, ops.tick, ops.kafka_offset TO hub_api;

GRANT USAGE ON SCHEMA dw, meta TO hub_analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA dw TO hub_analyst;
GRANT SELECT ON meta.data_dictionary TO hub_analyst;
