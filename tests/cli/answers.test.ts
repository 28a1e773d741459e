import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BenchLine, startBenchLine } from '../journey/bench-line.ts';
import { recipeText } from '../station/support/recipe-text.ts';
import { invoke } from './support/in-process.ts';

const ASK = 'ask: { zh-CN: 绿灯亮吗, en: Is the light green }';
const STEPS = `  - name: look
    steps:
      - { verb: prompt, kind: pass-fail, name: light, ${ASK}, answerMs: 20000 }
      - { verb: prompt, kind: number, name: weight, ${ASK}, answerMs: 20000, unit: g, limits: { max: 20 } }
`;

let line: BenchLine;
beforeAll(async () => {
  line = await startBenchLine({ units: 2, recipe: recipeText({ steps: STEPS }) });
}, 30_000);
afterAll(() => line[Symbol.asyncDispose]());

const run = (slot: number, ...more: string[]) =>
  invoke('run', '--data', line.data, '--batch', line.batch, '--slot', line.ports[slot - 1] ?? '', ...more);

describe('a recipe that asks, at the terminal', () => {
  it('is answered by --answer, step by step, for every unit', async () => {
    const { status, stderr, events } = await run(
      1,
      '--answer',
      'light=pass',
      '--answer',
      'weight=12,5',
      '--json',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const asked = events.filter(({ event }) => event === 'run.prompt');
    expect(asked).toMatchObject([
      { slot: 1, step: 'light', kind: 'pass-fail', ask: 'Is the light green', choices: [] },
      { slot: 1, step: 'weight', kind: 'number', unit: 'g' },
    ]);
    const finished = events.find(({ event }) => event === 'run.finished');
    const kept = line.look((store) => store.runs.measurements(String(finished?.['run'])));
    expect(kept.find(({ name }) => name === 'weight')?.value).toBe(12.5);
  });

  it('is stopped at once where nobody can answer, with the one line that would', async () => {
    const { status, stderr, events } = await run(2, '--answer', 'light=pass', '--json');
    expect(status).toBe(1);
    expect(stderr).toContain(
      'slot 1 asks "Is the light green" and nobody can answer; --answer weight=0 would',
    );
    expect(events.find(({ event }) => event === 'run.finished')).toMatchObject({ outcome: 'ABORTED' });
  });

  it('ends FAIL on an answer that is not good, and is stopped by one that is none', async () => {
    const bad = await run(2, '--answer', 'light=fail', '--json');
    expect(bad.events.find(({ event }) => event === 'run.finished')).toMatchObject({ outcome: 'FAIL' });
    const none = await run(2, '--answer', 'light=maybe', '--json');
    expect(none.stderr).toContain('"maybe" is not pass or fail');
    expect(none.events.find(({ event }) => event === 'run.finished')).toMatchObject({ outcome: 'ABORTED' });
  });

  it.each([
    ['light', 'is no answer'],
    ['lihgt=pass', 'has no step "lihgt"'],
  ])('refuses --answer %s before the first unit', async (answer, why) => {
    const { status, stderr, events } = await run(2, '--answer', answer);
    expect(status).toBe(2);
    expect(stderr).toContain(why);
    expect(events).toEqual([]);
  });
});
