-- What the database knows of itself. hub migrate makes the schema meta and meta.schema_version before the first file.

COMMENT ON SCHEMA meta IS 'the database about itself: versions, partitions, dictionary';

-- Makes the monthly partition of a table for the month of a moment, unless it is there. Months are those of Asia/Shanghai.
-- The lock makes it safe when several processes ask at once.
CREATE FUNCTION meta.ensure_month(parent regclass, moment timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
        first timestamp := date_trunc('month', moment AT TIME ZONE 'Asia/Shanghai');
        name text := format('%s_p%s', parent::text, to_char(first, 'YYYYMM'));
BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('meta.ensure_month'));
        IF to_regclass(name) IS NOT NULL THEN
                RETURN NULL;
        END IF;
        EXECUTE format('CREATE TABLE %s PARTITION OF %s FOR VALUES FROM (%L) TO (%L)', name, parent,
                       first AT TIME ZONE 'Asia/Shanghai', (first + interval '1 month') AT TIME ZONE 'Asia/Shanghai');
        RETURN name;
END $$;
COMMENT ON FUNCTION meta.ensure_month IS 'makes the monthly partition (months of Asia/Shanghai) of a table for a moment; gives its name, or NULL when it was there';

CREATE VIEW meta.data_dictionary AS
SELECT n.nspname AS schema, c.relname AS relation, a.attnum AS position, a.attname AS column_name,
       format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
       col_description(c.oid, a.attnum) AS comment, obj_description(c.oid, 'pg_class') AS relation_comment
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname IN ('ods', 'dw', 'dw_1', 'mart', 'ops', 'meta') AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition;
COMMENT ON VIEW meta.data_dictionary IS 'every table and column with its comment';
COMMENT ON COLUMN meta.data_dictionary.schema IS 'schema';
COMMENT ON COLUMN meta.data_dictionary.relation IS 'table or view';
COMMENT ON COLUMN meta.data_dictionary.position IS 'position of the column';
COMMENT ON COLUMN meta.data_dictionary.column_name IS 'column';
COMMENT ON COLUMN meta.data_dictionary.type IS 'type';
COMMENT ON COLUMN meta.data_dictionary.required IS 'true when never NULL';
COMMENT ON COLUMN meta.data_dictionary.comment IS 'what the column means';
COMMENT ON COLUMN meta.data_dictionary.relation_comment IS 'what the table holds';
