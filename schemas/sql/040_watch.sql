-- What alerts ask for and no process keeps in its memory.

CREATE TABLE ops.audit (
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        holes bigint NOT NULL
);
CREATE INDEX audit_at ON ops.audit (at);
COMMENT ON TABLE ops.audit IS 'each hub audit that came to a verdict; those of the last 400 days';
COMMENT ON COLUMN ops.audit.at IS 'wall time of the verdict';
COMMENT ON COLUMN ops.audit.holes IS 'holes, unbalanced hours and partitions that it named; 0: the ledger balances';

-- A view has its owner's rights: who may look here needs none on the records themselves.
CREATE VIEW ops.watch AS
SELECT (SELECT count(*) FROM (SELECT FROM ods.record_default LIMIT 1000) AS bounded) AS default_rows,
       (SELECT max(at) FROM ops.audit) AS audited_at,
       (SELECT holes FROM ops.audit ORDER BY at DESC LIMIT 1) AS audit_holes;
COMMENT ON VIEW ops.watch IS 'one row of figures for alerts; the relay shows them as metrics';
COMMENT ON COLUMN ops.watch.default_rows IS 'records in the partition for months that have none of their own, at most 1000';
COMMENT ON COLUMN ops.watch.audited_at IS 'when hub audit last came to a verdict; NULL: never';
COMMENT ON COLUMN ops.watch.audit_holes IS 'what it found; 0: the ledger balances';

GRANT SELECT ON ops.watch TO hub_relay, hub_api;
