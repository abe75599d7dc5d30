-- An earlier moment is asked for as quickly as now: most incidents were as they are, and only those that something happened to before and after it are made anew from the log.

CREATE TABLE mart.incident_touched (
        incident text PRIMARY KEY,
        first timestamptz NOT NULL,
        last timestamptz NOT NULL
);
SELECT meta.about('mart.incident_touched', '每个案件最早与最近一次变化（含已并入他案者，刷新时点） | when something first and last happened to each incident, those merged into others, too; as of the last refresh', ARRAY[
        'incident = 案件编号 | incident id', 'first = 最早一次变化 | the first: a link, a revision, a status', 'last = 最近一次变化 | the last: a link made or ended, a revision, a status, a correction']);
CREATE INDEX incident_touched_last ON mart.incident_touched (last);

-- Of these incidents, NULL all, and of every other that ever held one of their cases.
CREATE FUNCTION mart.touched_make(wanted text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
        held text[] := CASE WHEN wanted IS NOT NULL THEN ARRAY(SELECT DISTINCT o.incident FROM dw.link l JOIN dw.link o USING (zone, subject) WHERE l.incident = ANY (wanted)) END;
BEGIN
        IF wanted IS NULL THEN
                TRUNCATE mart.incident_touched;
        END IF;
        INSERT INTO mart.incident_touched
        SELECT x.incident, min(x.first), max(x.last)
        FROM (SELECT l.incident, l.linked_at AS first, greatest(l.linked_at, l.unlinked_at) AS last FROM dw.link l WHERE held IS NULL OR l.incident = ANY (held)
              UNION ALL
              SELECT l.incident, r.received, r.received FROM dw.link l JOIN dw.revision r USING (zone, subject)
              WHERE (held IS NULL OR l.incident = ANY (held)) AND (l.unlinked_at IS NULL OR r.received <= l.unlinked_at)
              UNION ALL
              SELECT s.incident, s.at, s.at FROM dw.incident_status s WHERE held IS NULL OR s.incident = ANY (held)
              UNION ALL
              SELECT s.incident, c.at, c.at FROM dw.correction c JOIN dw.subject s USING (zone, subject) WHERE held IS NULL OR s.incident = ANY (held)) AS x
        GROUP BY x.incident
        ON CONFLICT (incident) DO UPDATE SET first = excluded.first, last = excluded.last;
END $$;
COMMENT ON FUNCTION mart.touched_make IS '重算案件的最早与最近变化 | makes mart.incident_touched anew for these incidents, NULL for all';
REVOKE ALL ON FUNCTION mart.touched_make FROM PUBLIC;

DO $$
DECLARE
        before text := pg_get_functiondef('mart.refresh(boolean)'::regprocedure);
        after text := replace(before, 'PERFORM mart.repeats_make(changed);', E'PERFORM mart.touched_make(changed);\n                PERFORM mart.repeats_make(changed);');
BEGIN
        IF after = before THEN
                RAISE EXCEPTION 'mart.refresh is written in a way that is not known here';
        END IF;
        EXECUTE after;
        IF EXISTS (SELECT FROM mart.refreshed) THEN
                PERFORM mart.touched_make(NULL);
        END IF;
END $$;

-- The views know mart.incident_at itself: it is the one that changes.
DO $$
BEGIN
        EXECUTE replace(pg_get_functiondef('mart.incident_at(timestamptz, text[])'::regprocedure), 'FUNCTION mart.incident_at(', 'FUNCTION mart.incident_made(');
END $$;
COMMENT ON FUNCTION mart.incident_made IS '某时刻的案件，全部由日志重算 | incidents with their stages at a moment, each made anew from the log';
REVOKE ALL ON FUNCTION mart.incident_made FROM PUBLIC;

CREATE OR REPLACE FUNCTION mart.incident_at(moment timestamptz, wanted text[] DEFAULT NULL) RETURNS SETOF mart.incident_now LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET jit = off AS $$
DECLARE
        zones text[] := mart.my_zones();
BEGIN
        IF wanted IS NULL AND moment <> 'infinity' THEN
                RETURN QUERY SELECT n.* FROM mart.incident_now n JOIN mart.incident_touched t USING (incident) WHERE t.last <= moment AND (zones IS NULL OR n.zone = ANY (zones));
                wanted := ARRAY(SELECT t.incident FROM mart.incident_touched t WHERE t.first <= moment AND t.last > moment);
        END IF;
        RETURN QUERY SELECT * FROM mart.incident_made(moment, wanted);
END $$;
CREATE OR REPLACE FUNCTION mart.report_at(moment timestamptz) RETURNS SETOF mart.report_now LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET jit = off AS $$
DECLARE
        zones text[] := mart.my_zones();
        wanted text[];
BEGIN
        IF moment <> 'infinity' THEN
                RETURN QUERY SELECT n.* FROM mart.report_now n JOIN mart.incident_touched t USING (incident) WHERE t.last <= moment AND (zones IS NULL OR n.zone = ANY (zones));
                wanted := ARRAY(SELECT t.incident FROM mart.incident_touched t WHERE t.first <= moment AND t.last > moment);
        END IF;
        RETURN QUERY SELECT r.* FROM dw.report_stage_at(moment, wanted) r WHERE zones IS NULL OR r.zone = ANY (zones);
END $$;
