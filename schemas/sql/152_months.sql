-- What came before its month was made lies in the default partition: it can be moved, all of it or nothing.

CREATE FUNCTION meta.default_empty() RETURNS TABLE (name text, records bigint) LANGUAGE plpgsql AS $$
DECLARE
        month record;
        low timestamptz;
        high timestamptz;
BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('meta.ensure_month'));
        LOCK TABLE ods.record IN ACCESS EXCLUSIVE MODE;
        FOR month IN SELECT date_trunc('month', received AT TIME ZONE 'Asia/Shanghai') AS first FROM ods.record_default GROUP BY 1 ORDER BY 1 LOOP
                low := month.first AT TIME ZONE 'Asia/Shanghai';
                high := (month.first + interval '1 month') AT TIME ZONE 'Asia/Shanghai';
                name := 'record_p' || to_char(month.first, 'YYYYMM');
                IF to_regclass('ods.' || name) IS NOT NULL THEN
                        RAISE EXCEPTION 'ods.% is there, and its rows lie in the default partition', name;
                END IF;
                EXECUTE format('CREATE TABLE ods.%I (LIKE ods.record INCLUDING ALL)', name);
                EXECUTE format('WITH moved AS (DELETE FROM ods.record_default WHERE received >= %L AND received < %L RETURNING *) INSERT INTO ods.%I SELECT * FROM moved',
                               low, high, name);
                GET DIAGNOSTICS records = ROW_COUNT;
                EXECUTE format('ALTER TABLE ods.record ATTACH PARTITION ods.%I FOR VALUES FROM (%L) TO (%L)', name, low, high);
                RETURN NEXT;
        END LOOP;
END $$;
COMMENT ON FUNCTION meta.default_empty IS '将默认分区中的行移入各自的月分区 | moves what lies in the default partition into months of its own';
REVOKE ALL ON FUNCTION meta.default_empty FROM PUBLIC;
