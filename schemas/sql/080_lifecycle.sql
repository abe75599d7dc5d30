-- Life cycle: what recurs, who was told to act, what operators wrote beside their commands.

DO $$
DECLARE
        number integer;
        target name;
BEGIN
        FOR number IN SELECT generation FROM ops.generation LOOP
                target := 'dw_' || number;
                EXECUTE format('ALTER TABLE %I.incident ADD COLUMN kept_until bigint, ADD COLUMN assigned_to text', target);
                EXECUTE format('UPDATE %I.incident SET kept_until = candidate_until', target);
                EXECUTE format('ALTER TABLE %I.incident ALTER COLUMN kept_until SET NOT NULL', target);
                EXECUTE format('CREATE INDEX incident_kept ON %I.incident (zone, kept_until)', target);
                EXECUTE format('COMMENT ON COLUMN %I.incident.kept_until IS %L', target,
                               'zone time (ms) up to which the correlator keeps it in mind: reports join it, or a new one repeats it');
                EXECUTE format('COMMENT ON COLUMN %I.incident.assigned_to IS %L', target, 'organisation that an operator gave it to last');
                EXECUTE format('COMMENT ON COLUMN %I.incident.severity IS %L', target,
                               'info, low, medium, high, critical: the highest of its reports; many platforms, many reports, a warning raise it');
                EXECUTE format('COMMENT ON COLUMN %I.incident.deadline IS %L', target,
                               'earliest deadline of its open reports, else of any, else by its category');
        END LOOP;
        EXECUTE format('CREATE OR REPLACE VIEW dw.incident AS SELECT incident, zone, number, epoch, version, state, severity, category,'
                       ' category_name, title, geom, radius_m, address, district, subdistrict, community, grid, opened, updated, deadline,'
                       ' closed, founding, reports, platforms, merged_into, recurrence_of, rules, assigned_to FROM %I.incident',
                       'dw_' || ops.live_generation());
END $$;
COMMENT ON COLUMN dw.incident.assigned_to IS 'organisation that an operator gave it to last';
COMMENT ON COLUMN dw.incident.severity IS 'info, low, medium, high, critical: the highest of its reports; many platforms, many reports, a warning raise it';
COMMENT ON COLUMN dw.incident.deadline IS 'earliest deadline of its open reports, else of any, else by its category';

ALTER TABLE ops.command ADD COLUMN note text, ADD COLUMN args text;
COMMENT ON COLUMN ops.command.note IS 'what its giver wrote beside it';
COMMENT ON COLUMN ops.command.args IS 'its arguments, JSON';
