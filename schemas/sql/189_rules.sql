-- A rules version has 64 digits and stands in every link: rows say its number. The views say what they said, and rows that were written before stand as they are.

CREATE TABLE ops.rules_version (
        number integer PRIMARY KEY,
        rules text NOT NULL UNIQUE
);
SELECT meta.about('ops.rules_version', '规则版本及其序号 | rules versions, as rows name them', ARRAY['number = 序号 | number', 'rules = 规则版本 | rules version']);
GRANT SELECT, INSERT ON ops.rules_version TO hub_correlator;

DO $$
DECLARE
        number integer;
        target name;
BEGIN
        FOR number IN SELECT generation FROM ops.generation LOOP
                target := 'dw_' || number;
                EXECUTE format('ALTER TABLE %I.link ADD COLUMN rules_number integer, ALTER COLUMN rules DROP NOT NULL, ADD CHECK (num_nonnulls(rules, rules_number) = 1)', target);
                EXECUTE format('ALTER TABLE %I.incident ADD COLUMN rules_number integer, ALTER COLUMN rules DROP NOT NULL, ADD CHECK (num_nonnulls(rules, rules_number) = 1)', target);
                EXECUTE format('COMMENT ON COLUMN %I.link.rules_number IS %L', target, 'number of the rules version in ops.rules_version; NULL: rules says it');
                EXECUTE format('COMMENT ON COLUMN %I.incident.rules_number IS %L', target, 'number of the rules version in ops.rules_version; NULL: rules says it');
                EXECUTE format('COMMENT ON COLUMN %I.incident.correlator IS %L', target, 'JSON that the correlator goes on from: what the other columns do not say');
        END LOOP;
        target := 'dw_' || ops.live_generation();
        EXECUTE format('CREATE OR REPLACE VIEW dw.link AS SELECT zone, subject, incident, partition, "offset", event, linked_at, unlinked_at, linked_by,'
                       ' decision, score, against, coalesce(reasons, dw.reasons(reasons_text)) AS reasons,'
                       ' coalesce(refused, dw.refused(refused_text)) AS refused, coalesce(rules, (SELECT v.rules FROM ops.rules_version v WHERE v.number = l.rules_number)) AS rules,'
                       ' doubtful FROM %I.link l', target);
        EXECUTE format('CREATE OR REPLACE VIEW dw.incident AS SELECT incident, zone, number, epoch, version, state, severity, category,'
                       ' category_name, title, geom, radius_m, address, district, subdistrict, community, grid, opened, updated, deadline,'
                       ' closed, founding, reports, platforms, merged_into, recurrence_of,'
                       ' coalesce(rules, (SELECT v.rules FROM ops.rules_version v WHERE v.number = i.rules_number)) AS rules,'
                       ' assigned_to, context, assigned_by, assigned_at FROM %I.incident i', target);
        -- A version that is made anew says it, too.
        EXECUTE replace(pg_get_functiondef('ops.version_payload'::regproc), 'i.rules', 'coalesce(i.rules, (SELECT v.rules FROM ops.rules_version v WHERE v.number = i.rules_number))');
END $$;
