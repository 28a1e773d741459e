import { createHash } from 'node:crypto';

import type { DeviceContext } from '../../profiles/profile.ts';

const DETECTING_MS = 400;
/**
 * Codes of document 001, "XP2P error codes", of the app's SDK. The console output of such a code is specific to the sample
 * products.
 */
const XP2P = { none: 0, uninit: -1003, detecting: -1010 } as const;

/** The peer-to-peer service of a device. It starts a moment after the login and then has an address to report. */
export class Xp2p {
  readonly #context: DeviceContext;
  #state: 'down' | 'detecting' | 'up' = 'down';

  constructor(context: DeviceContext) {
    this.#context = context;
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.#state !== 'down') return;
    this.#state = 'detecting';
    await this.#context.wait(DETECTING_MS, signal);
    this.#state = 'up';
  }

  /** The status code of the service: 0 without an error. */
  code(): number {
    if (this.#state === 'down') return XP2P.uninit;
    const wrong = this.#context.faults.take('xp2p');
    if (wrong !== null) return wrong.code;
    return this.#state === 'up' ? XP2P.none : XP2P.detecting;
  }

  /**
   * Value of `_sys_xp2p_info`, by which a viewer finds the device; empty until the service is up. Document 001 specifies a
   * string of 0 to 64 characters and does not describe its form.
   */
  get info(): string {
    if (this.#state !== 'up' || this.#context.faults.get('xp2p') !== null) return '';
    const digest = createHash('sha256').update(this.#context.mac).digest('base64');
    return digest.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 40);
  }
}
