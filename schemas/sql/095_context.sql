-- What registries say, as context of the decisions, and what it made of an incident's severity.

DO $$
DECLARE
        number integer;
        target name;
BEGIN
        FOR number IN SELECT generation FROM ops.generation LOOP
                target := 'dw_' || number;
                EXECUTE format('CREATE TABLE %I.context (zone text NOT NULL, subject text NOT NULL, correlator text NOT NULL,'
                               ' PRIMARY KEY (zone, subject))', target);
                EXECUTE format('COMMENT ON TABLE %I.context IS %L', target,
                               'rows of registries (permits, stalls) that speak for or against reports: kept until 30 days after their end');
                EXECUTE format('COMMENT ON COLUMN %I.context.zone IS %L', target, 'zone');
                EXECUTE format('COMMENT ON COLUMN %I.context.subject IS %L', target, 'subject of the registry row');
                EXECUTE format('COMMENT ON COLUMN %I.context.correlator IS %L', target, 'JSON of the correlator');
                EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I.context TO hub_correlator', target);
                EXECUTE format('ALTER TABLE %I.incident ADD COLUMN context text', target);
                EXECUTE format('COMMENT ON COLUMN %I.incident.context IS %L', target,
                               'what beside its reports made it graver or less grave: JSON, a list of feature, value, subject; NULL: nothing did');
                EXECUTE format('COMMENT ON COLUMN %I.incident.severity IS %L', target,
                               'info, low, medium, high, critical: the highest of its reports; many platforms, many reports, a warning, a lapsed permit '
                               'raise it, a permit in force lowers it');
        END LOOP;
        EXECUTE format('CREATE OR REPLACE VIEW dw.incident AS SELECT incident, zone, number, epoch, version, state, severity, category,'
                       ' category_name, title, geom, radius_m, address, district, subdistrict, community, grid, opened, updated, deadline,'
                       ' closed, founding, reports, platforms, merged_into, recurrence_of, rules, assigned_to, context FROM %I.incident',
                       'dw_' || ops.live_generation());
END $$;
COMMENT ON COLUMN dw.incident.context IS 'what beside its reports made it graver or less grave: JSON, a list of feature, value, subject; NULL: nothing did';
COMMENT ON COLUMN dw.incident.severity IS 'info, low, medium, high, critical: the highest of its reports; many platforms, many reports, a warning, a lapsed permit raise it, a permit in force lowers it';
