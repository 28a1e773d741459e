import { type Access, createAccess } from '../access/index.ts';
import { type AuditTrail, createAuditTrail, STATION_ITSELF } from '../audit/index.ts';
import type { StationConfig } from '../config.ts';
import {
  createLedger,
  createVault,
  type KeyRing,
  type Ledger,
  keepHome,
  openKeyRing,
  type Vault,
} from '../identity/index.ts';
import type { Platform } from '../platform/index.ts';
import { createSettings, type Settings } from '../settings/index.ts';
import type { Store } from '../store/index.ts';

/** What everything else of a station stands on. */
export interface Ground {
  readonly platform: Platform;
  readonly config: StationConfig;
  readonly store: Store;
  readonly ring: KeyRing;
  readonly vault: Vault;
  readonly audit: AuditTrail;
  /** Who may sit where, and whose word counts besides. */
  readonly access: Access;
  readonly settings: Settings;
  readonly ledger: Ledger;
}

/** The secrets can be opened, the trail goes on, the ledger can be moved. Faults: `secret-unreadable`. */
export async function layGround(platform: Platform, config: StationConfig, store: Store): Promise<Ground> {
  const ring = await openKeyRing(store, platform);
  const vault = createVault(ring, platform.random);
  const audit = createAuditTrail(store, platform.clock);
  const access = createAccess({ store, platform, audit });
  await keepHome({ store, platform, audit, approve: access.approve }, config.moved);
  const warning = platform.secretBox.warning?.() ?? null;
  if (warning !== null) {
    platform.log.warn('secrets.key-exposed', { warning });
    store.transaction(() => audit.note(STATION_ITSELF, 'secrets.key-exposed', 'host-key', { warning }));
  }
  const settings = createSettings(store, vault, audit);
  const ledger = createLedger(store, vault, platform.clock, audit);
  return { platform, config, store, ring, vault, audit, access, settings, ledger };
}
