import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { FORMAT, recordingFile, stepUnderWay } from '../../../../station/execution/recording/index.ts';
import { tempDir } from '../../support/temp-dir.ts';

const HEADER = JSON.stringify({ gongwei: FORMAT, run: 'R' });
const mark = (b: string): string => JSON.stringify({ ms: 1, d: '#', b });
const asked = JSON.stringify({ ms: 2, d: '?', k: 'operator', key: 'lit', how: 'pass-fail' });

it.each<[string, string[] | null, ReturnType<typeof stepUnderWay>]>([
  [
    'a question',
    [mark('phase look'), mark('step a'), mark('step lit'), asked],
    { phase: 'look', step: 'lit' },
  ],
  [
    'a line that was cut',
    [mark('phase look'), mark('step lit'), asked.slice(0, 20)],
    { phase: 'look', step: 'lit' },
  ],
  [
    'a phase of which every step was skipped',
    [mark('phase look'), mark('step lit'), mark('phase leave')],
    { phase: 'look', step: 'lit' },
  ],
  ['no step', [mark('phase look')], null],
  ['nothing', [], null],
  ['no recording', null, null],
])('finds the step under way of a run that stopped in %s', (_what, lines, found) => {
  using dir = tempDir();
  const file = recordingFile(dir.path, 'R');
  mkdirSync(dirname(file), { recursive: true });
  if (lines !== null) writeFileSync(file, [HEADER, ...lines].join('\n') + '\n');
  expect(stepUnderWay(dir.path, 'R')).toEqual(found);
});

it('looks into the last recording of a run that was taken up again', () => {
  using dir = tempDir();
  for (const [times, step] of [
    ['R', 'a'],
    ['R.1', 'b'],
  ] as const) {
    const file = recordingFile(dir.path, times);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, [HEADER, mark('phase look'), mark(`step ${step}`), ''].join('\n'));
  }
  writeFileSync(recordingFile(dir.path, 'X'), 'no recording');
  expect(stepUnderWay(dir.path, 'R')).toEqual({ phase: 'look', step: 'b' });
  expect(stepUnderWay(dir.path, 'X')).toBeNull();
});
