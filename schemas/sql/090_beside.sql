-- A rejected record keeps what came beside its bytes, so that its retry is the same record.

ALTER TABLE ops.rejected ADD COLUMN beside bytea;
COMMENT ON COLUMN ops.rejected.beside IS 'key and headers of a Kafka message and the like, sealed as the bytes are (additional data instance:run:seq:beside); NULL: there were none';
