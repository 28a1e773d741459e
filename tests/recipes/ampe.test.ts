import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readRecipe } from '#station';

import {
  AMPE_PEER_PATH,
  AMPE_SHEET,
  AMPE_SHEET_PATH,
  pathsOf,
  shapeOf,
} from '../simulator/support/ampe-sheet.ts';
import { soon } from '../support/patience.ts';
import { startStation } from '../kit/station.ts';
import { startSample } from './sample-station.ts';

const RECIPE = fileURLToPath(new URL('../../resources/recipes/ampe.yaml', import.meta.url));

describe('the sample recipe of the AMPE terminal', () => {
  it.each([
    { tcp: true, dialect: 'documented' },
    { tcp: true, dialect: 'opposite' },
    { tcp: false, dialect: 'documented' },
    { tcp: false, dialect: 'opposite' },
  ] as const)('passes a good one (tcp $tcp, $dialect dialect)', async ({ tcp, dialect }) => {
    await using setup = await startSample('ampe.yaml', { profile: 'ampe', tcp, dialect });
    const result = await setup.run();
    expect(result.failure).toBeNull();
    expect(result.outcome).toBe('PASS');
    // Its unit id is the serial number that it reports, not a MAC of that number's bytes.
    expect(result.unitId).toEqual({ kind: 'serial-number', text: result.serialNumber });
    expect(setup.values(result)).toMatchObject({
      firmware: 'HHA-T1-240801',
      'app-version': '2.9.8',
      'android-version': '7.1.2',
      person: 1,
      // The fixture's tone of 62 dB, 28 dB below full scale; the root of a sine's mean square is 3 dB below its peak.
      sound: -31.01,
      'sound-peak': -28,
    });
  });

  it('takes no identity, and the returns desk says so instead of a mistake in the recipe', async () => {
    await using setup = await startSample('ampe.yaml', { profile: 'ampe', tcp: true });
    const { serialNumber } = await setup.run();
    const { returns } = setup.station;
    const signal = soon();
    const without = await returns.find(serialNumber ?? '', signal);
    expect(without).toMatchObject({ verdict: 'not-read', actions: [], reading: null });
    const onSlot = await returns.read(1, signal);
    expect(onSlot).toMatchObject({ verdict: 'identity-free', actions: [], serialNumber });
    expect(onSlot.timeline.length).toBeGreaterThan(0);
  });

  it.each([
    ['has no paper', 'paper-out', 'printer', 'device-rejected'],
    ['finds no card', 'no-card', 'id-card', 'device-rejected'],
  ] as const)('fails one that %s', async (_, fault, step, code) => {
    await using setup = await startSample('ampe.yaml', {
      profile: 'ampe',
      tcp: true,
      faults: { units: { '1': [{ fault }] } },
    });
    expect(await setup.run()).toMatchObject({ outcome: 'FAIL', failure: { step, code } });
  });
});

describe('the sample recipe and the sheet of document 004', () => {
  it('use the same names: actions, parameters of any depth, paths', async () => {
    const { recipe } = await readRecipe(RECIPE);
    const steps = recipe.phases.flatMap(({ steps }) => steps).filter((step) => step.verb === 'ampe');
    expect(steps.length).toBeGreaterThan(10);
    for (const { action, listener, params, expect: patterns, capture, measure } of steps) {
      const exchange = AMPE_SHEET.exchanges.find(({ request }) => request.action === action);
      const printed = exchange?.request.params ?? {};
      for (const [name, value] of Object.entries(params)) {
        // Each element of a list is like one that the sheet prints.
        const [given, known] = [shapeOf(value), shapeOf(printed[name])];
        if (Array.isArray(given)) expect(known, `${action} ${name}`).toEqual(expect.arrayContaining(given));
        else expect(known, `${action} ${name}`).toEqual(given);
      }
      const messages: readonly object[] =
        listener === undefined
          ? (exchange?.replies ?? [])
          : (AMPE_SHEET.listeners.find((one) => one.listener === listener)?.deliveries ?? []);
      const known = messages.flatMap((message) => pathsOf(message));
      const used = [
        ...Object.keys(patterns),
        ...Object.values(capture),
        ...measure.map(({ group }) => group),
      ];
      expect(known, action).toEqual(expect.arrayContaining(used));
    }
    const [ask] = recipe.device.identify ?? [];
    const replies = AMPE_SHEET.exchanges.find(({ request }) => request.action === ask?.ampe?.action)?.replies;
    expect(pathsOf(replies?.[0])).toEqual(
      expect.arrayContaining([ask?.ampe?.id, ask?.ampe?.model, ask?.ampe?.firmware]),
    );
  });
});

/** The peer of tests/fixtures, which knows the sheet and nothing of the project, and the shipped recipe against it. */
async function runAgainstSheet(...peerArguments: string[]): Promise<{
  readonly outcome: string;
  readonly failure: unknown;
  readonly chipId: string | null;
  readonly complaints: readonly string[];
}> {
  const peer: ChildProcess = spawn(process.execPath, [AMPE_PEER_PATH, AMPE_SHEET_PATH, ...peerArguments], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const output: string[] = [];
    const lines = createInterface({ input: peer.stdout! });
    lines.on('line', (line) => output.push(line));
    await once(lines, 'line');
    const config = { slots: [{ slot: 1, portPath: `tcp://127.0.0.1:${output[0]}` }] };
    await using setup = await startStation({ recipe: readFileSync(RECIPE, 'utf8'), config });
    const { outcome, failure, chipId } = await setup.run(1, 'SN000077');
    return { outcome, failure, chipId, complaints: output.slice(1) };
  } finally {
    const ended = once(peer, 'exit');
    peer.stdin?.end();
    await ended;
  }
}

describe('a terminal that answers as the sheet of document 004 prints', () => {
  it.each([['named by the bridge'], ['unnamed']])(
    'passes the shipped recipe, its deliveries %s',
    async (deliveries) => {
      expect(await runAgainstSheet('{}', ...(deliveries === 'unnamed' ? ['unnamed'] : []))).toEqual({
        outcome: 'PASS',
        failure: null,
        chipId: Buffer.from('SN000077').toString('hex').toUpperCase(),
        complaints: [],
      });
    },
  );

  it('fails it by a code that stands beside success: true', async () => {
    expect(await runAgainstSheet('{"psamCardColdReset":1}')).toMatchObject({
      outcome: 'FAIL',
      failure: {
        code: 'device-rejected',
        step: 'psam-reset.1',
        message: 'the terminal refused psamCardColdReset: PSAM reset failed (冷复位失败), code -2',
      },
      complaints: [],
    });
  });
});
