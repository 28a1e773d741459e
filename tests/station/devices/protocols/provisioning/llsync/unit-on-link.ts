import { Fault } from '#shared/domain/fault.ts';
import { accessPoint, WifiAir } from '../../../../../../simulator/air/index.ts';
import { ActiveFaults, type UnitFault } from '../../../../../../simulator/faults/index.ts';
import { type LlsyncKind, LlsyncUnit } from '../../../../../../simulator/parts/llsync/index.ts';
import { WifiSide } from '../../../../../../simulator/parts/wifi/index.ts';
import { createRandom } from '../../../../../../simulator/platform/index.ts';
import type { DeviceContext } from '../../../../../../simulator/profiles/profile.ts';
import type { BleConnection } from '../../../../../../station/core/platform/index.ts';
import { SecretMask } from '../../../../../../station/core/secret-mask/index.ts';
import {
  authenticationCode,
  type BleLink,
  type LlsyncKeys,
} from '../../../../../../station/devices/protocols/index.ts';
import { NEVER_ABORTED } from '../../../../../support/never-aborted.ts';
import { VirtualClock } from '../../../../../support/virtual-clock.ts';

export const GIVEN = {
  ssid: 'GW-LINE 测试',
  password: 'correct horse battery',
  token: 'v3_0123456789abcdef0123456789abc',
};
export const IDENTITY = {
  productId: 'ABCDEFGHIJ',
  deviceName: 'Dev01',
  deviceSecret: 'IyXmUW5sU/q1vnb5yzTkeQ==',
};

export interface UnitOptions {
  readonly faults?: readonly UnitFault[];
  /** MTU of the connection. Default 247. */
  readonly mtu?: number;
  /** The network of the air. Default: that of `GIVEN`. */
  readonly network?: Readonly<Record<string, unknown>>;
  /** Seconds that a binding waits for the button. */
  readonly secureBindS?: number;
  /** The DeviceSecret that the unit holds. */
  readonly secret?: string;
}

/** A simulated unit at the other end of connections in memory, which take no time. */
export class UnitOnLink implements Disposable {
  readonly clock = new VirtualClock();
  readonly mask = new SecretMask();
  /** Tokens that the unit has reported. */
  readonly reported: string[] = [];
  /** Values on the air, with `>` from the station and `<` from the unit. */
  readonly said: string[] = [];
  readonly faults: ActiveFaults;
  readonly unit: LlsyncUnit;
  readonly #services: readonly string[];
  readonly #mtu: number;
  readonly #gatt: ReturnType<LlsyncUnit['gatt']>;
  #listener: ((value: Uint8Array) => void) | null = null;
  #onLost: ((fault: Fault) => void) | null = null;

  constructor(kind: LlsyncKind, options: UnitOptions = {}) {
    const { faults = [], mtu = 247, network = {}, secureBindS = null, secret } = options;
    this.#mtu = mtu;
    this.#services = ['1800', `0000${kind}-65D0-4E20-B56A-E493541BA4E2`];
    this.faults = new ActiveFaults(faults);
    const { ssid, password } = GIVEN;
    const context = {
      mac: '24:6F:28:11:22:33',
      flash: { identity: { ...IDENTITY, deviceSecret: secret ?? IDENTITY.deviceSecret, region: '' } },
      faults: this.faults,
      random: createRandom(`llsync ${kind}`),
      wifi: new WifiAir([accessPoint.parse({ ssid, password, ...network })]),
      nowMs: () => this.clock.nowMs(),
      wait: this.clock.sleep,
      onError: (error: unknown) => {
        throw error;
      },
    } as unknown as DeviceContext;
    const wifi = new WifiSide(context);
    this.unit = new LlsyncUnit(context, {
      kind,
      firmware: '1.0.0',
      secureBindS,
      network: {
        wifi,
        join: (...of) => wifi.join(...of),
        logIn: () => Promise.resolve('online'),
        reportToken: (token) => {
          this.reported.push(token);
          return Promise.resolve({ code: 0, status: 'success' });
        },
        close: () => Promise.resolve(),
      },
    });
    this.#gatt = this.unit.gatt({
      notify: (_uuid, value) => {
        this.said.push(`<${Buffer.from(value).toString('hex')}`);
        if (value.length > this.#mtu - 3) throw new Error(`${value.length} bytes at an MTU of ${this.#mtu}`);
        this.#listener?.(Uint8Array.from(value));
      },
      breakConnections: () => this.breakConnection(),
    });
    this.unit.powerOn();
  }

  [Symbol.dispose](): void {
    void this.unit.powerOff();
    this.clock[Symbol.dispose]();
  }

  /** Lets the time of both sides pass. */
  pass(ms: number): Promise<void> {
    return this.clock.sleep(ms, NEVER_ABORTED);
  }

  breakConnection(): void {
    const onLost = this.#onLost;
    this.#listener = null;
    this.#onLost = null;
    this.unit.disconnected();
    onLost?.(new Fault('ble-lost', 'the connection broke'));
  }

  /** A new connection; the one before it has ended. */
  connect(): BleLink {
    this.breakConnection();
    let isLost = false;
    const requireLink = (): void => {
      if (isLost) throw new Fault('ble-lost', 'the connection broke');
    };
    const connection: BleConnection = {
      address: 'AA:BB:CC:DD:01:02',
      services: () => Promise.resolve(this.#services),
      characteristics: () => Promise.resolve([]),
      read: () => Promise.resolve(new Uint8Array()),
      rssi: () => Promise.resolve(-50),
      mtu: () => Promise.resolve(this.#mtu),
      write: async (_service, characteristic, bytes) => {
        requireLink();
        this.said.push(`>${Buffer.from(bytes).toString('hex')}`);
        if (bytes.length > this.#mtu - 3) throw new Error(`${bytes.length} bytes at an MTU of ${this.#mtu}`);
        const uuid = characteristic.replaceAll('-', '').toLowerCase();
        this.#gatt.characteristics.find((one) => one.uuid === uuid)?.write?.(bytes);
        await Promise.resolve();
      },
      subscribe: (_service, _characteristic, heard) => {
        requireLink();
        this.#listener = heard;
        return Promise.resolve({ [Symbol.dispose]: () => void (this.#listener = null) });
      },
      onLost: (lost) => {
        this.#onLost = (fault) => {
          isLost = true;
          lost(fault);
        };
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    return { connection, clock: this.clock, mask: this.mask };
  }
}

/** Keys of a binding, as a run has them. */
export function keysOf(localKey = Buffer.from('a1b2c3d4', 'hex')): LlsyncKeys {
  const secret = Buffer.from(IDENTITY.deviceSecret, 'base64');
  return {
    name: IDENTITY,
    nowS: () => 1_597_143_546,
    secretCode: (text) => Promise.resolve(authenticationCode(secret, text)),
    localCode: (text) => Promise.resolve(authenticationCode(localKey, text)),
    localKey: () => Promise.resolve(localKey),
    bindId: () => Promise.resolve(Buffer.from('0102030405060708', 'hex')),
  };
}
