import { createHmac } from 'node:crypto';
import type { PageDefaults } from '#shared/contract/settings.ts';
import { Fault } from '#shared/domain/fault.ts';
import { stationName } from '#shared/registry-api/index.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { RecordingLimits } from '../../execution/recording/index.ts';
import type { Vault } from '../../identity/index.ts';
import {
  type RegistryBinding,
  registryBaseUrl,
  type StoredBinding,
} from '../../registry-sync/client/index.ts';
import { checkedHardware, type Hardware, HARDWARE, hardwareOf } from './hardware.ts';
import { PAGES, readPageDefaults } from './page-defaults.ts';
import { checkedLimits, recordingLimits, RECORDINGS } from './recording-limits.ts';
import { requireRenamable } from './require-renamable.ts';
import {
  NAME,
  readRegistryBinding,
  readStationName,
  REGISTRY_FINGERPRINT,
  REGISTRY_TOKEN,
  REGISTRY_URL,
  STATION_SECRET,
  TOKEN_IS_OWN,
  unsealSetting,
} from './registry-binding.ts';

export interface SettingsChange {
  readonly station?: string | undefined;
  readonly registry?: RegistryBinding | undefined;
  readonly recordings?: Partial<RecordingLimits> | undefined;
  readonly pages?: PageDefaults | undefined;
  readonly hardware?: Hardware | undefined;
}

/** The station's name, its registry, the limits of its recordings, and the defaults of its pages. */
export class Settings {
  readonly #database: WritableDatabase;
  readonly #vault: Vault;
  readonly #audit: AuditTrail;
  readonly #platform: Pick<Platform, 'hostName' | 'random'>;
  readonly #listeners = new Set<() => void>();

  constructor(
    database: WritableDatabase,
    vault: Vault,
    audit: AuditTrail,
    platform: Pick<Platform, 'hostName' | 'random'>,
  ) {
    this.#database = database;
    this.#vault = vault;
    this.#audit = audit;
    this.#platform = platform;
  }

  /** The configured name, else that of the computer. */
  station(): string {
    return readStationName(this.#database, this.#platform);
  }

  /** Whether the station has a name of its own, not that of the computer. */
  isNamed(): boolean {
    return this.#database.meta.get(NAME) !== null;
  }

  /** Whether the station is bound to a registry; the token is not opened. */
  isBound(): boolean {
    return this.#database.meta.get(REGISTRY_URL) !== null;
  }

  /** Null when the station is bound to no registry. */
  registry(): StoredBinding | null {
    return readRegistryBinding(this.#database, this.#vault);
  }

  /**
   * The token that this station exchanges an enrolment token for. It is the same at every call, and reveals nothing about
   * the station's token for another enrolment.
   */
  ownToken(enrolmentToken: string, station: string): string {
    const derive = (secret: string): string =>
      createHmac('sha256', Buffer.from(secret, 'base64'))
        .update(JSON.stringify(['gongwei station token', enrolmentToken, station]))
        .digest('base64url');
    return this.#database.transaction(() => {
      const stored = unsealSetting(this.#database, this.#vault, STATION_SECRET, derive);
      if (stored !== null) return stored;
      const secret = Buffer.from(this.#platform.random.bytes(32)).toString('base64');
      this.#seal(STATION_SECRET, secret);
      return derive(secret);
    });
  }

  /** The registry has accepted `token` as this station's own: it replaces the `configured` one. */
  storeOwnToken(configured: string, token: string): void {
    this.#database.transaction(() => {
      // The station was bound to another registry meanwhile: this answer does not concern that one.
      if (this.registry()?.token !== configured) return;
      this.#seal(REGISTRY_TOKEN, token);
      this.#database.meta.set(TOKEN_IS_OWN, '1');
    });
  }

  /** The limits of the stored recordings. */
  recordings(): RecordingLimits {
    return recordingLimits(this.#database);
  }

  /** What pages use until their browser has a choice of its own. */
  pages(): PageDefaults {
    return readPageDefaults(this.#database);
  }

  /** The hardware for all slots, from the next opening of the station on. */
  hardware(): Hardware {
    return hardwareOf(this.#database);
  }

  /** Calls `listener` after each `configure`. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /**
   * Changes all that is given, or nothing. Faults: `bad-input` for a malformed value, and for another name while the
   * registry expects results from the old one; see `requireRenamable`.
   */
  configure({ station, registry, recordings, pages, hardware }: SettingsChange, by: Actor): void {
    if (station !== undefined && !stationName.safeParse(station).success)
      throw new Fault('bad-input', `"${station}" cannot be a station's name`, {
        hint: 'Use 1 to 64 printable characters.',
      });
    const url = registry === undefined ? null : registryBaseUrl(registry.url);
    const limits = recordings === undefined ? null : checkedLimits({ ...this.recordings(), ...recordings });
    const chosen = hardware === undefined ? null : checkedHardware(hardware);
    // A value that is set again is no change and has no audit entry.
    this.#database.transaction(() => {
      if (station !== undefined) this.#rename(station, registry !== undefined, by);
      if (limits !== null) this.#setText('recordings', RECORDINGS, this.recordings(), limits, by);
      if (pages !== undefined) this.#setText('pages', PAGES, this.pages(), pages, by);
      if (chosen !== null) this.#setText('hardware', HARDWARE, this.hardware(), chosen, by);
      if (registry !== undefined && url !== null) this.#bind({ ...registry, url }, by);
    });
    for (const listener of this.#listeners) listener();
  }

  #rename(to: string, isBoundAnew: boolean, by: Actor): void {
    const { meta } = this.#database;
    if (to === meta.get(NAME)) return;
    requireRenamable(this.#database, this.registry(), { from: this.station(), to }, isBoundAnew);
    this.#audit.record(by, 'settings.station', NAME, { from: meta.get(NAME), to });
    meta.set(NAME, to);
  }

  /** Stores a setting as JSON, with an entry of both texts. */
  #setText(
    what: 'hardware' | 'pages' | 'recordings',
    key: string,
    before: object,
    after: object,
    by: Actor,
  ): void {
    const [from, to] = [JSON.stringify(before), JSON.stringify(after)];
    if (from === to) return;
    this.#audit.record(by, `settings.${what}`, key, { from, to });
    this.#database.meta.set(key, to);
  }

  #bind({ url, token, fingerprint = null }: RegistryBinding, by: Actor): void {
    const { meta } = this.#database;
    const before = this.registry();
    const wasExchanged = before?.isOwn === true && before.token === this.ownToken(token, this.station());
    const newToken = !wasExchanged && before?.token !== token;
    if (before?.url === url && before.fingerprint === fingerprint && !newToken) return;
    this.#audit.record(by, 'settings.registry', REGISTRY_URL, {
      from: before?.url ?? null,
      to: url,
      newToken,
      ...(fingerprint === null ? {} : { fingerprint }),
    });
    meta.set(REGISTRY_FINGERPRINT, fingerprint ?? '');
    meta.set(REGISTRY_URL, url);
    if (!newToken) return;
    this.#seal(REGISTRY_TOKEN, token);
    meta.set(TOKEN_IS_OWN, '0');
  }

  #seal(name: string, secret: string): void {
    this.#database.meta.set(name, Buffer.from(this.#vault.seal(secret, name)).toString('base64'));
  }
}
