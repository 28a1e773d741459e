import {
  type Access,
  createAccess,
  createSamplePeople,
  type SamplePeople,
} from './administration/people/index.ts';
import {
  type AuditTrail,
  createAuditTrail,
  createRecordKeeper,
  type RecordKeeper,
  STATION_ITSELF,
} from './core/audit-log/index.ts';
import type { StationConfig } from './config.ts';
import {
  createLedger,
  createVault,
  fillSecretDigests,
  type KeyRing,
  type Ledger,
  bindToMachine,
  openKeyRing,
  openSecretDigest,
  type SecretDigest,
  type Vault,
} from './identity/index.ts';
import type { Platform } from './core/platform/index.ts';
import { createSettings, type Settings } from './administration/settings/index.ts';
import type { Store } from './core/database/index.ts';

/** What everything else of a station stands on. */
export interface Ground {
  readonly platform: Platform;
  readonly config: StationConfig;
  readonly store: Store;
  readonly ring: KeyRing;
  readonly vault: Vault;
  /** By which the ledger knows equal secrets. */
  readonly secretDigest: SecretDigest;
  readonly audit: AuditTrail;
  readonly records: RecordKeeper;
  /** Who may sit where, and whose word counts besides. */
  readonly access: Access;
  readonly samplePeople: SamplePeople;
  readonly settings: Settings;
  readonly ledger: Ledger;
  /** When the newest record was made before this start; null when there was none. */
  readonly newestRecordMs: number | null;
}

/** The secrets can be opened, the trail goes on, the ledger can be moved. Faults: `secret-unreadable`. */
export async function layGround(platform: Platform, config: StationConfig, store: Store): Promise<Ground> {
  // Everything below writes, by a clock that nobody has judged yet.
  const newestRecordMs = store.newestRecordMs();
  const ring = await openKeyRing(store, platform);
  const vault = createVault(ring, platform.random);
  const audit = createAuditTrail(store, platform.clock);
  const { lostEntries } = store;
  if (lostEntries > 0) {
    platform.log.warn('audit.lost', { entries: lostEntries });
    store.transaction(() => audit.note(STATION_ITSELF, 'audit.lost', 'trail', { entries: lostEntries }));
  }
  const records = createRecordKeeper(store, audit);
  records.keepAdopted();
  const access = createAccess({ store, platform, audit });
  const samplePeople = createSamplePeople({
    store,
    platform,
    audit,
    sampleLine: config.sampleLine === true,
  });
  const warning = platform.secretBox.warning?.() ?? null;
  if (warning !== null) {
    platform.log.warn('secrets.key-exposed', { warning });
    store.transaction(() => audit.note(STATION_ITSELF, 'secrets.key-exposed', 'host-key', { warning }));
  }
  const secretDigest = openSecretDigest(store, vault, platform);
  const { doubled } = fillSecretDigests(store, vault, secretDigest, platform.clock.nowMs());
  if (doubled.length > 0)
    platform.log.warn('triples.one-secret-twice', { names: doubled.slice(0, 20).join(' ') });
  const settings = createSettings(store, vault, audit, platform.random);
  const ledger = createLedger(store, vault, platform.clock, audit);
  // After the ledger has looked at its mark: that steps are missing says more than that it is a copy.
  await bindToMachine({ store, platform, audit, approve: access.approve }, config.moved);
  return {
    platform,
    config,
    store,
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
