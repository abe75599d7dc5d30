-- An erasure looks into what is sealed, too: hub erase opens rejected records with the keys that it has, and empties those that name the person.

CREATE FUNCTION ops.rejects_sealed(after_topic text, after_partition integer, after_offset bigint, up_to timestamptz, most integer) RETURNS SETOF ops.rejected
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
SELECT * FROM ops.rejected
WHERE key_version IS NOT NULL AND received <= up_to AND (topic, partition, "offset") > (after_topic, after_partition, after_offset)
      AND (value IS NOT NULL OR beside IS NOT NULL OR retried_by IS NULL AND size > 0)
ORDER BY topic, partition, "offset" LIMIT most
$$;
COMMENT ON FUNCTION ops.rejects_sealed IS '仍存有密封字节的拒收记录，逐页 | rejected records that still have sealed bytes, page by page';

CREATE FUNCTION ops.reject_empty(of_topic text, of_partition integer, of_offset bigint, cause text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
UPDATE ops.rejected SET value = NULL, beside = NULL, retried_by = coalesce(retried_by, cause) WHERE topic = of_topic AND partition = of_partition AND "offset" = of_offset
$$;
COMMENT ON FUNCTION ops.reject_empty IS '清除一条拒收记录的密封字节，不再重试 | takes a rejected record''s sealed bytes away; it is not retried any more';
COMMENT ON COLUMN ops.rejected.retried_by IS '结束其重试的心跳 RUN:SEQ（其产物均在此前入日志），或清除它的删除 | RUN:SEQ of the tick that ended its retry: all that came of it is in the log before; or the hub erase that emptied it';

REVOKE ALL ON FUNCTION ops.rejects_sealed, ops.reject_empty FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ops.rejects_sealed, ops.reject_empty TO hub_privacy;
