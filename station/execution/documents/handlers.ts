import { stat } from 'node:fs/promises';
import { createYielder } from '#node-kit/async/index.ts';
import { sha256Hex } from '#node-kit/crypto/index.ts';
import { MAX_SHOWN_ENTRIES, type SectionHandlers } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { BALANCE_LISTS, type BalanceEntry, type BalanceList, balanceChanges } from '#shared/signed/index.ts';
import { runHeavy } from '../../core/heavy-work/index.ts';
import {
  type KeyOwner,
  type KeyTrust,
  ownerOfKey,
  problemOfKey,
  type SignedFacts,
  VERIFY_JOB,
} from '../../core/signed-files/index.ts';
import type { UploadStore } from '../../core/uploads/index.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import type { DocumentFiles } from './document-files.ts';
import type { Documents } from './documents.ts';
import type { BalanceNow } from './read-balance.ts';

/** The largest file that a page verifies, while the slots work: a balance of a hundred thousand identities. */
const MAX_PAGE_FILE_BYTES = 16 * 1024 * 1024;

/** A smaller file is verified in a few milliseconds; the start of a thread takes longer. */
const MAX_FILE_HERE_BYTES = 128 * 1024;

/** The largest file that is verified: a balance of a million identities. */
export const MAX_SIGNED_FILE_BYTES = 256 * 1024 * 1024;

export function documentHandlers({
  documents,
  documentFiles,
  uploads,
  signingKeys,
  registry,
}: {
  readonly documents: Documents;
  readonly documentFiles: DocumentFiles;
  readonly uploads: UploadStore;
  readonly signingKeys: { list(): readonly { readonly keyId: string }[] };
  readonly registry: () => RegistryClient | null;
}): SectionHandlers<'documents'> {
  return {
    'documents.balance': async ({ batchId, compare }, { signal }) => {
      const now = await documents.maker.balanceNow(batchId, signal, compare);
      const last = await documents.maker.lastBalance(batchId);
      const { counts, addsUp, units, fromElsewhere, comparedAtMs, batch } = now;
      const { closedAtMs, closedBy } = batch;
      const yielder = createYielder(signal);
      const changes =
        last === null ? [] : await balanceChanges(last.document, now, (n) => yielder.afterRows(n));
      return {
        counts,
        addsUp,
        running: units.running,
        fromElsewhere,
        comparedAtMs,
        closed: closedAtMs === null ? null : { atMs: closedAtMs, by: closedBy ?? '' },
        lists: shownLists(now),
        signed:
          last === null
            ? null
            : {
                atMs: Date.parse(last.document.signedAt),
                by: last.document.signedBy,
                sha256: last.sha256,
                changes: changes.slice(0, MAX_SHOWN_ENTRIES),
              },
      };
    },
    'documents.exportBalance': async ({ batchId, format }, { by, signal }) => {
      const made = await documents.balance(batchId, by, signal);
      if (format === 'json') return documentFiles.add(made, format);
      const file = await documents.maker.balanceAsText(made.document);
      return documentFiles.add({ ...made, file, sha256: sha256Hex(file) }, format);
    },
    'documents.closeBatch': async ({ batchId }, { by, signal }) => {
      const made = await documents.close(batchId, by, signal);
      const { counts } = made.document;
      const { comparedAtMs, notCompared } = made;
      const file = await documentFiles.add(made, 'json');
      return { ...file, counts, comparedAtMs, notCompared: notCompared?.toView() ?? null };
    },
    'documents.certificate': async ({ runId, format, pdf }, { by, signal }) => {
      const made = await documents.certificate(runId, by, signal);
      if (format === 'json') return documentFiles.add(made, format);
      const file = await documents.maker.certificateAsPdf(made, pdf, signal);
      return documentFiles.add({ ...made, file, sha256: sha256Hex(file) }, format);
    },
    'documents.verify': async ({ uploadId }, { by, signal }) => {
      using taken = uploads.take([uploadId], by.user);
      const [path = ''] = taken.paths;
      const { size } = await stat(path);
      if (size > MAX_PAGE_FILE_BYTES)
        throw new Fault('bad-input', 'this file is too large to be verified on a page', {
          hint: 'Verify it at a terminal: "gongwei verify FILE".',
        });
      const isLarge = size > MAX_FILE_HERE_BYTES;
      const verdict = await (isLarge
        ? runHeavy(VERIFY_JOB, { path }, { signal })
        : VERIFY_JOB.run({ path }, { signal, onProgress: () => undefined }));
      if (!verdict.whole) return { ...NOT_WHOLE, problem: verdict.problem };
      const { facts } = verdict;
      const alone = viewOf(facts, await ownerOfKey(facts, {}));
      const own = signingKeys.list().map(({ keyId }) => keyId);
      if (own.includes(facts.keyId))
        return { ...viewOf(facts, await ownerOfKey(facts, { fingerprints: own })), comparedWith: 'own' };
      const client = registry();
      if (client === null) return { ...alone, comparedWith: null };
      const trust: KeyTrust = { registry: (keyId) => client.keys.find(keyId, signal) };
      try {
        return { ...viewOf(facts, await ownerOfKey(facts, trust)), comparedWith: 'registry' };
      } catch (error) {
        // Offline: the file is verified, and the key is not compared.
        if (!(error instanceof Fault) || signal.aborted) throw error;
        return { ...alone, comparedWith: null };
      }
    },
  };
}

function shownLists({ lists }: BalanceNow): Record<BalanceList, BalanceEntry[]> {
  const shown = {} as Record<BalanceList, BalanceEntry[]>;
  for (const list of BALANCE_LISTS) shown[list] = lists[list].slice(0, MAX_SHOWN_ENTRIES);
  return shown;
}

/** The view of a file that is no signed file or was changed. */
const NOT_WHOLE = {
  whole: false,
  kind: null,
  station: null,
  keyId: null,
  key: null,
  comparedWith: null,
  revoked: false,
  signedAtMs: null,
  subject: null,
} as const;

function viewOf(
  { kind, station, keyId, signedAt, subject }: SignedFacts,
  { key, revoked }: { readonly key: KeyOwner | null; readonly revoked: boolean },
) {
  const problem = problemOfKey(key);
  const signedAtMs = instantOf(signedAt);
  return { whole: problem === null, problem, kind, station, keyId, key, revoked, signedAtMs, subject };
}

function instantOf(value: unknown): number | null {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(at) && at >= 0 ? at : null;
}
