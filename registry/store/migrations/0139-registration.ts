/** Dynamic registration: how products take part, their sealed secrets, which devices have registered, and the decisions about it. */
export const REGISTRATION_SCHEMA = `
CREATE TABLE product_registration (
  product_id    TEXT PRIMARY KEY REFERENCES products (product_id),
  register_type INTEGER NOT NULL CHECK (register_type IN (0, 1, 2)),
  create_limit  INTEGER NOT NULL CHECK (create_limit >= 0),
  sealed_secret BLOB
) STRICT;
CREATE TABLE device_registrations (
  device_id     INTEGER PRIMARY KEY REFERENCES devices (id),
  product_id    TEXT NOT NULL,
  created       INTEGER NOT NULL CHECK (created IN (0, 1)),
  count         INTEGER NOT NULL CHECK (count >= 0),
  first_ms      INTEGER NOT NULL,
  last_ms       INTEGER NOT NULL,
  logins_before INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX device_registrations_created ON device_registrations (product_id) WHERE created = 1;
CREATE TABLE registration_acts (
  act_id      INTEGER PRIMARY KEY,
  product_id  TEXT NOT NULL,
  device_name TEXT,
  act         TEXT NOT NULL CHECK (act IN ('type', 'secret', 'reopen')),
  detail      TEXT NOT NULL,
  reason      TEXT NOT NULL,
  approver    TEXT NOT NULL,
  at_ms       INTEGER NOT NULL
) STRICT;
CREATE TRIGGER registration_acts_fixed BEFORE UPDATE ON registration_acts
  BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END;
CREATE TRIGGER registration_acts_kept BEFORE DELETE ON registration_acts
  BEGIN SELECT RAISE(ABORT, 'a decision is never deleted'); END;
`;
