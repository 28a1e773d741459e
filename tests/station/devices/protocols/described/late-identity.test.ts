import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { contract } from '#shared/contract/index.ts';
import { connect, createInMemoryTransports, Session } from '#shared/rpc/index.ts';
import { findRecording, readRecording, type RunResult } from '#station';
import { unitFault } from '../../../../../simulator/faults/index.ts';
import { describedRecipe } from '../../../../kit/recipes.ts';
import { startStation, type TestStation } from '../../../../kit/station.ts';
import { scripted, simulated, type Units } from '../../../../kit/units.ts';
import { until } from '../../../../support/until.ts';
import { expectSameAgain } from '../../../execution/replay/replay-support.ts';
import {
  consoleIdentity,
  type ConsoleUnit,
  consoleUnit,
  type Held,
  onTerminal,
  type Shown,
} from './console-unit.ts';

let setup: TestStation<Units>;
afterEach(() => setup[Symbol.asyncDispose]());

const OTHER = 'ID FOREIGN001 other-9 Zm9yZWlnbiBzZWNyZXQhIQ==';
/** A step after the burn. */
const ask = (name: string): string =>
  `- { verb: request, name: ${name.toLowerCase()}, text: '${name}?', expect: '^${name}$', retries: 1 }`;
const TEARDOWN = `  - name: off
    kind: teardown
    steps: [${ask('GO').slice(2)}]
`;

interface Recipe {
  readonly shown?: Shown;
  readonly steps?: string;
  readonly phases?: string;
  readonly identity?: Record<string, unknown>;
}

async function start(
  unit: ConsoleUnit,
  { shown = 'deviceSecret', steps = ask('GO'), phases = '', identity = {} }: Recipe = {},
): Promise<void> {
  const device = `  identity: ${JSON.stringify({ ...consoleIdentity(shown), ...identity })}`;
  setup = await startStation({
    units: scripted([onTerminal(unit)]),
    registry: 'real',
    triples: 3,
    recipe: describedRecipe(`- { verb: burn-triple }\n${steps}`, { device }) + phases,
  });
}

/** The unit answers GO? and ON?, and says more around the first. */
function saying(unit: ConsoleUnit, before: (held: Held) => string, after: typeof before = () => ''): void {
  unit.instead = (line) => {
    if (line === 'ON?') return 'ON\r\n';
    return line === 'GO?' && unit.held !== null ? `${before(unit.held)}GO\r\n${after(unit.held)}` : undefined;
  };
}

async function expectContradiction(result: RunResult, step: string): Promise<void> {
  expect(result).toMatchObject({ outcome: 'FAIL', failure: { code: 'device-garbled', step } });
  expect(JSON.stringify(result.failure)).not.toContain('Zm9yZWlnbiBzZWNyZXQhIQ');
  await expectSameAgain(setup.dataDir, result, 1);
}

const identityOf = ({ productId, deviceName, deviceSecret }: Held): string =>
  `ID ${productId} ${deviceName} ${deviceSecret}`;

describe('another identity that a unit says after the reading', () => {
  it.each([
    ['of another unit', () => `${OTHER}\r\n`],
    ['of another name', (held) => `${identityOf({ ...held, deviceName: 'x-1' })}\r\n`],
    ['with another secret', (held) => `${identityOf({ ...held, deviceSecret: 'MDEyMzQ1Njc4OWFi' })}\r\n`],
  ] as [string, (held: Held) => string][])('%s is a fault of the run', async (_, before) => {
    const unit = consoleUnit();
    saying(unit, before);
    await start(unit, { steps: `${ask('GO')}\n${ask('ON')}` });
    await expectContradiction(await setup.run(), 'go');
    // The repeated attempt sends nothing, and the next step does not begin.
    expect(unit.heard.filter((line) => /^(GO|ON)\?$/.test(line))).toEqual(['GO?']);
    saying(unit, () => '');
    expect(await setup.run()).toMatchObject({ outcome: 'PASS' });
  });

  it('is a fault where the name alone is read', async () => {
    const unit = consoleUnit('name');
    saying(unit, () => 'ID FOREIGN001 other-9\r\n');
    await start(unit, { shown: 'name' });
    await expectContradiction(await setup.run(), 'go');
  });

  it('in a teardown, and in a line without an end, is a fault of the run', async () => {
    const unit = consoleUnit();
    saying(
      unit,
      () => '',
      () => OTHER,
    );
    await start(unit, { steps: '', phases: TEARDOWN });
    const result = await setup.run();
    await expectContradiction(result, 'identity');
    expect(setup.steps(result).map(({ outcome }) => outcome)).toEqual(['PASS', 'PASS', 'PASS']);
  });

  it('before the write keeps the unit from being written', async () => {
    const unit = consoleUnit();
    unit.instead = (line) => (line === 'PREP' ? `${OTHER}\r\nOK\r\n` : undefined);
    await start(unit, { identity: { prepare: [{ text: 'PREP', expect: '^OK$' }] } });
    await expectContradiction(await setup.run(), 'burn-triple');
    expect(unit.heard.filter((line) => line.startsWith('SETID'))).toEqual([]);
    expect(setup.stateOf(1)).toBe('claimed');
  });

  it.each([
    ['the same', (held) => `${identityOf(held)}\r\n`, () => ''],
    ['a part of it that has begun', () => '', (held) => identityOf(held).slice(0, -6)],
    ['a line of another kind', () => 'IDLE FOREIGN001 other-9 x\r\nID -\r\n', () => ''],
  ] as [string, (held: Held) => string, (held: Held) => string][])(
    'is none when it is %s',
    async (_, ...said) => {
      const unit = consoleUnit();
      saying(unit, ...said);
      await start(unit);
      const result = await setup.run();
      expect(result).toMatchObject({ outcome: 'PASS', failure: null });
      await expectSameAgain(setup.dataDir, result, 1);
    },
  );
});

describe('a unit over Bluetooth', () => {
  const AFTER = `      - { verb: prompt, kind: confirm, name: hold, ask: { zh-CN: 等, en: Wait }, answerMs: 60000 }
      - { verb: ble-read, service: '180F', characteristic: '2A19', as: uint8 }
`;

  /** The sample recipe, whose unit notifies its identity; the connection lasts while the operator is asked. */
  async function startGatt(afterMs: number | null): Promise<void> {
    const sample = readFileSync('resources/recipes/described-gatt.yaml', 'utf8');
    const recipe = sample
      .replace(
        'characteristic: FFE6',
        "write: FFE4\n        text: '?'\n        notify: FFE6\n        as: text",
      )
      .replace(String.raw`'^(?<productId>\S+) `, String.raw`'^(?<productId>\w{10}) `)
      .replace('        retries: 1\n\n  - name: label', `${AFTER}\n  - name: label`);
    const fault = unitFault.parse({ fault: 'ble-other-identity', afterMs: afterMs ?? 0, times: 1 });
    setup = await startStation({
      units: simulated(1, {
        profile: 'described-gatt',
        ble: true,
        timeScale: 1,
        faults: { units: { '1': afterMs === null ? [] : [fault] } },
      }),
      registry: 'real',
      triples: 2,
      recipe,
    });
  }

  /** Runs the unit; the operator answers when `isReady`. */
  async function run(isReady: (runId: string) => boolean): Promise<RunResult> {
    const [here, there] = createInMemoryTransports();
    setup.station.serve(there, new Session({ role: 'operator', user: 'Li' }));
    const client = connect(contract, here);
    const running = setup.run();
    const { runId, prompt } = await until(() => {
      const shown = setup.station.slots.state.slots[0]?.run;
      return shown?.prompt == null ? undefined : { runId: shown.runId, prompt: shown.prompt };
    }, 'the question');
    await until(() => isReady(runId), 'what the unit says');
    await client.call('slots.answer', { slot: 1, promptId: prompt.promptId, answer: 'ok' });
    return running;
  }

  it('that notifies another identity later than the reading waits does not pass', async () => {
    await startGatt(1000);
    // Its last character is held back while the secret of the run could begin with it.
    const notified = (runId: string): boolean =>
      [...readRecording(findRecording(setup.dataDir, runId)).entries.values()].some(
        (entry) => entry.type === 'notification' && entry.bytes?.includes('FOREIGN001') === true,
      );
    await expectContradiction(await run(notified), 'hold');
  });

  it('that notifies one identity passes', async () => {
    await startGatt(null);
    const result = await run(() => true);
    expect(result).toMatchObject({ outcome: 'PASS', unproven: true });
    await expectSameAgain(setup.dataDir, result, 1);
  });
});
