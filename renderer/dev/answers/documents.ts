import type { BalanceView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { KEY_ID, openBalance, settledBalance, verifiedView } from '../fixtures/balances.ts';
import type { Answers } from '../mock-station.ts';

/** Balances and certificates. The batch `b-1` adds up; every other one does not. */
export function documentAnswers(nowMs: number): Answers {
  const balanceOf = (batchId: string): BalanceView =>
    batchId === 'b-1' ? settledBalance(nowMs) : openBalance(nowMs);
  const file = (name: string) => ({ fileId: 'f-1', name, sha256: 'a'.repeat(64), keyId: KEY_ID });
  return {
    'documents.balance': ({ batchId }, { station }) => {
      const { batches } = station.state('batch');
      const closedAtMs = batches.find((batch) => batch.batchId === batchId)?.closedAtMs ?? null;
      if (closedAtMs === null) return balanceOf(batchId);
      const signed = { atMs: closedAtMs, by: 'Chen', sha256: 'a'.repeat(64), changes: [] };
      return { ...balanceOf(batchId), closed: { atMs: closedAtMs, by: 'Chen' }, signed };
    },
    'documents.exportBalance': ({ format }) => file(`L3-07_WO-20261120-017-balance.${format}`),
    'documents.closeBatch': ({ batchId }, { station }) => {
      if (!balanceOf(batchId).addsUp)
        throw new Fault('batch-unbalanced', 'it does not add up', { details: { reason: '9 identities' } });
      const before = station.state('batch');
      const batches = before.batches.map((one) =>
        one.batchId === batchId ? { ...one, closedAtMs: nowMs } : one,
      );
      station.publish('batch', { ...before, batches, active: null });
      const { counts, comparedAtMs } = balanceOf(batchId);
      const signed = file('L3-07_WO-20261120-017-balance.json');
      return { ...signed, counts, comparedAtMs, notCompared: null };
    },
    'documents.certificate': ({ format }) => file(`L3-07_SN2611200001-certificate.${format}`),
    'documents.verify': verifiedView({ signedAtMs: nowMs - 86_400_000 }),
  };
}
