import type { Network } from './network.ts';
import type { Air } from './air.ts';
import type { IncomingMessage } from './framing.ts';

const FAILED = 1;
const STATION_MODE = 1;
const LONGEST_LOG_BYTES = 200;

/** Messages E0 to E5: network and token. The unit reports the token when it is logged in. */
export class ProvisioningPart {
  readonly #air: Air;
  readonly #network: Network;
  #wanted: { readonly ssid: string; readonly password: string } | null = null;

  constructor(air: Air, network: Network) {
    this.#air = air;
    this.#network = network;
  }

  async handle({ type, body }: IncomingMessage): Promise<void> {
    const air = this.#air;
    switch (type) {
      case 0xe0:
        air.isConnected = true;
        return air.sayInfo(air.context.flash.identity?.deviceName ?? '');
      case 0xe1:
        return air.sayResult('mode', 0xe0, body[0] === STATION_MODE ? 0 : FAILED);
      case 0xe2:
        this.#wanted = networkOf(body.subarray(2));
        return air.sayResult('network', 0xe1, this.#wanted === null ? FAILED : 0);
      case 0xe3:
        return this.#join();
      case 0xe4:
        return this.#takeToken(body.subarray(2).toString('latin1'));
      case 0xe5:
        return air.say('log', { type: 0xe4, body: Buffer.from(air.log).subarray(0, LONGEST_LOG_BYTES) });
      default:
    }
  }

  async #join(): Promise<void> {
    const { power } = this.#air;
    if (power === null) return;
    const { ssid, password } = this.#wanted ?? { ssid: '', password: '' };
    const result = await this.#network.join(ssid, password, power.signal);
    // Firmware of customers writes such lines, also with what must not be in them.
    if (result !== 'joined') this.#air.log = `wifi: ${result}, ssid ${ssid}, pwd ${password}`;
    const name = Buffer.from(ssid);
    const isRefused = this.#air.take('join', 'refuse');
    const state = result === 'joined' && !isRefused ? 0 : 1;
    const head = Buffer.of(STATION_MODE, state, 0, name.length);
    this.#air.say('join', { type: 0xe2, body: Buffer.concat([head, name]) });
  }

  #takeToken(token: string): void {
    const { power, tasks } = this.#air;
    const isReady = this.#network.wifi.joined !== null && token !== '';
    if (!isReady) this.#air.log = 'token without network';
    // A unit that refuses the token does not report it.
    const isRefused = this.#air.take('token', 'refuse');
    this.#air.say('token', { type: 0xe3, body: Buffer.of(isReady && !isRefused ? 0 : FAILED) });
    if (power === null || !isReady || isRefused) return;
    tasks.track(this.#report(token, power.signal));
  }

  async #report(token: string, signal: AbortSignal): Promise<void> {
    const result = await this.#network.logIn(signal);
    if (result === 'online') await this.#network.reportToken(token);
    else this.#air.log = `cloud: ${result}`;
  }
}

/** SSID and password, each with one byte of length in front. */
function networkOf(bytes: Buffer): { readonly ssid: string; readonly password: string } | null {
  const nameEnd = 1 + (bytes[0] ?? 0);
  const end = nameEnd + 1 + (bytes[nameEnd] ?? 0);
  if (bytes.length < nameEnd + 1 || bytes.length < end) return null;
  return { ssid: bytes.toString('utf8', 1, nameEnd), password: bytes.toString('utf8', nameEnd + 1, end) };
}
