import type { DeviceContext } from '../../profiles/profile.ts';
import type { AccessPoint } from '../../air/index.ts';

/** Why a unit has joined a network or not. */
export const JOIN_RESULTS = [
  'joined',
  'no-such-network',
  'wrong-password',
  'no-address',
  'time-out',
  /** The access point refused the association. */
  'refused',
] as const;
export type JoinResult = (typeof JOIN_RESULTS)[number];

/** Results by the codes of the fault `join-refused`, which are those of ESP-AT. */
const RESULT_OF_CODE: Readonly<Record<number, JoinResult>> = {
  1: 'time-out',
  2: 'wrong-password',
  3: 'no-such-network',
  4: 'refused',
};

const SCAN_MS = 400;
const ASSOCIATE_MS = 700;
/** A station without the right key repeats the four-way handshake before it gives up. */
const HANDSHAKE_FAILS_MS = 3_000;
/** Without an answer of the access point. */
const NO_ANSWER_MS = 15_000;
/** A DHCP client gives up after several requests. */
const NO_ADDRESS_MS = 10_000;

export interface KnownNetwork {
  readonly ssid: string;
  readonly password: string;
}

/**
 * The Wi-Fi radio of a unit as a station (client): it joins an access point of the air and keeps the network. The network
 * survives a loss of power; whether it is joined does not.
 */
export class WifiSide {
  readonly #context: Pick<DeviceContext, 'faults' | 'wait' | 'wifi'>;
  #known: KnownNetwork | null = null;
  #joined: AccessPoint | null = null;

  constructor(context: Pick<DeviceContext, 'faults' | 'wait' | 'wifi'>) {
    this.#context = context;
  }

  /** The network that is kept; `null` before the first and after `forget`. */
  get known(): KnownNetwork | null {
    return this.#known;
  }

  /** The joined access point; `null` when none is joined. */
  get joined(): AccessPoint | null {
    return this.#joined;
  }

  /** What a scan finds, the strongest first. */
  async scan(signal: AbortSignal): Promise<readonly AccessPoint[]> {
    await this.#context.wait(SCAN_MS, signal);
    return this.#context.wifi.visible();
  }

  /**
   * Leaves the present network and joins another, with the times of a real radio. The network is kept when it was joined. Errors:
   * the signal's reason.
   */
  async join(ssid: string, password: string, signal: AbortSignal): Promise<JoinResult> {
    const { faults, wait, wifi } = this.#context;
    this.#joined = null;
    await wait(SCAN_MS, signal);
    const refused = faults.take('join-refused');
    if (refused !== null) {
      await wait(ASSOCIATE_MS, signal);
      return RESULT_OF_CODE[refused.code] ?? 'refused';
    }
    const accessPoint = wifi.find(ssid);
    if (accessPoint === null) return 'no-such-network';
    if (!accessPoint.reachable) {
      await wait(NO_ANSWER_MS, signal);
      return 'time-out';
    }
    await wait(ASSOCIATE_MS, signal);
    if (accessPoint.password !== password) {
      await wait(HANDSHAKE_FAILS_MS, signal);
      return 'wrong-password';
    }
    const dhcpMs = faults.take('dhcp-slow')?.ms ?? accessPoint.dhcpMs;
    if (dhcpMs === null) {
      await wait(NO_ADDRESS_MS, signal);
      return 'no-address';
    }
    await wait(dhcpMs, signal);
    this.#known = { ssid, password };
    this.#joined = accessPoint;
    return 'joined';
  }

  /** Joins the kept network, as after power-on; `null` when none is kept. Errors: as `join`. */
  async rejoin(signal: AbortSignal): Promise<JoinResult | null> {
    const known = this.#known;
    return known === null ? null : this.join(known.ssid, known.password, signal);
  }

  /** Leaves the network and keeps it, as at power-off. */
  leave(): void {
    this.#joined = null;
  }

  /** Leaves the network and forgets it. */
  forget(): void {
    this.#joined = null;
    this.#known = null;
  }
}
