import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRecording } from '../../../../station/execution/recording/index.ts';
import { tempDir } from '../../../support/temp-dir.ts';

/** One entry of each type of version 2, and the same in the names of today. */
const ENTRIES: readonly (readonly [old: object, now: object | null])[] = [
  [
    { d: '#', b: 'phase test one', n: 2 },
    { type: 'phase', name: 'test one', timers: 2 },
  ],
  [
    { d: '#', b: 'step look', n: 2 },
    { type: 'step', name: 'look', timers: 2 },
  ],
  [
    { d: '>', b: 'AT', h: 1 },
    { type: 'tx', bytes: 'AT\r' },
  ],
  [{ d: '+', of: 3, b: '\r' }, null],
  [
    { d: '<', p: 1, b: 'OK', c: [1.5], wall: [2] },
    { type: 'rx', port: 1, bytes: 'OK', clock: [1.5], wallClock: [2] },
  ],
  [
    { d: '?', k: 'ble', key: 'write', how: 'fast', s: '>FFF0', b: 'x' },
    { type: 'request', kind: 'ble', key: 'write', parameters: 'fast', stream: '>FFF0', bytes: 'x' },
  ],
  [
    { d: '~', of: 6, v: 1 },
    { type: 'notification', request: 6, value: 1 },
  ],
  [
    { d: '=', of: 6, v: null },
    { type: 'reply', request: 6, value: null },
  ],
  [
    { d: 'i', k: 'random', key: 'id', v: 'x' },
    { type: 'input', kind: 'random', key: 'id', value: 'x' },
  ],
  [
    { d: 't', n: 3, for: 50 },
    { type: 'timer', timer: 3, durationMs: 50 },
  ],
  [
    { d: 'w', of: 3 },
    { type: 'tx-done', tx: 3 },
  ],
  [
    { d: 'x', p: 1, fault: { code: 'port-lost' } },
    { type: 'port-lost', port: 1, fault: { code: 'port-lost' } },
  ],
  [
    { d: '!', fault: { code: 'cancelled' } },
    { type: 'stop', fault: { code: 'cancelled' } },
  ],
  [
    { d: 'n', b: 'a comment' },
    { type: 'comment', text: 'a comment' },
  ],
  [
    { d: '*', s: '>', end: 9, len: 4, form: 1 },
    { type: 'masked', stream: '>', end: 9, length: 4, form: 1 },
  ],
  [
    { d: 'c', after: 16 },
    { type: 'truncated', characters: 16 },
  ],
  [
    { d: 'r', n: 4, r: { step: 'look', failure: { message: `no ${'*'.repeat(24)}` } } },
    { type: 'attempt', timers: 4, attempt: { step: 'look', failure: { message: 'no ***' } } },
  ],
  [
    { d: 'v', outcome: 'PASS', failure: null },
    { type: 'outcome', outcome: 'PASS', failure: null },
  ],
];

it('every entry and the header of version 2 are read in the names of today', () => {
  using dir = tempDir();
  const file = join(dir.path, 'run.jsonl');
  const header = {
    gongwei: 'recording/2',
    run: 'R',
    slot: 1,
    port: 'p',
    board: null,
    batch: 'B',
    registry: true,
    tellsLogins: true,
    at: 7,
    recipe: 'hash',
    source: 'text',
    files: {},
  };
  const lines = [header, ...ENTRIES.map(([old], at) => ({ ms: at, ...old }))];
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const recording = readRecording(file);
  expect(recording.header).toEqual({
    gongwei: 'recording/2',
    runId: 'R',
    slot: 1,
    port: 'p',
    boardPort: null,
    batchId: 'B',
    hasRegistry: true,
    reportsLogins: true,
    startedAtMs: 7,
    recipeHash: 'hash',
    recipeSource: 'text',
    recipeFiles: {},
  });
  expect([...recording.entries]).toEqual(
    ENTRIES.flatMap(([, now], at) => (now === null ? [] : [[at + 1, { atMs: at, ...now }]])),
  );
  expect(recording).toMatchObject({ cutOff: false, replayable: true, completeUntilMs: 15 });
});

it('an entry of an unknown type leaves the recording cut off there', () => {
  using dir = tempDir();
  const file = join(dir.path, 'run.jsonl');
  writeFileSync(
    file,
    '{"gongwei":"recording/2","run":"R"}\n{"ms":1,"d":"unknown"}\n{"ms":2,"d":"v","outcome":"PASS","failure":null}\n',
  );
  const { entries, cutOff } = readRecording(file);
  expect(cutOff).toBe(true);
  expect([...entries.keys()]).toEqual([2]);
});
