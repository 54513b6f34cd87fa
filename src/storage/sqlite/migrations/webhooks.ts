/**
 * Subscribers and what is on its way to them. A delivery is due at `next_at`; while somebody tries it, that is
 * when it is due again if they are never heard of.
 */
export const WEBHOOKS = `
CREATE TABLE webhooks (id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
  id TEXT NOT NULL PRIMARY KEY,
  receiver TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('waiting', 'delivered', 'dead')),
  tries INTEGER NOT NULL,
  next_at INTEGER,
  lease TEXT,
  created_at INTEGER NOT NULL,
  message TEXT NOT NULL,
  attempts TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_due ON deliveries (receiver, next_at) WHERE status = 'waiting';
CREATE INDEX deliveries_of ON deliveries (receiver, id);
CREATE INDEX deliveries_by_status ON deliveries (receiver, status, id);
CREATE INDEX deliveries_kept ON deliveries (status, id);

CREATE TABLE delivery_records (receiver TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;
