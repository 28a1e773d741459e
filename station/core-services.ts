import {
  type Access,
  createAccess,
  createSamplePeople,
  type SamplePeople,
} from './administration/people/index.ts';
import {
  type AuditTrail,
  createAuditTrail,
  createJournalDigests,
  type JournalDigests,
  STATION_ITSELF,
} from './core/audit-log/index.ts';
import type { StationConfig } from './config.ts';
import {
  createLedger,
  createVault,
  fillSecretDigests,
  type KeyRing,
  type Ledger,
  keepHome,
  openKeyRing,
  openSecretDigest,
  type SecretDigest,
  type Vault,
} from './identity/index.ts';
import type { Platform } from './core/platform/index.ts';
import { createSettings, type Settings } from './administration/settings/index.ts';
import type { WritableDatabase } from './core/database/index.ts';

/** What everything else of a station stands on. */
export interface Ground {
  readonly platform: Platform;
  readonly config: StationConfig;
  readonly database: WritableDatabase;
  readonly ring: KeyRing;
  readonly vault: Vault;
  /** By which the ledger knows equal secrets. */
  readonly secretDigest: SecretDigest;
  readonly audit: AuditTrail;
  readonly records: JournalDigests;
  /** Who may sit where, and whose word counts besides. */
  readonly access: Access;
  readonly samplePeople: SamplePeople;
  readonly settings: Settings;
  readonly ledger: Ledger;
  /** When the newest record was made before this start; null when there was none. */
  readonly newestRecordMs: number | null;
}

/** The secrets can be opened, the trail goes on, the ledger can be moved. Faults: `secret-unreadable`. */
export async function layGround(
  platform: Platform,
  config: StationConfig,
  database: WritableDatabase,
): Promise<Ground> {
  // Everything below writes, by a clock that nobody has judged yet.
  const newestRecordMs = database.newestRecordMs();
  const ring = await openKeyRing(database, platform);
  const vault = createVault(ring, platform.random);
  const audit = createAuditTrail(database, platform.clock);
  const { lostAuditEntries } = database;
  if (lostAuditEntries > 0) {
    platform.log.warn('audit.lost', { entries: lostAuditEntries });
    database.transaction(() =>
      audit.record(STATION_ITSELF, 'audit.lost', 'trail', { entries: lostAuditEntries }),
    );
  }
  const records = createJournalDigests(database, audit);
  records.keepAdopted();
  const access = createAccess({ database, platform, audit });
  const samplePeople = createSamplePeople({
    database,
    platform,
    audit,
    sampleLine: config.sampleLine === true,
  });
  const warning = platform.secretBox.warning?.() ?? null;
  if (warning !== null) {
    platform.log.warn('secrets.key-exposed', { warning });
    database.transaction(() => audit.record(STATION_ITSELF, 'secrets.key-exposed', 'host-key', { warning }));
  }
  const secretDigest = openSecretDigest(database, vault, platform);
  const { doubled } = fillSecretDigests(database, vault, secretDigest, platform.clock.nowMs());
  if (doubled.length > 0)
    platform.log.warn('triples.one-secret-twice', { names: doubled.slice(0, 20).join(' ') });
  const settings = createSettings(database, vault, audit, platform.random);
  const ledger = createLedger(database, vault, platform.clock, audit);
  // After the ledger has looked at its mark: that steps are missing says more than that it is a copy.
  await keepHome({ database, platform, audit, approve: access.approve }, config.moved);
  return {
    platform,
    config,
    database,
    ring,
    vault,
    secretDigest,
    audit,
    records,
    access,
    samplePeople,
    settings,
    ledger,
    newestRecordMs,
  };
}
