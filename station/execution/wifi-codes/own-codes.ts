import { encodeWifiQr } from '#shared/codec/qr/index.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { type RegistryClient, requireRegistry } from '../../registry-sync/client/index.ts';
import type { Networks } from '../networks/index.ts';

/** A code that a person orders: for a device or any of a product, and a stored network or a typed one. */
export interface OwnCodeOrder {
  readonly productId: string;
  readonly deviceName: string | null;
  readonly network: { readonly name: string } | { readonly ssid: string; readonly password: string };
  readonly lifeMs: number;
}

/** A provisioning token without its secret text. */
export type OwnCodeToken = Awaited<ReturnType<RegistryClient['readBindToken']>>;

interface OwnCodesOptions {
  readonly platform: Pick<Platform, 'random'>;
  readonly database: WritableDatabase;
  readonly audit: AuditTrail;
  readonly registry: () => RegistryClient | null;
  readonly networks: Pick<Networks, 'find'>;
}

/** Wi-Fi codes that a person makes outside of a run, each with a token of its own at the registry. The station keeps none of them. */
export class OwnCodes {
  readonly #options: OwnCodesOptions;

  constructor(options: OwnCodesOptions) {
    this.#options = options;
  }

  /**
   * Makes a token and the text of its code, which is secret. Faults: `bad-input` for a network that no device can join,
   * `network-unknown`, `secret-unreadable`, `not-configured`, those of the registry.
   */
  async make(
    { productId, deviceName, network, lifeMs }: OwnCodeOrder,
    by: Actor,
    signal: AbortSignal,
  ): Promise<{ readonly token: OwnCodeToken; readonly ssid: string; readonly text: string }> {
    const { platform, database, audit, registry, networks } = this.#options;
    const { ssid, password } = 'name' in network ? networks.find(network.name) : network;
    // Checked before a token is made: the token itself is always right.
    encodeWifiQr({ ssid, password, token: 'v3_' });
    const request = { productId, deviceName, lifeMs, key: platform.random.id() };
    const { token: secret, ...token } = await requireRegistry(registry()).makeBindToken(request, signal);
    const { tokenId } = token;
    database.transaction(() => audit.record(by, 'code.make', tokenId, { productId, deviceName, lifeMs }));
    return { token, ssid, text: encodeWifiQr({ ssid, password, token: secret }) };
  }

  /** Faults: `not-configured`, those of the registry. */
  read(tokenId: string, signal: AbortSignal): Promise<OwnCodeToken> {
    return requireRegistry(this.#options.registry()).readBindToken(tokenId, signal);
  }

  /**
   * Ends a token that was not bound: its code is of no use then. `unlessReported`: one that is no longer only made stays as it is.
   * Faults: as `read`.
   */
  async withdraw(
    tokenId: string,
    { unlessReported }: { readonly unlessReported: boolean },
    by: Actor,
    signal: AbortSignal,
  ): Promise<OwnCodeToken> {
    const { database, audit, registry } = this.#options;
    const before = unlessReported ? await this.read(tokenId, signal) : null;
    if (before !== null && before.state !== 'made') return before;
    const token = await requireRegistry(registry()).withdrawBindToken(tokenId, signal);
    database.transaction(() => audit.record(by, 'code.withdraw', tokenId, { state: token.state }));
    return token;
  }
}
