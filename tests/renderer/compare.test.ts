import { describe, expect, it } from 'vitest';
import type { UnitReport } from '#shared/contract/index.ts';
import { unitReport } from '../../renderer/dev/fixtures/units.ts';
import { compareIdentities, type ComparedName } from '../../renderer/src/features/returns/compare.ts';
import { paretoBars } from '../../renderer/src/features/batches/pareto.ts';

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

describe('what fails most', () => {
  const cause = (code: string, runs: number) => ({
    code, phase: 'p', step: 's', measurement: null, runs, share: runs / 10, cumulative: 0, example: '',
  }); // prettier-ignore

  it('has the longest bar, and the others beside it', () => {
    const bars = paretoBars([cause('b', 6), cause('c', 3), cause('a', 1)], 2);
    expect(bars.map(({ cause: { code } }) => code)).toEqual(['b', 'c']);
    expect(bars.map(({ length }) => length)).toEqual([1, 0.5]);
  });

  it('is nothing when nothing failed', () => {
    expect(paretoBars([], 8)).toEqual([]);
  });
});
