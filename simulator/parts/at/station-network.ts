import { createHash } from 'node:crypto';

/** The simulated network. Any name and password join it, unless a fault prevents that. */
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

/**
 * The Wi-Fi of a module: the stored network, which survives a restart and `AT+TCRESTORE`, and whether it is joined. Units
 * have the simulated network stored, as after an earlier test; with the fault `no-wifi` none is stored. Source: ESP-AT's
 * Wi-Fi commands, as the platform's AT test tool uses them.
 */
export class StationNetwork {
  readonly #mac: string;
  readonly #isFactoryState: () => boolean;
  /** The network stored by a command, `null` after it was deleted; undefined before any command. */
  #storedByCommand: string | null | undefined;
  #left = false;
  #staticAddresses: Addresses | null = null;
  #mode = 1;
  /** Called when the module may have joined or left the network. */
  onChange: () => void = () => undefined;

  /** `isFactoryState`: nothing is stored but what a command stores. */
  constructor(mac: string, isFactoryState: () => boolean) {
    this.#mac = mac;
    this.#isFactoryState = isFactoryState;
  }

  /** 0 off, 1 station, 2 access point, 3 both. */
  get mode(): number {
    return this.#mode;
  }

  set mode(mode: number) {
    this.#mode = mode;
    this.onChange();
  }

  get isStation(): boolean {
    return this.#mode === 1 || this.#mode === 3;
  }

  get joined(): boolean {
    return this.isStation && !this.#left && this.#stored !== null;
  }

  get #stored(): string | null {
    if (this.#storedByCommand !== undefined) return this.#storedByCommand;
    return this.#isFactoryState() ? null : SIMULATED_NETWORK.ssid;
  }

  /** After power-on the module joins the stored network. */
  boot(): void {
    this.#left = false;
    this.onChange();
  }

  join(ssid: string): void {
    this.#storedByCommand = ssid;
    this.#left = false;
    this.onChange();
  }

  leave(): void {
    this.#left = true;
    this.onChange();
  }

  /** Leaves the network and deletes the stored one. */
  forget(): void {
    this.#storedByCommand = null;
    this.onChange();
  }

  setStaticAddresses(addresses: Addresses): void {
    this.#staticAddresses = addresses;
  }

  get addresses(): Addresses {
    if (!this.joined) return { ip: NO_ADDRESS, gateway: NO_ADDRESS, netmask: NO_ADDRESS };
    if (this.#staticAddresses !== null) return this.#staticAddresses;
    const [byte = 0] = createHash('sha256').update(this.#mac).digest();
    const { gateway, mask } = SIMULATED_NETWORK;
    return { ip: `192.168.4.${2 + (byte % 250)}`, gateway, netmask: mask };
  }

  /** The joined access point: name, address, channel, RSSI; `null` when none is joined. */
  get accessPoint(): {
    readonly ssid: string;
    readonly bssid: string;
    readonly channel: number;
    readonly rssiDbm: number;
  } | null {
    const ssid = this.#stored;
    return this.joined && ssid !== null ? { ...this.nearby, ssid } : null;
  }

  /** The access point that a scan finds. */
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
