import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { TripleNote } from '#shared/contract/index.ts';
import type { Fault } from '#shared/domain/fault.ts';
import { readTripleCsv, type ReadTripleOptions } from '../../../../station/identity/import/index.ts';
import { createSecretDigest } from '../../../../station/identity/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

export const secretOf = (n: number): string => createHash('md5').update(`s${n}`).digest('base64');
export const [S1, S2, S3] = [secretOf(1), secretOf(2), secretOf(3)];

export interface ReadResult {
  /** `line: DeviceName` with the MAC and the serial number that it is bound to, or `line: reason`. */
  readonly rows: readonly string[];
  readonly notes: readonly TripleNote[];
}

export async function read(
  content: string | Uint8Array,
  options: Partial<ReadTripleOptions> = {},
): Promise<ReadResult> {
  const rows: string[] = [];
  let notes: readonly TripleNote[] = [];
  const source = (): AsyncIterable<Uint8Array> => Readable.from([Uint8Array.from(Buffer.from(content))]);
  const all = {
    digest: createSecretDigest(new Uint8Array(32)),
    defaultProductId: 'PID1',
    onNotes: (found: readonly TripleNote[]) => (notes = found),
    ...options,
  };
  for await (const row of readTripleCsv(source, all, NEVER_ABORTED)) {
    if ('reason' in row) rows.push(`${row.line}: ${row.reason}`);
    else {
      const { deviceName, boundMac, boundSerial } = row.triple;
      rows.push(
        [`${row.line}: ${deviceName}`, boundMac, boundSerial].filter((part) => part !== null).join(' '),
      );
    }
  }
  return { rows, notes };
}

/** The fault with which reading ends. */
export const readFault = (
  content: string | Uint8Array,
  options?: Partial<ReadTripleOptions>,
): Promise<Fault> => faultOf(() => read(content, options));
