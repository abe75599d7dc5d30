-- What each command changed, so that undo can take it back.

CREATE TABLE dw_1.command_effect (
        zone text NOT NULL,
        command text NOT NULL,
        effect text NOT NULL,
        PRIMARY KEY (zone, command)
);
COMMENT ON TABLE dw_1.command_effect IS 'what a command that was done changed: undo takes it back from here';
COMMENT ON COLUMN dw_1.command_effect.zone IS 'zone';
COMMENT ON COLUMN dw_1.command_effect.command IS 'id of the command';
COMMENT ON COLUMN dw_1.command_effect.effect IS 'JSON: verb, incident, undone; moved, stayed, redirects of merge and split; named, before of the others';

GRANT SELECT, INSERT, UPDATE, DELETE ON dw_1.command_effect TO hub_correlator;
