-- What the correlator goes on from of a case is what its columns do not say: what was erased must not put a title beside that of the column, nor a list of nothing.

CREATE FUNCTION ops.milliseconds(moment timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT (extract(epoch FROM moment) * 1000)::bigint $$;
COMMENT ON FUNCTION ops.milliseconds IS '1970 年起的毫秒数 | milliseconds since 1970, as the correlator counts';

CREATE OR REPLACE FUNCTION ops.member_emptied(value jsonb, persons text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT value - '{reporters,address,wording,grams,lead,houses,signs,rarest,whole,rares,places,objects}'::text[]
       || CASE WHEN value ? 'title' THEN jsonb_build_object('title', coalesce(value ->> 'category_name', value ->> 'category')) ELSE '{}' END
       || jsonb_build_object('bare', true)
       || coalesce((SELECT jsonb_build_object('objects', jsonb_agg(part ORDER BY n)) FROM jsonb_array_elements_text(value -> 'objects') WITH ORDINALITY AS e (part, n)
                    WHERE NOT (value -> 'objects' ->> ((n - 1) / 2 * 2)::integer = 'plate'
                               AND ops.person_hash(value -> 'objects' ->> ((n - 1) / 2 * 2 + 1)::integer) = ANY (persons)) HAVING count(*) > 0), '{}')
$$;

DO $$
DECLARE
        number integer;
BEGIN
        FOR number IN SELECT generation FROM ops.generation LOOP
                EXECUTE format('COMMENT ON COLUMN %I.subject.correlator IS %L', 'dw_' || number, 'JSON that the correlator goes on from: what the other columns do not say');
        END LOOP;
END $$;
