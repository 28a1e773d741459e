/**
 * Products, their triples, who leased them, what was reported about them.
 *
 * `client_id` is the MQTT login name (productId + deviceName). It is UNIQUE on its own, because the concatenation is
 * ambiguous: "AB" + "C1" and "ABC" + "1" must never both exist.
 * `devices_one_live_identity_per_chip` is promise 1 as a constraint: one physical unit, one live identity.
 */
export const FIRST_SCHEMA = `
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE products (
  product_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE name_counters (
  product_id TEXT NOT NULL REFERENCES products (product_id),
  prefix TEXT NOT NULL,
  last_number INTEGER NOT NULL,
  PRIMARY KEY (product_id, prefix)
) STRICT, WITHOUT ROWID;

CREATE TABLE leases (
  lease_id TEXT PRIMARY KEY,
  station TEXT NOT NULL,
  request_id TEXT NOT NULL,
  product_id TEXT NOT NULL REFERENCES products (product_id),
  count INTEGER NOT NULL CHECK (count > 0),
  created_ms INTEGER NOT NULL,
  UNIQUE (station, request_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE devices (
  id INTEGER PRIMARY KEY,
  product_id TEXT NOT NULL REFERENCES products (product_id),
  device_name TEXT NOT NULL,
  client_id TEXT NOT NULL UNIQUE,
  sealed_secret BLOB NOT NULL,
  state TEXT NOT NULL DEFAULT 'available' CHECK (state IN ('available', 'leased', 'bound', 'retired')),
  leased_to TEXT,
  chip_id TEXT,
  serial_number TEXT,
  connection TEXT NOT NULL DEFAULT 'never-seen' CHECK (connection IN ('never-seen', 'online', 'offline')),
  first_seen_ms INTEGER,
  last_seen_ms INTEGER,
  logins INTEGER NOT NULL DEFAULT 0,
  firmware_version TEXT,
  properties TEXT NOT NULL DEFAULT '{}',
  created_ms INTEGER NOT NULL,
  UNIQUE (product_id, device_name),
  CHECK (client_id = product_id || device_name),
  CHECK (state <> 'available' OR leased_to IS NULL),
  CHECK (state <> 'leased' OR leased_to IS NOT NULL),
  CHECK (state <> 'bound' OR chip_id IS NOT NULL)
) STRICT;
CREATE INDEX devices_by_state ON devices (product_id, state);
CREATE INDEX devices_online ON devices (id) WHERE connection = 'online';
CREATE INDEX devices_by_chip ON devices (chip_id) WHERE chip_id IS NOT NULL;
CREATE UNIQUE INDEX devices_one_live_identity_per_chip ON devices (chip_id) WHERE state = 'bound';

CREATE TABLE lease_devices (
  lease_id TEXT NOT NULL REFERENCES leases (lease_id),
  device_id INTEGER NOT NULL REFERENCES devices (id),
  returned_ms INTEGER,
  PRIMARY KEY (lease_id, device_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX lease_devices_one_holder ON lease_devices (device_id) WHERE returned_ms IS NULL;

CREATE TABLE events (
  key TEXT PRIMARY KEY,
  station TEXT NOT NULL,
  kind TEXT NOT NULL,
  lane TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  content_sha256 BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  event_key TEXT NOT NULL REFERENCES events (key) DEFERRABLE INITIALLY DEFERRED,
  station TEXT NOT NULL,
  batch_id TEXT NOT NULL,
  batch_name TEXT NOT NULL,
  recipe_hash TEXT NOT NULL,
  app_version TEXT NOT NULL,
  operator TEXT NOT NULL,
  serial_number TEXT,
  chip_id TEXT,
  outcome TEXT NOT NULL CHECK (outcome IN ('PASS', 'FAIL', 'ERROR', 'TIMEOUT', 'ABORTED')),
  started_at_ms INTEGER NOT NULL,
  finished_at_ms INTEGER NOT NULL,
  first_failure TEXT,
  device_id INTEGER REFERENCES devices (id),
  proof_read_back TEXT,
  proof_online TEXT
) STRICT;
CREATE INDEX runs_by_chip ON runs (chip_id) WHERE chip_id IS NOT NULL;
CREATE INDEX runs_by_device ON runs (device_id) WHERE device_id IS NOT NULL;

CREATE TABLE retirements (
  device_id INTEGER PRIMARY KEY REFERENCES devices (id),
  event_key TEXT NOT NULL REFERENCES events (key) DEFERRABLE INITIALLY DEFERRED,
  chip_id TEXT,
  reason TEXT NOT NULL,
  approver TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
`;
