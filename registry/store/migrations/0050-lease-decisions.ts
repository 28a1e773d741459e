/**
 * Decisions of people about leases whose station does not exist any more. A quarantined device stays `leased` to that station;
 * it cannot be bound (CHECK) and may not log in until the lease is restored.
 */
export const LEASE_ACTS_SCHEMA = `
CREATE TABLE lease_acts (
  act_id INTEGER PRIMARY KEY,
  lease_id TEXT NOT NULL REFERENCES leases (lease_id),
  act TEXT NOT NULL CHECK (act IN ('quarantine', 'restore')),
  reason TEXT NOT NULL CHECK (reason <> ''),
  approver TEXT NOT NULL CHECK (approver <> ''),
  devices INTEGER NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX lease_acts_by_lease ON lease_acts (lease_id);
CREATE TRIGGER lease_acts_fixed BEFORE UPDATE ON lease_acts
  BEGIN SELECT RAISE(ABORT, 'what was decided about a lease is never changed'); END;
CREATE TRIGGER lease_acts_kept BEFORE DELETE ON lease_acts
  BEGIN SELECT RAISE(ABORT, 'what was decided about a lease is never erased'); END;

-- The act that holds the lease now; NULL when none does.
ALTER TABLE leases ADD COLUMN quarantined_by INTEGER REFERENCES lease_acts (act_id);
ALTER TABLE devices ADD COLUMN quarantined_by INTEGER REFERENCES lease_acts (act_id)
  CHECK (quarantined_by IS NULL OR state IN ('leased', 'retired'));
CREATE INDEX devices_quarantined ON devices (quarantined_by) WHERE quarantined_by IS NOT NULL;
`;
