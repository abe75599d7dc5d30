-- What was closed last, page by page: the index of all incidents has every open one that was touched since in front of it.

DO $$
DECLARE
        number integer;
BEGIN
        FOR number IN SELECT generation FROM ops.generation LOOP
                EXECUTE format('CREATE INDEX incident_updated_closed ON %I.incident (updated, incident) WHERE closed IS NOT NULL', 'dw_' || number);
        END LOOP;
END $$;
