import { expect, it } from 'vitest';
import { findRecording, parseRecipe, readRecording, replayRun, type Recording } from '#station';
import type { Comparison } from '../../../../station/execution/replay/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { startStation } from '../../../kit/station.ts';
import { simulated } from '../../../kit/units.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';

const { signal } = new AbortController();

const FLASH = `
  - name: test
    steps:
      - verb: at-command
        name: flash-size
        send: AT+TCMODULE
        expect: '[Ff]lash size\\s*:\\s*(\\d+)\\s*MB'
        measure: [{ name: flash-size, group: 1, as: number, unit: MB, limits: { min: 1, max: 16 } }]
  - name: online
    steps: [{ verb: prove-online, timeoutMs: 20000, confirm: registry }]
  - name: label
    steps: [{ verb: label }]
`;

const recorded = async (recipe: string): Promise<Recording> => {
  await using setup = await startStation({ units: simulated(1), registry: 'real', recipe });
  const { runId } = await setup.run(1);
  return readRecording(findRecording(setup.dataDir, runId));
};
const tried = (recording: Recording, recipe: string): Promise<Comparison> =>
  replayRun(recording, { recipe: parseRecipe(recipe, 'changed') }, signal);
const outcomes = ({ steps }: Comparison): string[] =>
  steps.map(
    ({ step, recorded, replayed }) => `${step} ${recorded?.outcome ?? '-'} ${replayed?.outcome ?? '-'}`,
  );

it('replays a changed recipe against the recorded replies', async () => {
  const recording = await recorded(moduleRecipe({ steps: FLASH }));

  // Other limits: the unit would have failed, and teardown follows as it would have.
  const stricter = await tried(recording, moduleRecipe({ steps: FLASH.replace('min: 1', 'min: 4') }));
  expect(stricter).toMatchObject({ recorded: 'PASS', replayed: 'FAIL', same: false, differences: [] });
  expect(stricter.failure?.message).toBe('flash-size is 2 MB, limits 4 … 16 MB');
  expect(outcomes(stricter)).toEqual([
    'identify PASS PASS',
    'log-out PASS PASS',
    'burn-triple PASS PASS',
    'flash-size PASS FAIL',
    'prove-online PASS -',
    'label PASS -',
    'log-out PASS PASS',
  ]);

  // Limits that make no difference.
  const wider = await tried(recording, moduleRecipe({ steps: FLASH.replace('max: 16', 'max: 64') }));
  expect(wider).toMatchObject({ recorded: 'PASS', replayed: 'PASS', same: true, differences: [] });

  // Tried again, nobody knows: the unit was asked once. Attempts after that were never made.
  const patient = FLASH.replace('min: 1', 'min: 4').replace(
    'name: flash-size',
    'retries: 2\n        name: flash-size',
  );
  const again = await tried(recording, moduleRecipe({ steps: patient }));
  expect(outcomes(again).filter((one) => one.startsWith('flash-size'))).toEqual([
    'flash-size PASS FAIL',
    'flash-size - FAIL',
  ]);
  expect(again.steps.map(({ unanswered }) => unanswered).slice(3, 5)).toEqual([false, true]);
  expect(again).toMatchObject({
    replayed: null,
    failure: null,
    same: false,
    firstUnanswered: { attempt: 2 },
  });

  // Steps in another order, with a wait that was not there.
  const [test = '', online = '', label = ''] = FLASH.split(/(?=  - name: (?:online|label))/);
  const pause = `  - { name: pause, steps: [{ verb: wait, ms: 3000 }] }\n`;
  const moved = await tried(recording, moduleRecipe({ steps: `${online}${pause}${test}${label}` }));
  expect(moved).toMatchObject({ replayed: 'PASS' });
  expect(moved.steps.filter(({ replayed }) => replayed === null)).toHaveLength(0);

  // A request that the recorded run did not make.
  const asked = FLASH.replace('AT+TCMODULE', 'AT+ADC?');
  const unanswered = await tried(recording, moduleRecipe({ steps: asked, commandTimeoutMs: 400 }));
  expect(unanswered).toMatchObject({
    replayed: null,
    failure: null,
    same: false,
    firstUnanswered: { step: 'flash-size' },
  });
  expect(unanswered.differences[0]).toMatchObject({ step: 'flash-size', unanswered: true });
  expect(unanswered.differences[0]?.text).toBe(
    'the run sent "AT+ADC?\\r\\n" where the recording has "AT+TCMODULE\\r\\n"',
  );
  expect(unanswered.steps.find(({ step }) => step === 'flash-size')?.unanswered).toBe(true);

  // A question that is not asked any more.
  const left = FLASH.replace(
    /- verb: at-command[\s\S]*?max: 16 } }]/,
    '- { verb: wait, name: flash-size, ms: 5 }',
  );
  const unasked = await tried(recording, moduleRecipe({ steps: left }));
  expect(unasked).toMatchObject({ replayed: 'PASS', same: true });
  expect(unasked.differences.map(({ text }) => text)).toEqual([
    'the recorded run sent "AT+TCMODULE\\r\\n" here, this run did not',
  ]);

  // A recipe of other units.
  const foreign = moduleRecipe({ steps: FLASH })
    .replace("'SN\\d{6}'", "'XY\\d{6}'")
    .replace('SN000001', 'XY000001');
  expect(await faultOf(() => tried(recording, foreign))).toMatchObject({ code: 'serial-malformed' });
});

it('shows the outcome of a failed unit, as far as its requests were recorded', async () => {
  const recording = await recorded(moduleRecipe({ steps: FLASH.replace('min: 1', 'min: 4') }));
  const looser = await tried(recording, moduleRecipe({ steps: FLASH, commandTimeoutMs: 300 }));
  expect(outcomes(looser).slice(0, 5)).toEqual([
    'identify PASS PASS',
    'log-out PASS PASS',
    'burn-triple PASS PASS',
    'flash-size FAIL PASS',
    'prove-online - FAIL',
  ]);
  expect(looser.steps[4]?.unanswered).toBe(true);
  expect(looser).toMatchObject({ recorded: 'FAIL', replayed: null, same: false });
});
