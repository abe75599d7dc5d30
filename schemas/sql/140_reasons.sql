-- Why a case belongs to its incident, in short: what adds or takes points, as text. A fifth of the bytes of a link; the view unfolds it, and
-- the rows that were written before stand as they are.

-- distance=12.50:1200;text=410:1900 as [{feature, value, points}]
CREATE FUNCTION dw.reasons(told text) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT coalesce(jsonb_agg(jsonb_build_object('feature', split_part(part, '=', 1),
                                             'value', CASE WHEN value ~ '^-?[0-9]+([.][0-9]+)?$' THEN to_jsonb(value::numeric) ELSE to_jsonb(value) END,
                                             'points', split_part(part, ':', 2)::integer) ORDER BY n), '[]')
FROM unnest(string_to_array(told, ';')) WITH ORDINALITY AS parts(part, n),
     LATERAL (SELECT split_part(split_part(part, '=', 2), ':', 1) AS value) AS v
$$;
COMMENT ON FUNCTION dw.reasons IS 'feature=value:points;... as [{feature, value, points}]';

-- i-7k3...:-1200;i-... as [{incident, score}]
CREATE FUNCTION dw.refused(told text) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT coalesce(jsonb_agg(jsonb_build_object('incident', split_part(part, ':', 1), 'score', split_part(part, ':', 2)::integer) ORDER BY n), '[]')
FROM unnest(string_to_array(told, ';')) WITH ORDINALITY AS parts(part, n)
$$;
COMMENT ON FUNCTION dw.refused IS 'incident:score;... as [{incident, score}]';

DO $$
DECLARE
        number integer;
        target name;
BEGIN
        FOR number IN SELECT generation FROM ops.generation LOOP
                target := 'dw_' || number;
                EXECUTE format('ALTER TABLE %I.link ADD COLUMN reasons_text text, ADD COLUMN refused_text text,'
                               ' ALTER COLUMN reasons DROP NOT NULL, ALTER COLUMN refused DROP NOT NULL,'
                               ' ADD CHECK (num_nonnulls(reasons, reasons_text) = 1 AND num_nonnulls(refused, refused_text) = 1)', target);
                EXECUTE format('COMMENT ON COLUMN %I.link.reasons IS %L', target,
                               'contributions: [{feature, value, points}]; the points add up to the score. Of rows from before reasons_text; else NULL');
                EXECUTE format('COMMENT ON COLUMN %I.link.refused IS %L', target, 'candidates that were not taken: [{incident, score}]; the same');
                EXECUTE format('COMMENT ON COLUMN %I.link.reasons_text IS %L', target,
                               'contributions that are not 0: feature=value:points;... the points add up to the score');
                EXECUTE format('COMMENT ON COLUMN %I.link.refused_text IS %L', target, 'candidates that were compared to the end and not taken: incident:score;...');
        END LOOP;
        EXECUTE format('CREATE OR REPLACE VIEW dw.link AS SELECT zone, subject, incident, partition, "offset", event, linked_at, unlinked_at, linked_by,'
                       ' decision, score, against, coalesce(reasons, dw.reasons(reasons_text)) AS reasons,'
                       ' coalesce(refused, dw.refused(refused_text)) AS refused, rules, doubtful FROM %I.link', 'dw_' || ops.live_generation());
END $$;
COMMENT ON COLUMN dw.link.reasons IS 'contributions: [{feature, value, points}]; the points add up to the score; what adds none is left out of newer rows';
COMMENT ON COLUMN dw.link.refused IS 'candidates that were not taken: [{incident, score}]; of newer rows those that were compared to the end';
