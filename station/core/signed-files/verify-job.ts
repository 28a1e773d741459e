import { readFile } from 'node:fs/promises';
import type { FileProblem, SignedKind } from '#shared/signed/index.ts';
import type { HeavyJob } from '../heavy-work/index.ts';
import { verifySignedFile } from './verify-signed-file.ts';

/** What a page says of a whole file. */
export interface SignedFacts {
  readonly kind: SignedKind;
  readonly station: string;
  /** Fingerprint of the key. */
  readonly keyId: string;
  /** As it stands in the document; `undefined` for a balance as text. */
  readonly signedAt: unknown;
  /** Name of the batch, or serial number or id of the unit; null where the document has none. */
  readonly subject: string | null;
}

export type SignedFileVerdict =
  | { readonly whole: true; readonly facts: SignedFacts }
  | { readonly whole: false; readonly problem: FileProblem };

/** Verifies a file as `verifySignedFile`; its content stays in the thread. Errors: those of the file system. */
export const VERIFY_JOB: HeavyJob<{ readonly path: string }, SignedFileVerdict> = {
  name: 'verify-signed-file',
  isPure: true,
  async run({ path }) {
    const verified = verifySignedFile(await readFile(path));
    if (!verified.whole) return verified;
    const { kind, station, keyId, document } = verified;
    const signedAt = document?.['signedAt'];
    return { whole: true, facts: { kind, station, keyId, signedAt, subject: subjectOf(document) } };
  },
};

function subjectOf(document: Readonly<Record<string, unknown>> | null): string | null {
  const batch = document?.['batch'];
  const unit = document?.['unit'];
  const text = memberOf(unit, 'serialNumber') ?? memberOf(unit, 'id') ?? memberOf(batch, 'name');
  return typeof text === 'string' ? text : null;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
