import { beforeEach, describe, expect, it, vi } from 'vitest';
import { runDemo, type DemoResult } from '../../cli/demo/demo.ts';
import { invoke } from '../kit/in-process.ts';

vi.mock('../../cli/demo/demo.ts', () => ({ runDemo: vi.fn() }));

const AS_DESIGNED = {
  rows: [],
  passed: 10,
  failed: 2,
  distinctIdentities: 10,
  reissued: 0,
  firmware: { sha256: 'f', registrySha256: 'f', mismatches: [] },
  bleTested: 10,
  mismatches: [],
  surprises: [],
  flashed: 3,
  verifiedFlashes: 3,
  reportPaths: ['/r.csv'],
  labelPaths: [],
  ms: 1,
} as unknown as DemoResult;

describe('the exit status of the demo', () => {
  beforeEach(() => void vi.mocked(runDemo).mockReset());

  it.each<[string, Partial<DemoResult>, number, number]>([
    ['0 when everything ended as designed', {}, 0, 0],
    ['4 when two truths differ', { mismatches: ['unit 1: its flash holds another secret'] }, 4, 1],
    ['1 when a unit ended otherwise', { surprises: ['unit 1 ended FAIL'] }, 1, 0],
    ['4 before 1', { mismatches: ['x', 'y'], surprises: ['z'] }, 4, 2],
  ])('is %s', async (_what, changes, status, mismatches) => {
    vi.mocked(runDemo).mockResolvedValue({ ...AS_DESIGNED, ...changes });
    const ended = await invoke('demo', '--data', '/nowhere', '--json');
    expect(ended.status).toBe(status);
    expect(ended.events.at(-1)).toMatchObject({ event: 'demo.finished', mismatches });
    // What differs is said in words, on the side of the people.
    for (const words of [...(changes.mismatches ?? []), ...(changes.surprises ?? [])])
      expect(ended.stderr).toContain(words);
  });
});
