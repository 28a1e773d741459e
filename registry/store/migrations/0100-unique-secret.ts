/**
 * One secret has one name. `secret_digest` is a keyed digest (registry/vault.ts); those of older devices are
 * computed when the data is opened. A device whose secret another has already is pointed at that one, has no digest and
 * is never leased.
 */
export const ONE_SECRET_SCHEMA = `
ALTER TABLE devices ADD COLUMN secret_digest BLOB CHECK (length(secret_digest) = 32);
ALTER TABLE devices ADD COLUMN same_secret_as INTEGER REFERENCES devices (id)
  CHECK (same_secret_as IS NULL OR secret_digest IS NULL);
CREATE UNIQUE INDEX devices_one_name_per_secret ON devices (secret_digest) WHERE secret_digest IS NOT NULL;
CREATE INDEX devices_without_digest ON devices (id) WHERE secret_digest IS NULL AND same_secret_as IS NULL;
`;
