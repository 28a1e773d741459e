import type { Migration } from '#node-kit/sqlite/index.ts';
import { FIRST_SCHEMA } from './0010-products-devices-leases-events.ts';
import { FIRMWARE_SCHEMA } from './0020-firmware.ts';
import { RETURNS_SCHEMA } from './0030-returns.ts';
import { AUDIT_SCHEMA } from './0040-audit.ts';
import { LEASE_ACTS_SCHEMA } from './0050-lease-decisions.ts';
import { STATIONS_SCHEMA } from './0060-stations.ts';
import { STATION_RUNS_SCHEMA } from './0070-station-runs.ts';
import { LOGIN_PROOFS_SCHEMA } from './0080-login-proofs.ts';
import { REFUSALS_SCHEMA } from './0090-refusals.ts';
import { ONE_SECRET_SCHEMA } from './0100-unique-secret.ts';
import { WITHHELD_SCHEMA } from './0110-withheld.ts';
import { STATION_KEYS_SCHEMA } from './0125-station-keys.ts';
import { STATION_REPORTS_SCHEMA } from './0126-station-reports.ts';
import { BIND_TOKENS_OWNERS_SCHEMA } from './0130-bind-tokens-owners.ts';
import { DEVICE_EVENTS_SCHEMA } from './0131-device-events.ts';
import { REGISTRATION_SCHEMA } from './0139-registration.ts';
import { OTA_SCHEMA } from './0144-ota.ts';

/** Numbered in gaps of ten, so that a fix can be put between two releases. Never edited. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 10, sql: FIRST_SCHEMA },
  { version: 20, sql: FIRMWARE_SCHEMA },
  { version: 30, sql: RETURNS_SCHEMA },
  { version: 40, sql: AUDIT_SCHEMA },
  { version: 50, sql: LEASE_ACTS_SCHEMA },
  { version: 60, sql: STATIONS_SCHEMA },
  { version: 70, sql: STATION_RUNS_SCHEMA },
  { version: 80, sql: LOGIN_PROOFS_SCHEMA },
  { version: 90, sql: REFUSALS_SCHEMA },
  { version: 100, sql: ONE_SECRET_SCHEMA },
  { version: 110, sql: WITHHELD_SCHEMA },
  { version: 125, sql: STATION_KEYS_SCHEMA },
  { version: 126, sql: STATION_REPORTS_SCHEMA },
  { version: 130, sql: BIND_TOKENS_OWNERS_SCHEMA },
  { version: 131, sql: DEVICE_EVENTS_SCHEMA },
  { version: 139, sql: REGISTRATION_SCHEMA },
  { version: 144, sql: OTA_SCHEMA },
];
