-- What an incident's detail asks for: of whom it is suggested as a twin.

DO $$
DECLARE
        number integer;
BEGIN
        FOR number IN SELECT generation FROM ops.generation LOOP
                EXECUTE format('CREATE INDEX suggestion_other ON %I.suggestion (other)', 'dw_' || number);
        END LOOP;
END $$;
