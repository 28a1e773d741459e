import type { Migration } from '#node-kit/sqlite/index.ts';

/**
 * One secret has one name, and a row of a file may be for one unit alone.
 *
 * `secret_digest` is a keyed digest of the DeviceSecret (station/identity/vault/secret-digest.ts); the station computes those
 * of older rows when it starts. A row whose secret another has already is pointed at that one and has no digest.
 * `bound_mac` (as `unit.chip_id`) and `bound_serial` say which unit may claim the triple; without them any unit may.
 */
export const migration0110: Migration = {
  version: 110,
  sql: `
ALTER TABLE triple ADD COLUMN secret_digest BLOB CHECK (length(secret_digest) = 32);
ALTER TABLE triple ADD COLUMN same_secret_as INTEGER REFERENCES triple (triple_id)
  CHECK (same_secret_as IS NULL OR secret_digest IS NULL);
ALTER TABLE triple ADD COLUMN bound_mac TEXT CHECK (bound_mac <> '');
ALTER TABLE triple ADD COLUMN bound_serial TEXT CHECK (bound_serial <> '');

CREATE UNIQUE INDEX triple_one_name_per_secret ON triple (secret_digest) WHERE secret_digest IS NOT NULL;
CREATE INDEX triple_without_digest ON triple (triple_id) WHERE secret_digest IS NULL AND same_secret_as IS NULL;
CREATE INDEX triple_with_twin ON triple (same_secret_as) WHERE same_secret_as IS NOT NULL;
-- Two rows for one unit: the second only when the first is retired.
CREATE UNIQUE INDEX triple_one_row_per_mac ON triple (bound_mac) WHERE bound_mac IS NOT NULL AND state <> 'retired';
CREATE UNIQUE INDEX triple_one_row_per_serial ON triple (bound_serial)
  WHERE bound_serial IS NOT NULL AND state <> 'retired';
-- What any unit may claim, and what only one may.
DROP INDEX triple_pool;
CREATE INDEX triple_pool ON triple (product_id, triple_id)
  WHERE state = 'available' AND bound_mac IS NULL AND bound_serial IS NULL;
CREATE INDEX triple_bound_pool ON triple (product_id)
  WHERE state = 'available' AND (bound_mac IS NOT NULL OR bound_serial IS NOT NULL);

CREATE TRIGGER triple_stays_bound BEFORE UPDATE OF bound_mac, bound_serial ON triple
  WHEN OLD.bound_mac IS NOT NEW.bound_mac OR OLD.bound_serial IS NOT NEW.bound_serial
  BEGIN SELECT RAISE(ABORT, 'the unit that a triple is for never changes'); END;
CREATE TRIGGER triple_for_its_unit BEFORE UPDATE OF unit_id ON triple
  WHEN NEW.unit_id IS NOT NULL AND OLD.unit_id IS NULL AND OLD.bound_mac IS NOT NULL
    AND OLD.bound_mac IS NOT (SELECT chip_id FROM unit WHERE unit_id = NEW.unit_id)
  BEGIN SELECT RAISE(ABORT, 'a triple that is for one unit goes to no other'); END;
CREATE TRIGGER triple_for_its_serial BEFORE UPDATE OF unit_id ON triple
  WHEN NEW.unit_id IS NOT NULL AND OLD.unit_id IS NULL AND OLD.bound_mac IS NULL AND OLD.bound_serial IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM unit WHERE unit_id = NEW.unit_id AND serial_number = OLD.bound_serial)
    AND NOT EXISTS (SELECT 1 FROM run WHERE unit_id = NEW.unit_id AND serial_number = OLD.bound_serial)
  BEGIN SELECT RAISE(ABORT, 'a triple that is for one serial number goes to no other unit'); END;
CREATE TRIGGER triple_unit_gets_its_own BEFORE UPDATE OF unit_id ON triple
  WHEN NEW.unit_id IS NOT NULL AND OLD.unit_id IS NULL AND EXISTS (
    SELECT 1 FROM unit JOIN triple own ON own.bound_mac = unit.chip_id AND own.state <> 'retired'
    WHERE unit.unit_id = NEW.unit_id AND own.triple_id <> NEW.triple_id)
  BEGIN SELECT RAISE(ABORT, 'a unit that a triple is for gets no other'); END;
CREATE TRIGGER triple_for_a_free_unit BEFORE INSERT ON triple
  WHEN NEW.bound_mac IS NOT NULL AND EXISTS (
    SELECT 1 FROM unit JOIN triple held USING (unit_id) WHERE unit.chip_id = NEW.bound_mac
      AND held.state IN ('claimed','burning','burned','registered','in-doubt'))
  BEGIN SELECT RAISE(ABORT, 'the unit that a triple is for has one already'); END;
`,
};
