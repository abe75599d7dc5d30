-- Who gave an incident to whom, and when: a part of its version, so that everybody sees it.

DO $$
DECLARE
        number integer;
        target name;
BEGIN
        FOR number IN SELECT generation FROM ops.generation LOOP
                target := 'dw_' || number;
                EXECUTE format('ALTER TABLE %I.incident ADD COLUMN assigned_by text, ADD COLUMN assigned_at timestamptz', target);
                EXECUTE format('COMMENT ON COLUMN %I.incident.assigned_by IS %L', target, 'who gave it to assigned_to; NULL: not known');
                EXECUTE format('COMMENT ON COLUMN %I.incident.assigned_at IS %L', target, 'when it was given to assigned_to, as the command says; NULL: not known');
        END LOOP;
        EXECUTE format('CREATE OR REPLACE VIEW dw.incident AS SELECT incident, zone, number, epoch, version, state, severity, category,'
                       ' category_name, title, geom, radius_m, address, district, subdistrict, community, grid, opened, updated, deadline,'
                       ' closed, founding, reports, platforms, merged_into, recurrence_of, rules, assigned_to, context, assigned_by, assigned_at'
                       ' FROM %I.incident', 'dw_' || ops.live_generation());
END $$;
COMMENT ON COLUMN dw.incident.assigned_by IS 'who gave it to assigned_to; NULL: not known';
COMMENT ON COLUMN dw.incident.assigned_at IS 'when it was given to assigned_to, as the command says; NULL: not known';

-- Its search path is that of the live generation, before as afterwards.
DO $$
BEGIN
        EXECUTE format('SET LOCAL search_path = %I, public, pg_temp', 'dw_' || ops.live_generation());
END $$;
CREATE OR REPLACE FUNCTION ops.version_payload(wanted text, under integer, as_change text) RETURNS text
LANGUAGE sql STABLE AS $$
SELECT json_strip_nulls(json_build_object(
        'incident', i.incident, 'number', i.number, 'epoch', under, 'version', i.version, 'change', as_change,
        'at', ops.time_text(to_timestamp((z.state::json ->> 'time')::bigint / 1000.0)),
        'zone', i.zone, 'state', i.state, 'severity', i.severity,
        'category', json_build_object('code', i.category, 'name', i.category_name), 'title', i.title,
        'position', CASE WHEN i.geom IS NOT NULL THEN json_build_object(
                'lon', trim_scale(round(ST_X(i.geom)::numeric, 7)), 'lat', trim_scale(round(ST_Y(i.geom)::numeric, 7)),
                'radius_m', i.radius_m) END,
        'place', CASE WHEN coalesce(i.address, i.district, i.subdistrict, i.community, i.grid) IS NOT NULL THEN json_build_object(
                'address', i.address, 'district', i.district, 'subdistrict', i.subdistrict, 'community', i.community, 'grid', i.grid) END,
        'opened', ops.time_text(i.opened), 'updated', ops.time_text(i.updated), 'deadline', ops.time_text(i.deadline),
        'closed', ops.time_text(i.closed),
        'assigned_to', CASE WHEN i.assigned_to IS NOT NULL THEN json_build_object(
                'org', i.assigned_to, 'by', i.assigned_by, 'at', ops.time_text(i.assigned_at)) END, 'founding', i.founding, 'reports', i.reports, 'platforms', to_json(i.platforms),
        'newest', (SELECT coalesce(json_agg(json_build_object('event', s.last_event, 'platform', s.platform, 'title', s.title,
                        'why', CASE WHEN s.score IS NOT NULL THEN json_build_object('score', s.score) END) ORDER BY s.number DESC), '[]')
                   FROM (SELECT last_event, platform, title, (correlator::json ->> 'score')::integer AS score,
                                (correlator::json ->> 'number')::bigint AS number
                         FROM subject WHERE subject.incident = i.incident AND active ORDER BY number DESC LIMIT 20) AS s),
        'suggested', (SELECT json_agg(json_build_object('incident', other, 'score', score) ORDER BY score DESC, other)
                      FROM suggestion WHERE suggestion.incident = i.incident),
        'recurrence_of', i.recurrence_of, 'merged_into', i.merged_into, 'rules', i.rules))::text
FROM incident AS i JOIN zone AS z USING (zone) WHERE i.incident = wanted
$$;
DO $$
BEGIN
        EXECUTE format('ALTER FUNCTION ops.version_payload SET search_path = %I, public, pg_temp', 'dw_' || ops.live_generation());
END $$;
SET LOCAL search_path = DEFAULT;
