import { describe, expect, it } from 'vitest';
import type { UnitReport } from '#shared/contract/index.ts';
import { unitReport } from '../../renderer/dev/fixtures/units.ts';
import { compareIdentities, type ComparedName } from '../../renderer/src/features/returns/compare.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 6);
const differing = (report: UnitReport): ComparedName[] =>
  compareIdentities(report)
    .filter((row) => row.differs)
    .map(({ name }) => name);

describe('device, ledger and registry side by side', () => {
  const reportOf = (verdict: UnitReport['verdict']): UnitReport => unitReport(verdict, 1, NOW_MS);
  const known = reportOf('known');

  it('differ where they contradict each other, and nowhere else', () => {
    expect(differing(known)).toEqual([]);
    expect(differing(reportOf('unknown'))).toEqual([]);
    expect(differing(reportOf('foreign'))).toContain('deviceName');
    expect(differing(reportOf('in-doubt'))).toEqual(['secret']);
    expect(differing(reportOf('mismatch'))).toEqual(['deviceName', 'chipId']);
    expect(differing(reportOf('erased'))).toContain('deviceName');
  });

  it('do not differ because one was not asked, or has not heard of it yet', () => {
    expect(differing({ ...known, registry: null })).toEqual([]);
    expect(differing({ ...known, registry: null, registryReachable: false })).toEqual([]);
    expect(differing({ ...known, reading: null })).toEqual([]);
    const row = compareIdentities({ ...known, reading: null }).find(({ name }) => name === 'deviceName');
    expect(row?.device).toEqual({ kind: 'silent' });
  });
});
