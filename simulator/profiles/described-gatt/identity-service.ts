import type { BluetoothLink } from '../../parts/bluetooth/index.ts';
import type { DescribedDevice, RunningUnit } from '../../parts/described/index.ts';
import type { Fields, Written } from '../../parts/identity/index.ts';
import type { GattService } from '../../radio/index.ts';

const UUID = {
  service: 'FFE0',
  productId: 'FFE1',
  deviceName: 'FFE2',
  deviceSecret: 'FFE3',
  control: 'FFE4',
  result: 'FFE5',
  identity: 'FFE6',
} as const;
const CONTROL = { store: 0x01, erase: 0x02, show: 0x3f } as const;
const RESULT: Readonly<Record<Exclude<Written, 'no-reply'>, number>> = {
  stored: 0x00,
  'bad-value': 0x01,
  failed: 0x02,
  refused: 0x03,
};
/** The longest value of an attribute, Core Specification Vol 3 Part F 3.2.9. */
const LONGEST_VALUE_BYTES = 512;

/**
 * The service of a unit that takes an identity over characteristics. The three fields are written first and are stored by the
 * control point, which notifies the result. The identity is read, or the control point notifies it. The secret cannot be read.
 */
export class IdentityService {
  readonly #device: DescribedDevice<unknown>;
  readonly #link: BluetoothLink;
  /** The written fields and the boot that they belong to: the next boot forgets them. */
  #draft: { readonly boot: RunningUnit; readonly fields: Partial<Fields> } | null = null;

  constructor(device: DescribedDevice<unknown>, link: BluetoothLink) {
    this.#device = device;
    this.#link = link;
  }

  gatt(): GattService {
    const field = (name: keyof Fields): ((value: Uint8Array) => boolean) => {
      return (value) => this.#setField(name, value);
    };
    return {
      uuid: UUID.service,
      characteristics: [
        { uuid: UUID.productId, write: field('productId') },
        { uuid: UUID.deviceName, write: field('deviceName') },
        { uuid: UUID.deviceSecret, write: field('deviceSecret') },
        { uuid: UUID.control, write: (value) => this.#execute(value) },
        { uuid: UUID.result, notifies: true },
        { uuid: UUID.identity, read: () => Buffer.from(this.#show()), notifies: true },
      ],
    };
  }

  #setField(name: keyof Fields, value: Uint8Array): boolean {
    const boot = this.#device.running;
    if (boot === null || value.length > LONGEST_VALUE_BYTES) return false;
    const before = this.#draft?.boot === boot ? this.#draft.fields : {};
    this.#draft = { boot, fields: { ...before, [name]: Buffer.from(value).toString('utf8') } };
    return true;
  }

  /** The identity. A unit with the fault says another one later. */
  #show(): string {
    const unit = this.#device.running;
    if (unit === null || unit.memory.identity === null) return '-';
    const other = unit.context.faults.take('ble-other-identity');
    if (other !== null) {
      const { signal } = unit;
      const later = unit.context.wait(other.afterMs, signal).then(() => {
        this.#link.notify(UUID.identity, Buffer.from(other.says));
      });
      this.#device.track(later);
    }
    const { productId, deviceName } = unit.memory.identity;
    return `${productId} ${deviceName}`;
  }

  #execute(value: Uint8Array): boolean {
    const unit = this.#device.running;
    const [control] = value;
    if (unit === null || value.length !== 1) return false;
    if (!Object.values<number | undefined>(CONTROL).includes(control)) return false;
    if (unit.context.faults.take('ble-drop') !== null) {
      this.#link.breakConnections();
      return true;
    }
    unit.context.commandStarted();
    if (control === CONTROL.show) {
      this.#link.notify(UUID.identity, Buffer.from(this.#show()));
      return true;
    }
    this.#device.track(control === CONTROL.store ? this.#store(unit) : this.#erase(unit));
    return true;
  }

  async #store(unit: RunningUnit): Promise<void> {
    const {
      productId = '',
      deviceName = '',
      deviceSecret = '',
    } = this.#draft?.boot === unit ? this.#draft.fields : {};
    this.#draft = null;
    const written = await unit.memory.write({ productId, deviceName, deviceSecret }, unit.signal);
    // The unit has restarted during the write.
    if (unit.signal.aborted) return this.#link.breakConnections();
    if (written !== 'no-reply') this.#report(unit, CONTROL.store, RESULT[written]);
  }

  async #erase(unit: RunningUnit): Promise<void> {
    await unit.memory.erase(unit.signal);
    this.#report(unit, CONTROL.erase, RESULT.stored);
  }

  #report(unit: RunningUnit, control: number, result: number): void {
    const wrong = unit.context.faults.take('ble-wrong-reply') === null ? 0 : 0xff;
    this.#link.notify(UUID.result, Buffer.of(control, result ^ wrong));
  }
}
