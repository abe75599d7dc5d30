-- Retries of rejected records: which record a row is the retry of, and the way to it.

ALTER TABLE ops.rejected ADD COLUMN retry_of text;
CREATE INDEX rejected_run ON ops.rejected (run, seq);
CREATE INDEX rejected_waiting ON ops.rejected (instance, topic, partition, "offset")
        WHERE stage = 'adapter' AND retried_by IS NULL AND retry_of IS NULL;
COMMENT ON COLUMN ops.rejected.retry_of IS 'RUN:SEQ of the rejected record that was retried and rejected again as this one; hub rejected retry --all leaves it out';
COMMENT ON COLUMN ops.rejected.retried_by IS 'RUN:SEQ of the tick that ended its retry: all that came of it is in the log before';
