import { findWifiProblem } from '#shared/codec/qr/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { MAX_NETWORKS, type NetworkSetting, networkSettings } from '#shared/domain/network.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { Vault } from '../../identity/index.ts';

/** Key of the sealed list in the table `meta`, and its owner in the vault; persisted. */
export const NETWORKS = 'networks';

/** The Wi-Fi networks of the station, which units are provisioned for. Names and passwords are stored sealed, in one value. */
export class Networks {
  readonly #database: WritableDatabase;
  readonly #vault: Vault;
  readonly #audit: AuditTrail;

  constructor(database: WritableDatabase, vault: Vault, audit: AuditTrail) {
    this.#database = database;
    this.#vault = vault;
    this.#audit = audit;
  }

  /** All networks with their passwords, by name. Faults: `secret-unreadable`. */
  all(): readonly NetworkSetting[] {
    const sealed = this.#database.meta.get(NETWORKS);
    if (sealed === null) return [];
    return this.#vault.reveal(Buffer.from(sealed, 'base64'), NETWORKS, (text) =>
      networkSettings.parse(JSON.parse(text)),
    );
  }

  /** Faults: `network-unknown`, `secret-unreadable`. */
  find(name: string): NetworkSetting {
    const found = this.all().find((network) => network.name === name);
    if (found !== undefined) return found;
    throw new Fault('network-unknown', `this station has no Wi-Fi network "${name}"`, {
      hint: 'An engineer adds it under Station, Wi-Fi networks, or with "station network set".',
      details: { network: name },
    });
  }

  /**
   * Adds a network or changes the one of this name; the same again is no change. `password`: `null` keeps the stored one. Faults:
   * `bad-input`, `secret-unreadable`.
   */
  set(
    { name, ssid, password }: Omit<NetworkSetting, 'password'> & { password: string | null },
    by: Actor,
  ): void {
    this.#database.transaction(() => {
      const before = this.all();
      const own = before.find((network) => network.name === name);
      const network = { name, ssid, password: password ?? own?.password ?? needsPassword(name) };
      requireJoinable(network);
      if (own === undefined && before.length >= MAX_NETWORKS)
        throw new Fault('bad-input', `a station has at most ${MAX_NETWORKS} Wi-Fi networks`, {
          hint: 'Remove one that no recipe uses.',
        });
      const isNew = own === undefined;
      const newSsid = own?.ssid !== ssid;
      const newPassword = own?.password !== network.password;
      if (!isNew && !newSsid && !newPassword) return;
      this.#audit.record(by, 'settings.network', name, { isNew, newSsid, newPassword });
      this.#store([...before.filter((other) => other !== own), network]);
    });
  }

  /** Faults: `network-unknown`, `secret-unreadable`. */
  remove(name: string, by: Actor): void {
    this.#database.transaction(() => {
      this.find(name);
      this.#audit.record(by, 'settings.network-remove', name, {});
      this.#store(this.all().filter((network) => network.name !== name));
    });
  }

  #store(networks: readonly NetworkSetting[]): void {
    const sorted = [...networks].sort((a, b) => a.name.localeCompare(b.name, 'en'));
    const sealed = this.#vault.seal(JSON.stringify(sorted), NETWORKS);
    this.#database.meta.set(NETWORKS, Buffer.from(sealed).toString('base64'));
  }
}

function needsPassword(name: string): never {
  throw new Fault('bad-input', `the Wi-Fi network "${name}" is new and needs a password`, {
    hint: 'Type it; leave it empty for an open network.',
    details: { field: 'password' },
  });
}

function requireJoinable(network: NetworkSetting): void {
  for (const field of ['ssid', 'password'] as const) {
    const problem = findWifiProblem(field, network[field]);
    if (problem === null) continue;
    const { what, hint, sizeBytes, limitBytes } = problem;
    throw new Fault('bad-input', `the ${field} of the Wi-Fi network "${network.name}" ${what}`, {
      hint,
      details: { field, sizeBytes, limitBytes },
    });
  }
}
