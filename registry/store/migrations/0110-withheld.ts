/**
 * A triple that was available when a backup was put back may have been leased since: it is withheld. Earlier versions
 * leased it to a station named `held back `; such leases stay as a record. A triple whose lease of that name was put in
 * quarantine stays quarantined.
 */
export const WITHHELD_SCHEMA = `
ALTER TABLE devices ADD COLUMN withheld INTEGER NOT NULL DEFAULT 0
  CHECK (withheld = 0 OR (withheld = 1 AND state = 'available'));

UPDATE devices SET state = 'available', leased_to = NULL, withheld = 1
  WHERE leased_to = 'held back ' AND state = 'leased' AND quarantined_by IS NULL;
UPDATE devices SET leased_to = NULL WHERE leased_to = 'held back ' AND state IN ('bound', 'retired');
`;
