import { Fault } from '#shared/domain/fault.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { SecretMask } from '../../core/secret-mask/index.ts';
import type { BoundTriple, Ledger } from '../../identity/index.ts';

/** Where the secret of a unit is found, and what masks it. A run is one. */
export interface ConcealOptions {
  readonly database: WritableDatabase;
  readonly ledger: Pick<Ledger, 'boundTo' | 'withSecret'>;
  readonly io: { readonly mask: Pick<SecretMask, 'concealSecret' | 'protect'> };
}

/**
 * Masks the secret that the ledger has for a chip. A unit may say it before it is asked for anything: its application writes it
 * to its log when it starts.
 */
export async function concealSecretOfChip(options: ConcealOptions, chipId: string): Promise<void> {
  const unit = options.database.units.findByChip(chipId);
  const bound = unit === null ? null : options.ledger.boundTo(unit.unitId);
  if (bound !== null) await reveal(options, bound, (secret) => options.io.mask.concealSecret(secret));
}

/** As `concealSecretOfChip`, for the unit that had a serial number last, before the unit is identified. */
export async function concealSecretOfSerial(options: ConcealOptions, serialNumber: string): Promise<void> {
  const { database } = options;
  const chipId =
    database.units.findBySerialNumber(serialNumber)?.chipId ??
    database.runs.listOfSerialNumber(serialNumber).findLast((run) => run.chipId !== null)?.chipId;
  if (chipId != null) await concealSecretOfChip(options, chipId);
}

/**
 * Masks the secret that the ledger has for an identified unit from now on: a unit that holds it already may send it before anything is
 * written. A replay does the same with its own secret.
 */
export async function protectSecretOf(options: ConcealOptions, unitId: number): Promise<void> {
  const bound = options.ledger.boundTo(unitId);
  if (bound !== null) await reveal(options, bound, (secret) => options.io.mask.protect([secret]));
}

/** A secret that cannot be read cannot be searched; who needs it has this fault. */
async function reveal(
  { ledger }: ConcealOptions,
  bound: BoundTriple,
  use: (secret: string) => void,
): Promise<void> {
  try {
    await ledger.withSecret(bound, ({ deviceSecret }) => Promise.resolve(use(deviceSecret)));
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'secret-unreadable') throw error;
  }
}
