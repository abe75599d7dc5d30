-- Of what a list has in many of its elements PostgreSQL thinks that each is in one row of two hundred at least, and walks all rows in their order to find the
-- few of a platform that reports seldom. This says what such a walk costs.

CREATE FUNCTION ops.is_dear(of text[]) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
BEGIN
        RETURN true;
END $$;
COMMENT ON FUNCTION ops.is_dear IS 'true, at a price: a plan that asks it of many rows is the wrong one';

-- Nothing asks for it.
REVOKE SELECT ON ops.generation FROM hub_api;
