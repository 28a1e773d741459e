import type { Migration } from '#node-kit/sqlite/index.ts';

/** Users can be disabled, sign in with a badge, and get a new PIN at the computer itself. */
export const migration0170: Migration = {
  version: 170,
  sql: `
ALTER TABLE person ADD COLUMN disabled_at INTEGER;
-- scrypt of the code with the salt of this station: one code belongs to one user.
ALTER TABLE person ADD COLUMN badge_hash TEXT;
-- Length and kind of characters of the code: other scanned lines are not hashed.
ALTER TABLE person ADD COLUMN badge_shape TEXT;
ALTER TABLE person ADD COLUMN last_sign_in_at INTEGER;
-- When the PIN was last replaced at the computer without the old one.
ALTER TABLE person ADD COLUMN pin_reset_at INTEGER;
CREATE UNIQUE INDEX person_badge ON person (badge_hash) WHERE badge_hash IS NOT NULL;
`,
};
