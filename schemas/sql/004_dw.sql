-- The warehouse proper. Tables of generation 1 in dw_1; analysts read the views of dw, which show the live generation.

CREATE SCHEMA dw_1;
COMMENT ON SCHEMA dw_1 IS 'incidents of generation 1: tables that the correlator writes';
CREATE SCHEMA dw;
COMMENT ON SCHEMA dw IS 'the warehouse: views over the live generation, and dimensions';

CREATE TABLE dw_1.zone (
        zone text PRIMARY KEY,
        state text NOT NULL
);
COMMENT ON TABLE dw_1.zone IS 'per zone what the correlator goes on from: zone time, counters';
COMMENT ON COLUMN dw_1.zone.zone IS 'zone';
COMMENT ON COLUMN dw_1.zone.state IS 'JSON of the correlator';

CREATE TABLE dw_1.incident (
        incident text PRIMARY KEY,
        zone text NOT NULL,
        number text NOT NULL,
        epoch integer NOT NULL,
        version integer NOT NULL,
        state text NOT NULL,
        severity text NOT NULL,
        category text NOT NULL,
        category_name text,
        title text NOT NULL,
        geom geometry(Point, 4490),
        radius_m integer,
        address text,
        district text,
        subdistrict text,
        community text,
        grid text,
        opened timestamptz NOT NULL,
        updated timestamptz NOT NULL,
        deadline timestamptz,
        closed timestamptz,
        founding text NOT NULL,
        reports integer NOT NULL,
        platforms text[] NOT NULL,
        merged_into text,
        recurrence_of text,
        rules text NOT NULL,
        candidate_until bigint NOT NULL,
        correlator text NOT NULL
);
CREATE INDEX incident_live ON dw_1.incident (zone, candidate_until);
CREATE INDEX incident_place ON dw_1.incident USING gist ((geom::geography));
CREATE INDEX incident_open ON dw_1.incident (zone, category) WHERE closed IS NULL;
COMMENT ON TABLE dw_1.incident IS 'one real-world problem';
COMMENT ON COLUMN dw_1.incident.incident IS 'incident id: i- and 26 characters';
COMMENT ON COLUMN dw_1.incident.zone IS 'zone';
COMMENT ON COLUMN dw_1.incident.number IS 'number for people: Shanghai date of opened, and the id''s first 8 characters';
COMMENT ON COLUMN dw_1.incident.epoch IS 'epoch of version';
COMMENT ON COLUMN dw_1.incident.version IS 'version: rises by one with each change that shows something new';
COMMENT ON COLUMN dw_1.incident.state IS 'received, filed, dispatched, processing, feedback, verifying, closed, void, suspended';
COMMENT ON COLUMN dw_1.incident.severity IS 'info, low, medium, high, critical: the highest of its reports';
COMMENT ON COLUMN dw_1.incident.category IS 'category code of the founding report';
COMMENT ON COLUMN dw_1.incident.category_name IS 'its name';
COMMENT ON COLUMN dw_1.incident.title IS 'title of the founding report';
COMMENT ON COLUMN dw_1.incident.geom IS 'position of the most accurate report, EPSG:4490';
COMMENT ON COLUMN dw_1.incident.radius_m IS 'radius around it that holds every report with its accuracy, metres';
COMMENT ON COLUMN dw_1.incident.address IS 'address';
COMMENT ON COLUMN dw_1.incident.district IS 'district code';
COMMENT ON COLUMN dw_1.incident.subdistrict IS 'subdistrict code';
COMMENT ON COLUMN dw_1.incident.community IS 'community';
COMMENT ON COLUMN dw_1.incident.grid IS 'grid';
COMMENT ON COLUMN dw_1.incident.opened IS 'when the founding report says it happened';
COMMENT ON COLUMN dw_1.incident.updated IS 'newest time that a report tells';
COMMENT ON COLUMN dw_1.incident.deadline IS 'earliest deadline of its open reports';
COMMENT ON COLUMN dw_1.incident.closed IS 'when it was closed; NULL while open';
COMMENT ON COLUMN dw_1.incident.founding IS 'event id of the founding report: the earliest that remains';
COMMENT ON COLUMN dw_1.incident.reports IS 'number of its subjects that count (not void, rejected or deleted)';
COMMENT ON COLUMN dw_1.incident.platforms IS 'platforms that report it';
COMMENT ON COLUMN dw_1.incident.merged_into IS 'the incident into which an operator merged this one';
COMMENT ON COLUMN dw_1.incident.recurrence_of IS 'an earlier, closed incident that this one repeats';
COMMENT ON COLUMN dw_1.incident.rules IS 'rules version that decided last';
COMMENT ON COLUMN dw_1.incident.candidate_until IS 'zone time (ms) up to which new reports may join';
COMMENT ON COLUMN dw_1.incident.correlator IS 'JSON that the correlator goes on from';

CREATE TABLE dw_1.subject (
        zone text NOT NULL,
        subject text NOT NULL,
        incident text NOT NULL,
        platform text NOT NULL,
        channel text,
        first_event text NOT NULL,
        last_event text NOT NULL,
        state text NOT NULL,
        outcome text,
        severity text NOT NULL,
        category text NOT NULL,
        title text NOT NULL,
        occurred timestamptz NOT NULL,
        updated timestamptz,
        closed timestamptz,
        deadline timestamptz,
        geom geometry(Point, 4490),
        accuracy_m integer,
        active boolean NOT NULL,
        correlator text NOT NULL,
        PRIMARY KEY (zone, subject)
);
CREATE INDEX subject_incident ON dw_1.subject (incident);
COMMENT ON TABLE dw_1.subject IS 'one case of one platform, in the state of its newest revision';
COMMENT ON COLUMN dw_1.subject.zone IS 'zone';
COMMENT ON COLUMN dw_1.subject.subject IS 'the platform''s own case: platform:space:source_id';
COMMENT ON COLUMN dw_1.subject.incident IS 'incident that holds it';
COMMENT ON COLUMN dw_1.subject.platform IS 'platform';
COMMENT ON COLUMN dw_1.subject.channel IS 'channel within the platform';
COMMENT ON COLUMN dw_1.subject.first_event IS 'event id of its first revision';
COMMENT ON COLUMN dw_1.subject.last_event IS 'event id of the revision that counts';
COMMENT ON COLUMN dw_1.subject.state IS 'state at the platform';
COMMENT ON COLUMN dw_1.subject.outcome IS 'outcome at the platform';
COMMENT ON COLUMN dw_1.subject.severity IS 'severity';
COMMENT ON COLUMN dw_1.subject.category IS 'category code';
COMMENT ON COLUMN dw_1.subject.title IS 'title';
COMMENT ON COLUMN dw_1.subject.occurred IS 'when it happened';
COMMENT ON COLUMN dw_1.subject.updated IS 'the platform''s time of this revision';
COMMENT ON COLUMN dw_1.subject.closed IS 'when the platform closed it';
COMMENT ON COLUMN dw_1.subject.deadline IS 'deadline';
COMMENT ON COLUMN dw_1.subject.geom IS 'position, EPSG:4490';
COMMENT ON COLUMN dw_1.subject.accuracy_m IS 'accuracy of the position, metres';
COMMENT ON COLUMN dw_1.subject.active IS 'false for void, rejected and deleted: it does not count';
COMMENT ON COLUMN dw_1.subject.correlator IS 'JSON that the correlator goes on from';

CREATE TABLE dw_1.link (
        zone text NOT NULL,
        subject text NOT NULL,
        incident text NOT NULL,
        partition integer NOT NULL,
        "offset" bigint NOT NULL,
        event text NOT NULL,
        linked_at timestamptz NOT NULL,
        unlinked_at timestamptz,
        linked_by text NOT NULL,
        decision text NOT NULL,
        score integer,
        against text,
        reasons jsonb NOT NULL,
        refused jsonb NOT NULL,
        rules text NOT NULL,
        doubtful boolean NOT NULL DEFAULT false,
        PRIMARY KEY (zone, subject, partition, "offset")
);
CREATE UNIQUE INDEX link_one_live ON dw_1.link (zone, subject) WHERE unlinked_at IS NULL;
CREATE INDEX link_incident ON dw_1.link (incident);
COMMENT ON TABLE dw_1.link IS 'which case belongs to which incident and why; ended links are kept';
COMMENT ON COLUMN dw_1.link.zone IS 'zone';
COMMENT ON COLUMN dw_1.link.subject IS 'the case';
COMMENT ON COLUMN dw_1.link.incident IS 'the incident';
COMMENT ON COLUMN dw_1.link.partition IS 'Kafka partition of the event or command that made the link';
COMMENT ON COLUMN dw_1.link."offset" IS 'its offset';
COMMENT ON COLUMN dw_1.link.event IS 'event that was decided on';
COMMENT ON COLUMN dw_1.link.linked_at IS 'zone time of the link';
COMMENT ON COLUMN dw_1.link.unlinked_at IS 'zone time of its end; NULL: live';
COMMENT ON COLUMN dw_1.link.linked_by IS 'rules, or the id of the command';
COMMENT ON COLUMN dw_1.link.decision IS 'new, join, or command';
COMMENT ON COLUMN dw_1.link.score IS 'log-odds in thousandths; NULL where nothing was compared';
COMMENT ON COLUMN dw_1.link.against IS 'event of the member that was nearest';
COMMENT ON COLUMN dw_1.link.reasons IS 'contributions: [{feature, value, points}]; the points add up to the score';
COMMENT ON COLUMN dw_1.link.refused IS 'candidates that were not taken: [{incident, score}]';
COMMENT ON COLUMN dw_1.link.rules IS 'rules version';
COMMENT ON COLUMN dw_1.link.doubtful IS 'a later revision left the place or the kind of its incident';

CREATE TABLE dw_1.suggestion (
        incident text NOT NULL,
        other text NOT NULL,
        score integer NOT NULL,
        PRIMARY KEY (incident, other)
);
COMMENT ON TABLE dw_1.suggestion IS 'likely twins, for an operator to confirm';
COMMENT ON COLUMN dw_1.suggestion.incident IS 'incident';
COMMENT ON COLUMN dw_1.suggestion.other IS 'the incident that it may be the same as';
COMMENT ON COLUMN dw_1.suggestion.score IS 'log-odds in thousandths';

CREATE TABLE dw_1.pair_rule (
        zone text NOT NULL,
        one text NOT NULL,
        other text NOT NULL,
        rule text NOT NULL CHECK (rule IN ('must', 'cannot')),
        command text NOT NULL,
        PRIMARY KEY (zone, one, other)
);
COMMENT ON TABLE dw_1.pair_rule IS 'operators win for ever: pairs of subjects that must or cannot stand together';
COMMENT ON COLUMN dw_1.pair_rule.zone IS 'zone';
COMMENT ON COLUMN dw_1.pair_rule.one IS 'subject, the smaller text of the two';
COMMENT ON COLUMN dw_1.pair_rule.other IS 'the other subject';
COMMENT ON COLUMN dw_1.pair_rule.rule IS 'must or cannot';
COMMENT ON COLUMN dw_1.pair_rule.command IS 'command that said so';

CREATE TABLE dw_1.incident_status (
        incident text NOT NULL,
        epoch integer NOT NULL,
        version integer NOT NULL,
        change text NOT NULL,
        state_before text,
        state text NOT NULL,
        at timestamptz NOT NULL,
        cause text NOT NULL,
        PRIMARY KEY (incident, epoch, version)
);
COMMENT ON TABLE dw_1.incident_status IS 'history of an incident: one row a version';
COMMENT ON COLUMN dw_1.incident_status.incident IS 'incident';
COMMENT ON COLUMN dw_1.incident_status.epoch IS 'epoch';
COMMENT ON COLUMN dw_1.incident_status.version IS 'version';
COMMENT ON COLUMN dw_1.incident_status.change IS 'opened, joined, updated, merged, split, assigned, closed, reopened, cancelled';
COMMENT ON COLUMN dw_1.incident_status.state_before IS 'state before; NULL for the first';
COMMENT ON COLUMN dw_1.incident_status.state IS 'state after';
COMMENT ON COLUMN dw_1.incident_status.at IS 'zone time';
COMMENT ON COLUMN dw_1.incident_status.cause IS 'event or command that caused it';

CREATE VIEW dw.incident AS
SELECT incident, zone, number, epoch, version, state, severity, category, category_name, title, geom, radius_m, address, district,
       subdistrict, community, grid, opened, updated, deadline, closed, founding, reports, platforms, merged_into, recurrence_of, rules
FROM dw_1.incident;
COMMENT ON VIEW dw.incident IS 'one real-world problem, its newest version';

CREATE VIEW dw.subject AS
SELECT zone, subject, incident, platform, channel, first_event, last_event, state, outcome, severity, category, title, occurred, updated,
       closed, deadline, geom, accuracy_m, active
FROM dw_1.subject;
COMMENT ON VIEW dw.subject IS 'one case of one platform, in the state of its newest revision';

CREATE VIEW dw.link AS
SELECT zone, subject, incident, partition, "offset", event, linked_at, unlinked_at, linked_by, decision, score, against, reasons, refused,
       rules, doubtful
FROM dw_1.link;
COMMENT ON VIEW dw.link IS 'which case belongs to which incident and why';

CREATE VIEW dw.suggestion AS SELECT incident, other, score FROM dw_1.suggestion;
COMMENT ON VIEW dw.suggestion IS 'likely twins, for an operator to confirm';

CREATE VIEW dw.incident_status AS SELECT incident, epoch, version, change, state_before, state, at, cause FROM dw_1.incident_status;
COMMENT ON VIEW dw.incident_status IS 'history of an incident: one row a version';

-- The views' columns say what their tables' columns say.
DO $$
DECLARE c record;
BEGIN
        FOR c IN SELECT v.relname, a.attname, col_description(t.oid, b.attnum) AS comment
                 FROM pg_class v
                 JOIN pg_attribute a ON a.attrelid = v.oid AND a.attnum > 0
                 JOIN pg_class t ON t.relname = v.relname AND t.relnamespace = 'dw_1'::regnamespace
                 JOIN pg_attribute b ON b.attrelid = t.oid AND b.attname = a.attname
                 WHERE v.relnamespace = 'dw'::regnamespace AND v.relkind = 'v'
        LOOP
                EXECUTE format('COMMENT ON COLUMN dw.%I.%I IS %L', c.relname, c.attname, c.comment);
        END LOOP;
END $$;
