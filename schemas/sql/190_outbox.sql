-- A version's payload lies beside its row: the relay numbers the row and marks it as published, and neither writes the payload again. It comes packed from the stage, and stays so.

ALTER TABLE ops.outbox SET (toast_tuple_target = 128);
