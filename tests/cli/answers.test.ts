import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invoke } from '../kit/in-process.ts';
import { startStation, type TestStation } from '../kit/station.ts';
import { simulated, type SimulatedUnits } from '../kit/units.ts';
import { moduleRecipe } from '../kit/recipes.ts';

const ASK = 'ask: { zh-CN: 绿灯亮吗, en: Is the light green }';
const STEPS = `  - name: look
    steps:
      - { verb: prompt, kind: pass-fail, name: led, forEach: { led: [1, 2] }, ${ASK}, answerMs: 20000 }
      - { verb: prompt, kind: pass-fail, name: light, ${ASK}, answerMs: 20000 }
      - { verb: prompt, kind: number, name: weight, ${ASK}, answerMs: 20000, unit: g, limits: { max: 20 } }
      - { verb: prompt, kind: confirm, name: lid, ${ASK} }
      - { verb: prompt, kind: text, name: lot, pattern: '^B\\d{4}$', ${ASK} }
`;

let setup: TestStation<SimulatedUnits>;
beforeAll(async () => {
  setup = await startStation({
    units: simulated(2),
    registry: 'real',
    recipe: moduleRecipe({ steps: STEPS }),
  });
  await setup.close();
});
afterAll(() => setup[Symbol.asyncDispose]());

const run = (slot: number, ...more: string[]) =>
  invoke(
    ...['run', '--data', setup.dataDir, '--batch', setup.batchId, '--slot', setup.ports[slot - 1] ?? ''],
    ...['--units', '1', ...more],
  );

describe('a recipe with questions, at the terminal', () => {
  it('is answered by --answer for each step and iteration, for every unit', async () => {
    const { status, stderr, events } = await run(
      1,
      ...['--answer', 'led=fail', '--answer', 'led.1=pass', '--answer', 'look/led.2=pass'],
      ...['--answer', 'light=pass', '--answer', 'weight=12,5'],
      ...['--answer', 'lid=ok', '--answer', 'lot=]C0B0042', '--json'],
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const asked = events.filter(({ event }) => event === 'run.prompt');
    expect(asked).toMatchObject([
      { slot: 1, step: 'led.1' },
      { slot: 1, step: 'led.2' },
      { slot: 1, step: 'light', kind: 'pass-fail', ask: 'Is the light green', choices: [] },
      { slot: 1, step: 'weight', kind: 'number', unit: 'g' },
      { slot: 1, step: 'lid', kind: 'confirm' },
      { slot: 1, step: 'lot', kind: 'text' },
    ]);
    const finished = events.find(({ event }) => event === 'run.finished');
    const kept = setup.readDatabase((database) => database.runs.listMeasurements(String(finished?.['run'])));
    expect(kept.find(({ name }) => name === 'weight')?.value).toBe(12.5);
  });

  it('is stopped at once without a terminal, with the missing --answer', async () => {
    const { status, stderr, events } = await run(
      2,
      '--answer',
      'led=pass',
      '--answer',
      'light=pass',
      '--json',
    );
    expect(status).toBe(1);
    expect(stderr).toContain(
      'slot 1 asks "Is the light green" and no person can answer; give --answer weight=0',
    );
    const finished = events.find(({ event }) => event === 'run.finished');
    const message = 'the station stopped the run: it asked "Is the light green" and no person can answer';
    expect(finished).toMatchObject({ outcome: 'ABORTED', firstFailure: { code: 'cancelled' } });
    const kept = setup.readDatabase((database) => database.runs.findById(String(finished?.['run'])));
    expect(kept?.failure?.message).toContain(message);
    expect(kept?.failure?.details).toEqual({ by: 'station' });
  });

  it('ends FAIL on an answer that is not good', async () => {
    const bad = await run(2, '--answer', 'led.1=fail', '--json');
    expect(bad.events.find(({ event }) => event === 'run.finished')).toMatchObject({ outcome: 'FAIL' });
  });

  it.each([
    ['light', 'is no answer'],
    ['lihgt=pass', 'has no step "lihgt"'],
    ['led.3=pass', 'has no step "led.3"'],
    ['find/light=pass', 'has no step "find/light"'],
    ['look/lihgt=pass', 'It asks in look/led.1, look/led.2, look/light,'],
    ['identify=pass', 'asks nothing'],
    ['light=maybe', 'It takes pass or fail'],
    ['led.2=ok', 'It takes pass or fail'],
    ['weight=heavy', 'It takes a number'],
    ['weight=12345678901234567890', 'It takes a number'],
    ['weight=1e400', 'It takes a number'],
    ['lid=pass', 'It takes ok'],
    ['lot=B42', 'It takes a text like'],
  ])('refuses --answer %s before the first unit', async (answer, why) => {
    const { status, stderr, events } = await run(2, '--answer', answer);
    expect(status).toBe(2);
    expect(stderr).toContain(why);
    expect(events).toEqual([]);
  });
});
