-- A month is a date here: its first day. Whoever asked for '2024-02' was refused and not told what to write.

DO $$
DECLARE
        c record;
BEGIN
        FOR c IN SELECT a.attrelid::regclass AS relation, a.attname, col_description(a.attrelid, a.attnum) AS text FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid
                 WHERE r.relnamespace IN ('mart'::regnamespace, 'dw'::regnamespace) AND r.relkind IN ('r', 'v') AND a.attname IN ('month', 'due_month') AND a.atttypid = 'date'::regtype LOOP
                EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', c.relation, c.attname, replace(c.text, ' | month', '（当月第一天） | first day of the month'));
        END LOOP;
END $$;
