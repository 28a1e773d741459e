import type { UnitReport } from '#shared/contract/index.ts';

export const COMPARED = ['deviceName', 'productId', 'chipId', 'secret', 'state'] as const;
export type ComparedName = (typeof COMPARED)[number];

/** The value of one property at one source. `silent`: the source was not asked, or has no such property. */
export type ComparedValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'silent' };

export interface ComparedRow {
  readonly name: ComparedName;
  readonly device: ComparedValue;
  readonly ledger: ComparedValue;
  readonly registry: ComparedValue;
  /** Two sources differ that should agree. */
  readonly differs: boolean;
}

const silent: ComparedValue = { kind: 'silent' };
const nothing: ComparedValue = { kind: 'nothing' };
const compared = (text: string | null | undefined): ComparedValue =>
  text === null || text === undefined ? nothing : { kind: 'text', text };

/** The values of device, ledger and registry for each property; states are not translated. */
export function compareIdentities(report: UnitReport): ComparedRow[] {
  const { reading, registry, chipId } = report;
  // Without a reading the ledger shows the retired identity, too. A unit that was read is compared with what it should hold.
  const retired = reading === null && report.retired !== null;
  const bound = retired ? { ...report.retired, state: 'retired' as const } : report.bound;
  const device = (text: string | null | undefined): ComparedValue =>
    reading === null ? silent : compared(text);
  const ledger = (text: string | null | undefined): ComparedValue =>
    bound === null ? nothing : compared(text);
  // The registry was queried for one name: the one that the device holds, or else the bound one.
  const queriedName = reading?.holds ?? bound;
  const cloud = (text: string | null | undefined): ComparedValue =>
    !report.registryReachable ? silent : registry === null ? nothing : compared(text);

  const rows: Omit<ComparedRow, 'differs'>[] = [
    {
      name: 'deviceName',
      device: device(reading?.holds?.deviceName),
      ledger: ledger(bound?.deviceName),
      registry: cloud(queriedName?.deviceName),
    },
    {
      name: 'productId',
      device: device(reading?.holds?.productId),
      ledger: ledger(bound?.productId),
      registry: cloud(queriedName?.productId),
    },
    // The ledger knows a unit by its chip id only through an identity.
    {
      name: 'chipId',
      device: device(chipId),
      ledger: bound === null ? silent : compared(chipId),
      registry: cloud(registry?.chipId),
    },
    { name: 'secret', device: device(secretWord(reading)), ledger: silent, registry: silent },
    {
      name: 'state',
      device: device(reading?.holds === null ? 'empty' : 'holds'),
      ledger: ledger(bound?.state),
      registry: cloud(registry?.state),
    },
  ];
  return rows.map((row) => ({ ...row, differs: differs(row) }));
}

/** A word of `returns.compare.secret`. */
export type SecretWord = (typeof SAME)[keyof typeof SAME] | 'differs' | 'unproven';

const SAME = {
  full: 'same',
  sha256: 'same-sha256',
  md5: 'same-md5',
  crc32: 'same-crc32',
  bcc8: 'same-checksum',
  none: 'same-checksum',
} as const;

/** What the device shows of the secret, compared with the ledger's; `null` when there is nothing to compare it with. */
function secretWord(reading: UnitReport['reading']): SecretWord | null {
  if (reading === null || reading.holds === null) return null;
  if (reading.readBack === 'name') return 'unproven';
  if (reading.secretMatches === null) return null;
  return reading.secretMatches ? SAME[reading.readBack] : 'differs';
}

function differs({ name, device, ledger, registry }: Omit<ComparedRow, 'differs'>): boolean {
  if (name === 'secret') return device.kind === 'text' && device.text === 'differs';
  if (name === 'state') return false;
  const localSides = [device, ledger].filter((side) => side.kind !== 'silent');
  // A registry that does not know the unit yet is no contradiction: the message may still be in the outbox.
  const all = registry.kind === 'text' ? [...localSides, registry] : localSides;
  return new Set(all.map((side) => (side.kind === 'text' ? side.text : ''))).size > 1;
}
