# shellcheck shell=bash
# Tables of two databases or generations compared: a hash over every row, and the rows where two hashes differ. TABLE may be a query in brackets, WITHOUT
# is an array of the columns that may differ, PGDATABASE the database. Needs tests/lib/services.sh.

# table_hash TABLE WITHOUT: number of rows and their hash.
table_hash() {
        sql "SELECT count(*), md5(string_agg(line, E'\n' ORDER BY line COLLATE \"C\")) FROM (SELECT (to_jsonb(t) - '$2'::text[])::text AS line FROM $1 AS t) AS lines"
}

# table_rows TABLE WITHOUT
table_rows() {
        sql "SELECT to_jsonb(t) - '$2'::text[] FROM $1 AS t ORDER BY (to_jsonb(t) - '$2'::text[])::text COLLATE \"C\""
}

# schema_tables SCHEMA
schema_tables() {
        sql "SELECT relname FROM pg_class WHERE relnamespace = '$1'::regnamespace AND relkind = 'r' ORDER BY 1"
}
