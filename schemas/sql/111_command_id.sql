-- What became of a command is asked for by its id alone: who asks need not know its zone.
CREATE INDEX command_id ON ops.command (id);
