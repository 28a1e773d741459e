import { z } from 'zod';

const ms = z.number().int().min(0).max(600_000);

/** An access point of the simulated radio range. */
export const accessPoint = z.strictObject({
  /** 1 to 32 bytes of UTF-8 (IEEE 802.11, 9.4.2.2). */
  ssid: z.string().refine((text) => text !== '' && Buffer.byteLength(text) <= 32, 'has 1 to 32 bytes'),
  /** Passphrase; empty for an open network. */
  password: z.string().max(64).default(''),
  /** 1 to 14: 2.4 GHz. Units have no radio for higher channels, those of 5 GHz. */
  channel: z.number().int().min(1).max(196).default(6),
  rssiDbm: z.number().int().min(-100).max(0).default(-48),
  /** False: it is seen, but does not answer the units. */
  reachable: z.boolean().default(true),
  /** How long its DHCP server takes for an address; `null`: it has none. */
  dhcpMs: ms.nullable().default(700),
});
export type AccessPoint = z.output<typeof accessPoint>;

export const accessPoints = z.array(accessPoint).max(64);

/** The access point that units find when a simulator is started without others. */
export const USUAL_ACCESS_POINT: AccessPoint = accessPoint.parse({
  ssid: 'GW-LINE',
  password: 'gongwei-line',
});

const HIGHEST_CHANNEL_24_GHZ = 14;

/** The access points in range of all units of a simulator. They may be replaced while units run. */
export class WifiAir {
  #accessPoints: readonly AccessPoint[];
  #isChosen: boolean;

  /** @param all left out: the usual access point */
  constructor(all?: readonly AccessPoint[]) {
    this.#accessPoints = all ?? [USUAL_ACCESS_POINT];
    this.#isChosen = all !== undefined;
  }

  /** Whether the access points were given at the start. AT modules join any network when they were not. */
  get isChosen(): boolean {
    return this.#isChosen;
  }

  /** Every access point, also those of 5 GHz, the strongest first. */
  get all(): readonly AccessPoint[] {
    return [...this.#accessPoints].sort((a, b) => b.rssiDbm - a.rssiDbm);
  }

  set(all: readonly AccessPoint[]): void {
    this.#accessPoints = all;
    this.#isChosen = true;
  }

  /** What a scan of a unit finds: 2.4 GHz only, the strongest first. */
  visible(): readonly AccessPoint[] {
    return this.all.filter(({ channel }) => channel <= HIGHEST_CHANNEL_24_GHZ);
  }

  /** The strongest access point of a network that a unit can hear; `null` when there is none. */
  find(ssid: string): AccessPoint | null {
    return this.visible().find((one) => one.ssid === ssid) ?? null;
  }
}
