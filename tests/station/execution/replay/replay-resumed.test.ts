import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { findRecordings, readRecording, replayRun, type RunResult } from '#station';
import { loadLibc, openPty } from '../../../../simulator/pty/index.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { soon } from '../../../support/patience.ts';
import { describedRecipe } from '../../../kit/recipes.ts';
import { openStation } from '../../../kit/station.ts';

const HOST = fileURLToPath(new URL('../executor/resume-host.ts', import.meta.url));
const STEPS = [1, 2, 3, 4].map(
  (n) => `- verb: request
  name: q${n}
  text: 'Q${n}${n === 4 ? '${a1}' : ''}'
  end: lf
  expect: 'A${n}=(\\d+)'
  withinMs: 20000
  capture: { a${n}: 1 }
  measure: [{ name: a${n}, group: 1, as: number }]`,
);

it('a run that was taken up again has two recordings; each replays as far as it went', async () => {
  using dir = tempDir('resumed');
  const pair = openPty(loadLibc());
  const asked: string[] = [];
  let silent = true;
  pair.master.on('data', (bytes: Buffer) => {
    for (const text of bytes.toString().split('\n').filter(Boolean)) {
      asked.push(text);
      if (silent && text.startsWith('Q3')) continue;
      pair.master.write(text === 'MAC?' ? 'AABBCCDDEE01\r\n' : `A${text[1] ?? ''}=7\r\n`);
    }
  });
  try {
    writeFileSync(join(dir.path, 'recipe.yaml'), describedRecipe(STEPS.join('\n'), { top: 'resume: true' }));
    const child = spawn(process.execPath, [HOST, dir.path, pair.path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await expect.poll(() => asked.some((text) => text.startsWith('Q3'))).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'close');
    silent = false;
    const dataDir = join(dir.path, 'station');
    const station = await openStation(dataDir, { slots: [{ slot: 1, portPath: pair.path }] });
    const result = await new Promise<RunResult>((resolve) => {
      station.onRunEvent((_slot, event) => void (event.kind === 'finished' && resolve(event.result)));
    });
    await station.close();
    expect(result.outcome).toBe('PASS');
    // The variable of the first part went into the second.
    expect(asked.at(-1)).toBe('Q47');

    const recordings = findRecordings(dataDir, result.runId).map(readRecording);
    expect(recordings.map(({ cutOff }) => cutOff)).toEqual([true, false]);
    const replays = [];
    for (const recording of recordings) replays.push(await replayRun(recording, {}, soon()));
    expect(replays).toMatchObject([
      { recorded: null, replayed: null, same: true, differences: [] },
      { recorded: 'PASS', replayed: 'PASS', same: true, sameMeasurements: true, differences: [] },
    ]);
    expect(replays.map(({ steps }) => steps.map(({ step }) => step))).toEqual([
      ['identify', 'q1', 'q2'],
      ['identify', 'q3', 'q4'],
    ]);
  } finally {
    await pair.close();
  }
});
