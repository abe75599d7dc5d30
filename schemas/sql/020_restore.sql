-- What hub epoch needs: an incident's version as the correlator would write it, made from the rows.

CREATE FUNCTION ops.time_text(moment timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
-- The newest version of an incident under another epoch, without feed, as JSON (messages.md section 5).
CREATE FUNCTION ops.version_payload(wanted text, under integer, as_change text) RETURNS text
LANGUAGE sql STABLE SET search_path = dw_1, public, pg_temp AS $$
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
        'closed', ops.time_text(i.closed), 'founding', i.founding, 'reports', i.reports, 'platforms', to_json(i.platforms),
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

COMMENT ON FUNCTION ops.version_payload IS 'the newest version of an incident under another epoch, as JSON without feed; NULL when there is no such incident';
COMMENT ON FUNCTION ops.time_text IS 'RFC 3339 in UTC with milliseconds, as messages have it';

CREATE TABLE ops.loss (
        topic text NOT NULL,
        partition integer NOT NULL,
        first_offset bigint NOT NULL,
        last_offset bigint NOT NULL,
        accepted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        accepted_by text NOT NULL DEFAULT session_user,
        PRIMARY KEY (topic, partition, first_offset)
);
COMMENT ON TABLE ops.loss IS 'offsets that Kafka no longer held after a restore, given up by hub epoch raise --accept-loss; hub audit goes on naming them';
COMMENT ON COLUMN ops.loss.topic IS 'Kafka topic';
COMMENT ON COLUMN ops.loss.partition IS 'Kafka partition';
COMMENT ON COLUMN ops.loss.first_offset IS 'first offset that was given up';
COMMENT ON COLUMN ops.loss.last_offset IS 'last offset that was given up';
COMMENT ON COLUMN ops.loss.accepted_at IS 'wall time of the decision';
COMMENT ON COLUMN ops.loss.accepted_by IS 'login that decided it';
