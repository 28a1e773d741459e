import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect } from 'vitest';
import { Fault } from '../../../../shared/domain/fault.ts';
import {
  openTripleFile,
  readTripleCsv,
  type ReadTripleOptions,
  type TripleRow,
} from '../../../../station/identity/import/index.ts';
import type { Triple } from '#shared/domain/triple.ts';
import { createSecretDigest } from '../../../../station/identity/index.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

export const SECRET = 'IyXmUW5sU/q1vnb5yzTkeQ==';
/** Another one for each number. */
export const secretOf = (n: number): string => createHash('md5').update(String(n)).digest('base64');
export const digest = createSecretDigest(new Uint8Array(32));
export const fixture = (name: string): string =>
  new URL(`../../../fixtures/triples/${name}`, import.meta.url).pathname;

export function chunksOf(content: string | Uint8Array, size = 7): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(content);
  return Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
      Uint8Array.from(bytes.subarray(n * size, (n + 1) * size)),
    ),
  );
}

export async function read(
  content: string | Uint8Array,
  options: Partial<ReadTripleOptions> = {},
  size = 7,
): Promise<Row[]> {
  return collect(readTripleCsv(() => chunksOf(content, size), { digest, ...options }, NEVER_ABORTED));
}

export async function readFixture(name: string, options: Partial<ReadTripleOptions> = {}): Promise<Row[]> {
  return collect(readTripleCsv(await openTripleFile(fixture(name)), { digest, ...options }, NEVER_ABORTED));
}

/** As it was when it came: the bytes of a secret are wiped when the next row is asked for. */
export type Row =
  | { readonly line: number; readonly triple: Triple }
  | { readonly line: number; readonly reason: string };

export async function collect(rows: AsyncIterable<TripleRow>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push('reason' in row ? row : { ...row, triple: asText(row.triple) });
  return all;
}

export function asText(triple: Extract<TripleRow, { triple: object }>['triple']): Triple {
  const { productId, deviceName, deviceSecret } = triple;
  return { productId, deviceName, deviceSecret: Buffer.from(deviceSecret).toString() };
}

export const names = (rows: readonly Row[]): string[] =>
  rows.map((row) => ('triple' in row ? `${row.triple.productId}/${row.triple.deviceName}` : row.reason));

export async function faultOf(attempt: Promise<unknown>): Promise<Fault> {
  const outcome = await attempt.catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(Fault);
  return outcome as Fault;
}
