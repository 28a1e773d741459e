import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { FORMAT, recordingFile, findInterruptedStep } from '../../../../station/execution/recording/index.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const HEADER = JSON.stringify({ gongwei: FORMAT, runId: 'R' });
const begun = (text: string): string => {
  const [type, name] = text.split(' ');
  return JSON.stringify({ atMs: 1, type, name });
};
const asked = JSON.stringify({
  atMs: 2,
  type: 'request',
  kind: 'operator',
  key: 'lit',
  parameters: 'pass-fail',
});

const transfer = JSON.stringify({ atMs: 3, type: 'request', kind: 'port', key: 'transfer 0 flash esp32c3' });
/** Line 3 of each recording below is the request. */
const progress = (stage: string, doneBytes: number): string => {
  const value = { stage, image: 'app.bin', doneBytes, totalBytes: 1000, kbitPerSecond: null };
  return JSON.stringify({ atMs: 4, type: 'notification', request: 3, value });
};
const FLASHING = [begun('phase load'), begun('step flash'), transfer];

it.each<[string, string[] | null, ReturnType<typeof findInterruptedStep>]>([
  [
    'a question',
    [begun('phase look'), begun('step a'), begun('step lit'), asked],
    { phase: 'look', step: 'lit' },
  ],
  [
    'a line that was cut',
    [begun('phase look'), begun('step lit'), asked.slice(0, 20)],
    { phase: 'look', step: 'lit' },
  ],
  [
    'a phase of which every step was skipped',
    [begun('phase look'), begun('step lit'), begun('phase leave')],
    { phase: 'look', step: 'lit' },
  ],
  [
    'the writing of a flash',
    [...FLASHING, progress('writing', 500), progress('reading', 0)],
    {
      phase: 'load',
      step: 'flash',
      flash: { stage: 'reading', image: 'app.bin', doneBytes: 0, totalBytes: 1000, changed: true },
    },
  ],
  [
    'a flash that was not changed yet',
    FLASHING,
    {
      phase: 'load',
      step: 'flash',
      flash: { stage: 'connecting', image: null, doneBytes: 0, totalBytes: 0, changed: false },
    },
  ],
  [
    'what follows a flash',
    [
      ...FLASHING,
      progress('writing', 500),
      JSON.stringify({ atMs: 5, type: 'reply', request: 3, value: {} }),
    ],
    { phase: 'load', step: 'flash' },
  ],
  ['no step', [begun('phase look')], null],
  ['nothing', [], null],
  ['no recording', null, null],
])('finds the step under way of a run that stopped in %s', (_what, lines, found) => {
  using dir = tempDir();
  const file = recordingFile(dir.path, 'R');
  mkdirSync(dirname(file), { recursive: true });
  if (lines !== null) writeFileSync(file, [HEADER, ...lines].join('\n') + '\n');
  expect(findInterruptedStep(dir.path, 'R')).toEqual(found);
});

it('looks into the last recording of a run that was taken up again', () => {
  using dir = tempDir();
  for (const [times, step] of [
    ['R', 'a'],
    ['R.1', 'b'],
  ] as const) {
    const file = recordingFile(dir.path, times);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, [HEADER, begun('phase look'), begun(`step ${step}`), ''].join('\n'));
  }
  writeFileSync(recordingFile(dir.path, 'X'), 'no recording');
  expect(findInterruptedStep(dir.path, 'R')).toEqual({ phase: 'look', step: 'b' });
  expect(findInterruptedStep(dir.path, 'X')).toBeNull();
});
