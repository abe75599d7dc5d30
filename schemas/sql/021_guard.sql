-- What only mistakes would do: two live generations, an offset that goes back, rights that nobody needs.

CREATE UNIQUE INDEX generation_one_live ON ops.generation (live) WHERE live;
ALTER TABLE ops.generation ADD CHECK (epoch >= 1);
ALTER TABLE ops.kafka_offset ADD CHECK (next_offset >= first_offset AND first_offset >= 0);
ALTER TABLE ops.outbox ADD CHECK (epoch >= 1 AND version >= 1 AND left(payload, 1) = '{');
ALTER TABLE dw_1.incident ADD CHECK (version >= 0 AND reports >= 0 AND radius_m >= 0);

-- History is written once.
REVOKE DELETE ON dw_1.incident, dw_1.subject, dw_1.link, dw_1.zone, dw_1.incident_status FROM hub_correlator;
REVOKE UPDATE ON dw_1.incident_status FROM hub_correlator;
