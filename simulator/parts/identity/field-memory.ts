import type { StoredIdentity } from '../../flash/index.ts';
import type { DeviceContext } from '../../profiles/profile.ts';
import { storeIdentity } from './store-identity.ts';

export type Fields = Pick<StoredIdentity, 'productId' | 'deviceName' | 'deviceSecret'>;

/** Bytes of UTF-8 that a unit can store of each field. */
export type FieldLimits = Readonly<Record<keyof Fields, number>>;

/**
 * `refused`: the unit refuses at once. `failed`: its flash failed. `no-reply`: the unit has restarted, or its reply is lost.
 */
export type Written = 'stored' | 'bad-value' | 'refused' | 'failed' | 'no-reply';

const REGION = 'ap-guangzhou';
/** Time to erase and program a sector. */
const WRITE_MS = { least: 60, most: 150 } as const;

/**
 * The memory for the three fields of an identity. A write takes the time of a flash sector. Power loss during it leaves the
 * old identity or the new one.
 */
export class FieldMemory {
  readonly #context: DeviceContext;
  readonly #limits: FieldLimits;
  readonly #restart: () => void;

  /** `restart` is called where the unit loses its supply for a moment. */
  constructor(context: DeviceContext, limits: FieldLimits, restart: () => void) {
    this.#context = context;
    this.#limits = limits;
    this.#restart = restart;
  }

  /** The identity that the unit holds; `null` when it holds none. */
  get identity(): StoredIdentity | null {
    return this.#context.flash.identity;
  }

  /** Stores an identity, subject to the faults of a write. Rejects when the signal fires before the commit. */
  async write(fields: Fields, signal: AbortSignal): Promise<Written> {
    if (!this.#fits(fields)) return 'bad-value';
    const rejected = this.#context.faults.take('reject-write');
    if (rejected?.reply === 'cme') return 'refused';
    await this.#programming(signal);
    if (rejected !== null) return 'failed';
    return storeIdentity(this.#context, { ...fields, region: REGION }, this.#restart);
  }

  /** Erases the identity. Rejects when the signal fires before the commit. */
  async erase(signal: AbortSignal): Promise<void> {
    await this.#programming(signal);
    if (this.identity !== null) await this.#context.flash.eraseIdentity();
  }

  #programming(signal: AbortSignal): Promise<void> {
    return this.#context.wait(this.#context.random.integer(WRITE_MS.least, WRITE_MS.most), signal);
  }

  #fits(fields: Fields): boolean {
    return (['productId', 'deviceName', 'deviceSecret'] as const).every((name) => {
      const bytes = Buffer.byteLength(fields[name]);
      return bytes > 0 && bytes <= this.#limits[name];
    });
  }
}
