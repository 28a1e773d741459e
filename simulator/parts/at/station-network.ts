import { createHash } from 'node:crypto';

import type { AccessPoint, WifiAir } from '../../air/index.ts';

/** The network that units have stored at first. Any name and password join it, unless the networks in range were chosen. */
const SIMULATED_NETWORK = {
  ssid: 'GW-LINE',
  channel: 6,
  rssiDbm: -48,
  gateway: '192.168.4.1',
  mask: '255.255.255.0',
};
const NO_ADDRESS = '0.0.0.0';

export interface Addresses {
  readonly ip: string;
  readonly gateway: string;
  readonly netmask: string;
}

/** A network as a command named it: the bytes of name and password as Latin-1. */
interface KnownNetwork {
  readonly ssid: string;
  /** `null`: the right one, whatever it is. */
  readonly password: string | null;
}

export interface StationNetworkOptions {
  readonly mac: string;
  /** Nothing is stored but what a command stores. */
  readonly isFactoryState: () => boolean;
  readonly air: WifiAir;
}

/**
 * The Wi-Fi of a module: the stored network and mode, which survive a restart and `AT+TCRESTORE`, the present ones, and whether the
 * network is joined. Units have the simulated network stored, as after an earlier test; with the fault `no-wifi` none is stored.
 * Source: ESP-AT's Wi-Fi commands, as the platform's AT test tool uses them.
 */
export class StationNetwork {
  readonly #options: StationNetworkOptions;
  /** The network stored by a command, `null` after it was deleted; undefined before any command. */
  #storedByCommand: KnownNetwork | null | undefined;
  /** The network of a command that stores nothing, `null` after it was left; undefined: the stored one. */
  #present: KnownNetwork | null | undefined;
  #left = false;
  #staticAddresses: Addresses | null = null;
  #storedMode = 1;
  #mode = 1;
  /** `AT+SYSSTORE`: whether commands store what they set. */
  storesSettings = true;
  /** Called when the module may have joined or left the network. */
  onChange: () => void = () => undefined;

  constructor(options: StationNetworkOptions) {
    this.#options = options;
  }

  /** 0 off, 1 station, 2 access point, 3 both. */
  get mode(): number {
    return this.#mode;
  }

  setMode(mode: number, stores: boolean): void {
    this.#mode = mode;
    if (stores && this.storesSettings) this.#storedMode = mode;
    this.onChange();
  }

  get isStation(): boolean {
    return this.#mode === 1 || this.#mode === 3;
  }

  get joined(): boolean {
    return this.accessPoint !== null;
  }

  get #stored(): KnownNetwork | null {
    if (this.#storedByCommand !== undefined) return this.#storedByCommand;
    return this.#options.isFactoryState() ? null : { ssid: SIMULATED_NETWORK.ssid, password: null };
  }

  /** After power-on the module joins the stored network. */
  boot(): void {
    this.#left = false;
    this.#present = undefined;
    this.#mode = this.#storedMode;
    this.storesSettings = true;
    this.onChange();
  }

  join(ssid: string, password: string, stores: boolean): void {
    if (stores && this.storesSettings) {
      this.#storedByCommand = { ssid, password };
      this.#present = undefined;
    } else this.#present = { ssid, password };
    this.#left = false;
    this.onChange();
  }

  leave(): void {
    this.#left = true;
    this.onChange();
  }

  /** Leaves the network and deletes the stored one. */
  forget(): void {
    if (this.storesSettings) this.#storedByCommand = null;
    this.#present = null;
    this.onChange();
  }

  setStaticAddresses(addresses: Addresses): void {
    this.#staticAddresses = addresses;
  }

  get addresses(): Addresses {
    if (!this.joined) return { ip: NO_ADDRESS, gateway: NO_ADDRESS, netmask: NO_ADDRESS };
    if (this.#staticAddresses !== null) return this.#staticAddresses;
    const [byte = 0] = createHash('sha256').update(this.#options.mac).digest();
    const { gateway, mask } = SIMULATED_NETWORK;
    return { ip: `192.168.4.${2 + (byte % 250)}`, gateway, netmask: mask };
  }

  /** The joined access point: name as in the command, address, channel, RSSI; `null` when none is joined. */
  get accessPoint(): {
    readonly ssid: string;
    readonly bssid: string;
    readonly channel: number;
    readonly rssiDbm: number;
  } | null {
    const known = this.#present === undefined ? this.#stored : this.#present;
    if (!this.isStation || this.#left || known === null) return null;
    const { ssid } = known;
    const { air } = this.#options;
    if (!air.isChosen) return { ...this.nearby, ssid };
    const found = air.find(toText(ssid));
    if (found === null || !letsIn(found, known.password)) return null;
    return { ...this.nearby, ssid, channel: found.channel, rssiDbm: found.rssiDbm };
  }

  /** The access point that a scan finds where none were chosen. */
  get nearby(): {
    readonly ssid: string;
    readonly bssid: string;
    readonly channel: number;
    readonly rssiDbm: number;
  } {
    const { ssid, channel, rssiDbm } = SIMULATED_NETWORK;
    return { ssid, bssid: 'a2:b7:00:00:00:01', channel, rssiDbm };
  }
}

/** The text of bytes that a command line was read as: names of networks are UTF-8. */
export function toText(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}

function letsIn({ reachable, dhcpMs, password: wanted }: AccessPoint, password: string | null): boolean {
  return reachable && dhcpMs !== null && (password === null || toText(password) === wanted);
}
