import { Fault } from '#shared/domain/fault.ts';
import { accessPoint, WifiAir } from '../../../../../../simulator/air/index.ts';
import { ActiveFaults, type UnitFault } from '../../../../../../simulator/faults/index.ts';
import { type BlufiKind, BlufiUnit } from '../../../../../../simulator/parts/blufi/index.ts';
import type { TokenReply } from '../../../../../../simulator/parts/provisioning/index.ts';
import { WifiSide } from '../../../../../../simulator/parts/wifi/index.ts';
import { createRandom } from '../../../../../../simulator/platform/index.ts';
import type { DeviceContext } from '../../../../../../simulator/profiles/profile.ts';
import type { BleConnection } from '../../../../../../station/core/platform/index.ts';
import { SecretMask } from '../../../../../../station/core/secret-mask/index.ts';
import { VirtualClock } from '../../../../../support/virtual-clock.ts';

export const GIVEN = {
  ssid: 'GW-LINE 测试',
  password: 'correct horse battery',
  token: 'v3_0123456789abcdef0123456789abc',
};

export interface UnitOptions {
  readonly faults?: readonly UnitFault[];
  /** MTU of the connection. Default 23. */
  readonly mtu?: number;
  /** The network of the air. Default: that of `GIVEN`. */
  readonly network?: Readonly<Record<string, unknown>>;
  /** What the cloud says to the token. Default: code 0. */
  readonly reply?: TokenReply;
}

/** A simulated unit at the other end of a connection in memory, which takes no time. */
export class UnitOnLink implements Disposable {
  readonly clock = new VirtualClock();
  readonly mask = new SecretMask();
  /** Tokens that the unit has reported. */
  readonly reported: string[] = [];
  /** Values on the air, with `>` from the station and `<` from the unit. */
  readonly said: string[] = [];
  /** Values that the station has marked as secrets. */
  readonly secrets: string[] = [];
  readonly wifi: WifiSide;
  readonly connection: BleConnection;
  readonly unit: BlufiUnit;

  constructor(kind: BlufiKind, { faults = [], mtu = 23, network = {}, reply }: UnitOptions = {}) {
    const air = new WifiAir([
      accessPoint.parse({ ssid: GIVEN.ssid, password: GIVEN.password, rssiDbm: -51, ...network }),
      accessPoint.parse({ ssid: 'neighbour', password: 'x'.repeat(20), rssiDbm: -80 }),
      accessPoint.parse({ ssid: '5 GHz', channel: 44 }),
    ]);
    const context = {
      flash: { identity: { productId: 'CS0SLTKSYA', deviceName: 'dev1' } },
      faults: new ActiveFaults(faults),
      random: createRandom(`blufi ${kind}`),
      wifi: air,
      wait: this.clock.sleep,
      onError: (error: unknown) => {
        throw error;
      },
    } as unknown as DeviceContext;
    this.wifi = new WifiSide(context);
    this.unit = new BlufiUnit(context, kind, {
      wifi: this.wifi,
      join: (ssid, password, signal) => this.wifi.join(ssid, password, signal),
      logIn: () => Promise.resolve('online'),
      reportToken: (token) => {
        this.reported.push(token);
        return Promise.resolve(reply ?? { code: 0, status: 'success' });
      },
      close: () => Promise.resolve(),
    });
    this.connection = this.#connect(mtu);
    this.unit.powerOn();
  }

  [Symbol.dispose](): void {
    void this.unit.powerOff();
    this.clock[Symbol.dispose]();
  }

  #connect(mtu: number): BleConnection {
    let listener: ((value: Uint8Array) => void) | null = null;
    let onLost: ((fault: Fault) => void) | null = null;
    const service = this.unit.gatt({
      notify: (_uuid, value) => {
        this.said.push(`<${Buffer.from(value).toString('hex')}`);
        listener?.(Uint8Array.from(value));
      },
      breakConnections: () => {
        listener = null;
        this.unit.disconnected();
        onLost?.(new Fault('ble-lost', 'the connection broke'));
      },
    });
    const [command, status] = service.characteristics;
    return {
      address: 'AA:BB:CC:DD:01:02',
      services: () => Promise.resolve(['1800', service.uuid]),
      characteristics: () => Promise.resolve([]),
      read: () => Promise.resolve(new Uint8Array()),
      rssi: () => Promise.resolve(-50),
      mtu: () => Promise.resolve(mtu),
      write: (_service, _characteristic, bytes, options) => {
        const hex = Buffer.from(bytes).toString('hex');
        this.said.push(`>${hex}`);
        if ('secret' in options && options.secret === true) this.secrets.push(hex);
        if (bytes.length > mtu - 3) throw new Error(`${bytes.length} bytes at an MTU of ${mtu}`);
        command?.write?.(bytes);
        return Promise.resolve();
      },
      subscribe: (_service, _characteristic, heard) => {
        listener = heard;
        status?.subscribed?.(mtu - 3);
        return Promise.resolve({ [Symbol.dispose]: () => void (listener = null) });
      },
      onLost: (lost) => void (onLost = lost),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
}
