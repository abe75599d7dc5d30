-- Who follows the feed reads it by its number, published or not: hub serve's stream and hub notify.

CREATE INDEX outbox_feed ON ops.outbox (feed) WHERE feed IS NOT NULL;
