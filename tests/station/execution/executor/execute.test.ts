import { describe, expect, it } from 'vitest';
import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import {
  recipe as recipeShape,
  type Recipe,
  type Step,
  stepName,
  stepTimeoutMs,
} from '#shared/recipe/index.ts';
import { createNodeClock } from '../../../../station/devices/drivers/node/clock.ts';
import {
  type Attempt,
  execute,
  type ExecutionResult,
  type ExecutorHooks,
} from '../../../../station/execution/executor/execute.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

type PhaseSpec = readonly [
  name: string,
  kind: 'setup' | 'main' | 'teardown',
  steps: readonly Partial<Step>[],
  timeoutMs?: number | undefined,
  onFail?: 'stop' | 'continue',
];

function recipeOf(phases: readonly PhaseSpec[], device: object = { profile: 'at-module' }): Recipe {
  return recipeShape.parse({
    gongwei: 'recipe/1',
    name: 'r',
    version: '1',
    title: { 'zh-CN': '工', en: 'r' },
    product: 'P',
    serialNumber: { pattern: '.+', example: 'x' },
    device,
    phases: phases.map(([name, kind, steps, timeoutMs, onFail]) => ({
      name,
      kind,
      onFail,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      steps: steps.map((step) => ('verb' in step ? step : { verb: 'wait', ms: 1, ...step })),
    })),
  });
}

type Behaviour = (attempt: number, signal: AbortSignal) => Promise<void> | void;

/** Instead of the five seconds and more that steps have. */
const SETTLE_IN_TEST_MS = 30;

interface Ran {
  readonly result: ExecutionResult;
  /** `phase/step` of everything that was begun, in order. */
  readonly order: string[];
  readonly attempts: Attempt[];
}

async function run(
  recipe: Recipe,
  behave: Record<string, Behaviour>,
  signal: AbortSignal = NEVER_ABORTED,
): Promise<Ran> {
  const order: string[] = [];
  const attempts: Attempt[] = [];
  let phase = '';
  const times = new Map<string, number>();
  const hooks: ExecutorHooks = {
    prepare: () => null,
    endStep: () => null,
    enterPhase: (entered) => void (phase = entered.name),
    enterStep: () => undefined,
    async perform(step, stepSignal) {
      const name = `${phase}/${stepName(step)}`;
      order.push(name);
      const attempt = (times.get(name) ?? 0) + 1;
      times.set(name, attempt);
      await behave[name]?.(attempt, stepSignal);
    },
    recordAttempt: (attempt) => void attempts.push(attempt),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    shouldRun: () => true,
    clock: createNodeClock(),
    computerClock: { sleep: (_ms, aborted) => createNodeClock().sleep(SETTLE_IN_TEST_MS, aborted) },
    unixMs: (monotonicMs) => Math.round(monotonicMs),
  };
  return { result: await execute(recipe, hooks, signal), order, attempts };
}

const fails =
  (code: FaultCode): Behaviour =>
  () => {
    throw new Fault(code, code);
  };
const waits: Behaviour = (_attempt, signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
const s = (name: string, more: Partial<Step> = {}): Partial<Step> => ({ name, ...more }) as Partial<Step>;

const SAMPLE = recipeOf([
  ['end', 'teardown', [s('off'), s('log')]],
  ['first', 'setup', [s('a')]],
  ['second', 'main', [s('b'), s('c')]],
  ['third', 'main', [s('d')]],
  ['last', 'teardown', [s('z')]],
]);
const ALL = ['first/a', 'second/b', 'second/c', 'third/d', 'end/off', 'end/log', 'last/z'];

describe('the phases of a recipe', () => {
  it('go setup, main, teardown, whatever their order in the file', async () => {
    const { result, order } = await run(SAMPLE, {});
    expect(result).toEqual({ outcome: 'PASS', failure: null });
    expect(order).toEqual(ALL);
  });

  it.each<[FaultCode, string]>([
    ['limit-exceeded', 'FAIL'],
    ['port-lost', 'ERROR'],
    ['timeout', 'TIMEOUT'],
    ['cancelled', 'ABORTED'],
    ['identity-conflict', 'ERROR'],
  ])('stop at %s with %s, and teardown always runs', async (code, outcome) => {
    const { result, order } = await run(SAMPLE, { 'second/b': fails(code) });
    expect(result).toMatchObject({ outcome, failure: { code, phase: 'second', step: 'b' } });
    expect(order).toEqual(['first/a', 'second/b', 'end/off', 'end/log', 'last/z']);
  });

  it('name the first thing that went wrong, and count the worst', async () => {
    const { result, order } = await run(SAMPLE, {
      'third/d': fails('limit-exceeded'),
      'end/off': fails('port-lost'),
    });
    expect(result).toMatchObject({ outcome: 'ERROR', failure: { code: 'limit-exceeded', step: 'd' } });
    expect(order).toEqual(ALL);
  });

  it('do not pass when only teardown went wrong', async () => {
    const { result } = await run(SAMPLE, { 'end/log': fails('device-silent') });
    expect(result).toMatchObject({ outcome: 'FAIL', failure: { phase: 'end', step: 'log' } });
  });

  it('end with ERROR after a defect, with a message that does not show it', async () => {
    const { result } = await run(SAMPLE, {
      'second/b': () => {
        throw new TypeError('undefined is not a function');
      },
    });
    expect(result).toMatchObject({ outcome: 'ERROR', failure: { code: 'internal' } });
    expect(result.failure?.message).not.toContain('undefined');
  });
});

/** Main steps that run when `b` fails: `c` is in its phase, `d` in the next. */
const STOPS = ['b'];
const NEXT_PHASE = ['b', 'd'];
const ALL_OF_IT = ['b', 'c', 'd'];

describe('a failed step', () => {
  it.each<['stop' | 'continue', 'stop' | 'continue', FaultCode, string, string[]]>([
    ['stop', 'stop', 'limit-exceeded', 'FAIL', STOPS],
    ['stop', 'continue', 'limit-exceeded', 'FAIL', NEXT_PHASE],
    ['continue', 'stop', 'limit-exceeded', 'FAIL', ALL_OF_IT],
    ['continue', 'continue', 'limit-exceeded', 'FAIL', ALL_OF_IT],
    ['stop', 'stop', 'timeout', 'TIMEOUT', STOPS],
    ['stop', 'continue', 'timeout', 'TIMEOUT', NEXT_PHASE],
    ['continue', 'stop', 'timeout', 'TIMEOUT', ALL_OF_IT],
    ['continue', 'continue', 'timeout', 'TIMEOUT', ALL_OF_IT],
    ['continue', 'continue', 'port-lost', 'ERROR', STOPS],
    ['continue', 'continue', 'cancelled', 'ABORTED', STOPS],
  ])(
    'with %s, in a phase with %s, that ends with %s makes the run %s',
    async (ofStep, ofPhase, code, outcome, main) => {
      const recipe = recipeOf([
        ['one', 'main', [s('b', { onFail: ofStep }), s('c')], undefined, ofPhase],
        ['two', 'main', [s('d')]],
        ['end', 'teardown', [s('y'), s('z')]],
      ]);
      const { result, order } = await run(recipe, { 'one/b': fails(code) });
      expect(order.map((one) => one.split('/')[1])).toEqual([...main, 'y', 'z']);
      expect(result).toMatchObject({ outcome, failure: { code, phase: 'one', step: 'b' } });
    },
  );

  it('after one with onFail: continue has its own outcome', async () => {
    const recipe = recipeOf([
      ['one', 'main', [s('a', { onFail: 'continue' }), s('b'), s('c')]],
      ['two', 'main', [s('d')]],
      ['end', 'teardown', [s('z')]],
    ]);
    const bad = fails('limit-exceeded');
    const { result, order } = await run(recipe, { 'one/a': bad, 'one/b': bad });
    expect(order).toEqual(['one/a', 'one/b', 'end/z']);
    expect(result).toMatchObject({ outcome: 'FAIL', failure: { step: 'a' } });
  });

  it('in setup lets main run with onFail: continue, and the worst outcome counts', async () => {
    const recipe = recipeOf([
      ['first', 'setup', [s('a', { onFail: 'continue' })]],
      ['one', 'main', [s('b')]],
    ]);
    const { result, order } = await run(recipe, {
      'first/a': fails('limit-exceeded'),
      'one/b': fails('timeout'),
    });
    expect(order).toEqual(['first/a', 'one/b']);
    expect(result).toMatchObject({ outcome: 'TIMEOUT', failure: { code: 'limit-exceeded', step: 'a' } });
  });

  it('of a phase after its time limit ends the phase; later phases run with onFail: continue', async () => {
    const recipe = recipeOf([
      ['one', 'main', [s('a', { onFail: 'continue' }), s('b')], 20, 'continue'],
      ['two', 'main', [s('d')]],
    ]);
    const { result, order } = await run(recipe, { 'one/a': waits });
    expect(order).toEqual(['one/a', 'two/d']);
    expect(result).toMatchObject({ outcome: 'TIMEOUT', failure: { code: 'timeout' } });
  });
});

describe('the deadline of a step that names none', () => {
  const device = {
    profile: 'at-module',
    serial: { commandTimeoutMs: 90_000 },
    reset: { line: 'rts', settleMs: 90_000 },
    board: { kind: 'numato', settleMs: 90_000 },
    ble: { connectMs: 90_000 },
  } as const;
  it.each([
    [{ verb: 'wait', ms: 90_000 }, 110_000],
    [{ verb: 'wait', ms: 5 }, 60_000],
    [{ verb: 'prompt', kind: 'confirm', ask: { 'zh-CN': '放', en: 'put' } }, 320_000],
    [{ verb: 'scan-label', answerMs: 1000, timeoutMs: 2000 }, 2000],
    [{ verb: 'expect', expect: 'x', withinMs: 50_000 }, 70_000],
    [{ verb: 'reset' }, 110_100],
    [{ verb: 'power', to: 'on' }, 110_000],
    [{ verb: 'power', to: 'cycle' }, 111_000],
    [{ verb: 'power', to: 'cycle', settleMs: 5 }, 60_000],
    [{ verb: 'at-command', send: 'AT+GMR' }, 110_000],
    [{ verb: 'identify' }, 110_000],
    [{ verb: 'burn-triple' }, 380_000],
    [{ verb: 'ble-services', services: [{ service: '180F' }] }, 110_000],
    [{ verb: 'ble-read', service: '180F', characteristic: '2A19' }, 113_000],
  ])('of %o leaves room for the waits of step and device: %d ms', (step, expected) => {
    const recipe = recipeOf([['one', 'main', [step as Partial<Step>]]], device);
    const [made] = recipe.phases[0]?.steps ?? [];
    expect(made && stepTimeoutMs(made, recipe.device)).toBe(expected);
  });

  it('leaves room for every request that identifies a described device', () => {
    const request = { text: 'V?', expect: '(?<id>.+)', withinMs: 45_000 };
    const recipe = recipeOf([['one', 'main', [{ verb: 'identify' }]]], {
      profile: 'described',
      identify: [request, request],
    });
    const [made] = recipe.phases[0]?.steps ?? [];
    expect(made && stepTimeoutMs(made, recipe.device)).toBe(110_000);
  });
});

describe('a retry', () => {
  const recipe = recipeOf([['main', 'main', [s('a', { retries: 2 })]]]);
  const codes = (attempts: readonly Attempt[]): unknown[] =>
    attempts.map(({ attempt, outcome }) => [attempt, outcome]);

  it('keeps every attempt, and the last one counts', async () => {
    const { result, attempts } = await run(recipe, {
      'main/a': (attempt) => {
        if (attempt < 3) throw new Fault('limit-exceeded', 'no');
      },
    });
    expect(result).toEqual({ outcome: 'PASS', failure: null });
    expect(codes(attempts)).toEqual([
      [1, 'FAIL'],
      [2, 'FAIL'],
      [3, 'PASS'],
    ]);
  });

  it('has an end', async () => {
    const { result, attempts } = await run(recipe, { 'main/a': fails('limit-exceeded') });
    expect(result.outcome).toBe('FAIL');
    expect(attempts).toHaveLength(3);
  });

  it('is not made after a fault of the station', async () => {
    const { attempts } = await run(recipe, { 'main/a': fails('port-missing') });
    expect(attempts).toHaveLength(1);
  });
});

describe('a time limit', () => {
  it('of a step ends it, and it may be tried again', async () => {
    const recipe = recipeOf([['main', 'main', [s('a', { timeoutMs: 20, retries: 1 }), s('b')]]]);
    const { result, order } = await run(recipe, {
      'main/a': (attempt, signal) => (attempt === 1 ? waits(attempt, signal) : undefined),
    });
    expect(result.outcome).toBe('PASS');
    expect(order).toEqual(['main/a', 'main/a', 'main/b']);
  });

  it('of a phase ends its step and is no reason to try again', async () => {
    const recipe = recipeOf([
      ['main', 'main', [s('a', { retries: 5 }), s('b')], 20],
      ['end', 'teardown', [s('z')]],
    ]);
    const { result, order } = await run(recipe, { 'main/a': waits });
    expect(result).toMatchObject({ outcome: 'TIMEOUT', failure: { code: 'timeout' } });
    expect(order).toEqual(['main/a', 'end/z']);
  });
});

describe('a stop', () => {
  it('ends the step under way, and teardown runs all the same', async () => {
    const stop = new AbortController();
    const fault = new Fault('cancelled', 'stopped by the operator');
    const { result, order } = await run(
      SAMPLE,
      {
        'second/b': (attempt, signal) => {
          queueMicrotask(() => stop.abort(fault));
          return waits(attempt, signal);
        },
      },
      stop.signal,
    );
    expect(result).toMatchObject({ outcome: 'ABORTED', failure: { code: 'cancelled', phase: 'second' } });
    expect(order).toEqual(['first/a', 'second/b', 'end/off', 'end/log', 'last/z']);
  });

  it('between two phases is a stop as well', async () => {
    const stop = new AbortController();
    const { result, order } = await run(
      SAMPLE,
      { 'second/c': () => stop.abort(new Fault('cancelled', 'stopped')) },
      stop.signal,
    );
    // The phase that the stop kept from running.
    expect(result).toMatchObject({ outcome: 'ABORTED', failure: { code: 'cancelled', phase: 'third' } });
    expect(order).toEqual(['first/a', 'second/b', 'second/c', 'end/off', 'end/log', 'last/z']);
  });

  it('before anything began runs teardown only', async () => {
    const { result, order } = await run(SAMPLE, {}, AbortSignal.abort(new Fault('cancelled', 'stopped')));
    expect(result.outcome).toBe('ABORTED');
    expect(order).toEqual(['end/off', 'end/log', 'last/z']);
  });
});

describe('a step that does not end on its signal', () => {
  const stuck: Behaviour = () => new Promise(() => undefined);
  const recipe = recipeOf([
    ['main', 'main', [s('a', { timeoutMs: 20 })]],
    ['end', 'teardown', [s('z')]],
  ]);

  it('is abandoned at its limit, and teardown runs', async () => {
    const { result, order, attempts } = await run(recipe, { 'main/a': stuck });
    expect(result).toMatchObject({ outcome: 'TIMEOUT', failure: { code: 'timeout', step: 'a' } });
    expect(order).toEqual(['main/a', 'end/z']);
    expect(attempts).toHaveLength(2);
  });

  it('is abandoned at a stop, with the reason of the stop', async () => {
    const stop = new AbortController();
    const { result, order } = await run(
      SAMPLE,
      {
        'second/b': () => {
          queueMicrotask(() => stop.abort(new Fault('cancelled', 'stopped by the operator')));
          return new Promise(() => undefined);
        },
      },
      stop.signal,
    );
    expect(result).toMatchObject({
      outcome: 'ABORTED',
      failure: { code: 'cancelled', message: 'stopped by the operator', step: 'b' },
    });
    expect(order).toEqual(['first/a', 'second/b', 'end/off', 'end/log', 'last/z']);
  });

  it('has time to release its resources, and then ends with its own fault', async () => {
    const late: Behaviour = (_attempt, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () =>
          setImmediate(() => reject(new Fault('port-lost', 'the port was lost on the way'))),
        );
      });
    const { result } = await run(recipe, { 'main/a': late });
    expect(result).toMatchObject({ outcome: 'ERROR', failure: { code: 'port-lost' } });
  });
});
