import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { findRecording, type RunResult } from '#station';
import { describedRecipe } from '../../../../kit/recipes.ts';
import { startStation, type TestStation } from '../../../../kit/station.ts';
import { scripted, type ScriptedUnits } from '../../../../kit/units.ts';
import { traces } from '../../../../journey/traces.ts';
import { soon } from '../../../../support/patience.ts';
import { expectSameAgain } from '../../../execution/replay/replay-support.ts';
import {
  consoleIdentity,
  type ConsoleUnit,
  consoleUnit,
  type Held,
  onTerminal,
  type Shown,
  UNANSWERED_MS,
} from './console-unit.ts';

let setup: TestStation<ScriptedUnits>;
afterEach(() => setup[Symbol.asyncDispose]());

/** A station with one such unit, and a recipe that burns it. */
async function start(unit: ConsoleUnit, identity = consoleIdentity(), steps = ''): Promise<void> {
  setup = await startStation({
    units: scripted([onTerminal(unit)]),
    registry: 'real',
    triples: 3,
    recipe: describedRecipe(`- { verb: burn-triple }\n${steps}`, {
      device: `  identity: ${JSON.stringify(identity)}`,
    }),
  });
}

/** A step that fails while the unit answers NO. */
const GO = `- verb: request
  text: GO?
  expect: '^(GO|NO)$'
  measure: [{ name: go, group: 1, limits: { equals: GO } }]`;

const proofOf = ({ runId }: RunResult): unknown => setup.station.database.runs.findById(runId)?.proof;
const notes = (): string[] => {
  const unit = setup.station.database.units.findByChip(setup.units.chipOf(1));
  return setup.station.database.triples
    .listOfUnit(unit?.unitId ?? 0)
    .flatMap(({ tripleId }) =>
      setup.station.database.triples.listHistory(tripleId).map(({ note }) => note ?? ''),
    );
};

/** No form of a secret is in the recording of a run, which replays the same. */
async function expectRecorded(result: RunResult, secret: string): Promise<void> {
  const recording = readFileSync(findRecording(setup.dataDir, result.runId));
  for (const { form, bytes } of traces(secret))
    expect([form, recording.includes(bytes)]).toEqual([form, false]);
  await expectSameAgain(setup.dataDir, result, 1);
}

const STRENGTHS: readonly (readonly [Shown, string])[] = [
  ['deviceSecret', 'full'],
  ['deviceSecretHex', 'full'],
  ['deviceSecretBase64', 'full'],
  ['deviceSecretSha256', 'sha256'],
  ['deviceSecretMd5', 'md5'],
  ['deviceSecretCrc32', 'crc32'],
  ['deviceSecretBcc', 'bcc8'],
];

describe.each(STRENGTHS)('a described unit that shows %s', (shown, readBack) => {
  it('is burned, and found again; a wrong secret is written again', async () => {
    const unit = consoleUnit(shown);
    await start(unit, consoleIdentity(shown), GO);
    // A unit that has passed is not started again.
    unit.instead = (line) => (line === 'GO?' ? 'NO\r\n' : undefined);
    const first = await setup.run();
    expect(first).toMatchObject({ outcome: 'FAIL', failure: { step: 'request' } });
    expect(setup.stateOf(1)).toBe('burned');
    expect(proofOf(first)).toEqual({ readBack, online: 'none' });
    const written = { ...unit.held };
    const secret = written.deviceSecret ?? '';
    await expectRecorded(first, secret);
    unit.heard.length = 0;
    expect(await setup.run()).toMatchObject({ failure: { step: 'request' } });
    expect(unit.heard.filter((line) => line.startsWith('SETID'))).toEqual([]);
    // Another secret under the right name: never another triple, and the same is written again.
    unit.held = { ...(unit.held as Held), deviceSecret: 'MDEyMzQ1Njc4OWFiY2RlZg==' };
    unit.instead = (line) => (line === 'GO?' ? 'GO\r\n' : undefined);
    const third = await setup.run();
    expect(third).toMatchObject({ outcome: 'PASS' });
    expect(unit.held).toEqual(written);
    await expectRecorded(third, secret);
  });
});

describe('a described unit', () => {
  it('whose answer to the write is lost is read back', async () => {
    const unit = consoleUnit();
    await start(unit, consoleIdentity('deviceSecret', UNANSWERED_MS));
    unit.instead = (line) => {
      if (!line.startsWith('SETID')) return undefined;
      const [, productId = '', deviceName = '', deviceSecret = ''] = line.split(' ');
      unit.held = { productId, deviceName, deviceSecret };
      return null;
    };
    const result = await setup.run();
    expect(result).toMatchObject({ outcome: 'PASS' });
    expect(setup.stateOf(1)).toBe('burned');
    await expectRecorded(result, unit.held?.deviceSecret ?? '');
  });

  it('that refuses, or takes nothing, keeps its triple claimed', async () => {
    const unit = consoleUnit();
    await start(unit, consoleIdentity('deviceSecret', UNANSWERED_MS));
    for (const [answer, code] of [
      ['ERR 3\r\n', 'limit-exceeded'],
      [null, 'device-silent'],
    ] as const) {
      unit.instead = (line) => (line.startsWith('SETID') ? answer : undefined);
      const result = await setup.run();
      expect(result).toMatchObject({ outcome: 'FAIL', failure: { code } });
      expect(JSON.stringify(result.failure)).toContain('SETID {productId}');
      expect(setup.stateOf(1)).toBe('claimed');
    }
    unit.instead = () => undefined;
    expect(await setup.run()).toMatchObject({ outcome: 'PASS' });
    expect(
      new Set(setup.station.database.triples.listOfUnit(1).map(({ deviceName }) => deviceName)).size,
    ).toBe(1);
  });

  it('that holds what nobody here has given it stops, and its secret is recorded nowhere', async () => {
    const unit = consoleUnit();
    const foreign = {
      productId: 'FOREIGN001',
      deviceName: 'other-9',
      deviceSecret: 'Zm9yZWlnbiBzZWNyZXQhIQ==',
    };
    unit.held = foreign;
    await start(unit);
    const result = await setup.run();
    expect(result).toMatchObject({ outcome: 'ERROR', failure: { code: 'identity-conflict' } });
    expect(unit.held).toEqual(foreign);
    await expectRecorded(result, foreign.deviceSecret);
  });

  it('whose answer is damaged stops, and the answer is recorded nowhere', async () => {
    const unit = consoleUnit();
    await start(unit, consoleIdentity('deviceSecret', UNANSWERED_MS));
    const secret = 'Zm9yZWlnbiBzZWNyZXQhIQ==';
    unit.instead = (line) => (line === 'ID?' ? `ID FOREI?N001 other-9 ${secret}\r\n` : undefined);
    const result = await setup.run();
    expect(result).toMatchObject({ outcome: 'FAIL', failure: { code: 'limit-exceeded' } });
    expect(JSON.stringify(result.failure)).not.toContain('other-9');
    await expectRecorded(result, secret);
    expect(setup.stateOf(1)).toBeNull();
  });

  it('that takes another secret than it was sent is in doubt', async () => {
    const unit = consoleUnit('deviceSecretSha256');
    await start(unit, consoleIdentity('deviceSecretSha256'));
    unit.instead = (line) => {
      if (!line.startsWith('SETID')) return undefined;
      const [, productId = '', deviceName = ''] = line.split(' ');
      unit.held = { productId, deviceName, deviceSecret: 'MDEyMzQ1Njc4OWFiY2RlZg==' };
      return 'OK\r\n';
    };
    expect(await setup.run()).toMatchObject({ outcome: 'FAIL', failure: { code: 'read-back-mismatch' } });
    expect(setup.stateOf(1)).toBe('in-doubt');
    unit.instead = () => undefined;
    expect(await setup.run()).toMatchObject({ outcome: 'PASS' });
    expect(setup.stateOf(1)).toBe('burned');
  });

  it('that holds half of an identity gets the rest', async () => {
    const unit = consoleUnit();
    await start(unit, consoleIdentity('deviceSecret', UNANSWERED_MS));
    unit.instead = (line) => {
      if (!line.startsWith('SETID')) return undefined;
      const [, productId = ''] = line.split(' ');
      unit.held = { productId, deviceName: '', deviceSecret: '' };
      return null;
    };
    expect(await setup.run()).toMatchObject({ outcome: 'FAIL', failure: { code: 'device-silent' } });
    expect(setup.stateOf(1)).toBe('claimed');
    unit.instead = () => undefined;
    expect(await setup.run()).toMatchObject({ outcome: 'PASS' });
  });
});

describe('a unit of which the name alone is read', () => {
  it('passes unproven, and says so', async () => {
    const unit = consoleUnit('name');
    await start(unit, consoleIdentity('name'));
    const result = await setup.run();
    expect(result).toMatchObject({ outcome: 'PASS', unproven: true });
    expect(proofOf(result)).toEqual({ readBack: 'name', online: 'none', unproven: true });
    expect(notes()).toContain('read back (name)');
    expect(setup.station.database.runs.countUnproven(setup.batchId, 10)).toBe(1);
    expect(setup.station.database.runs.countUnproven('another', 10)).toBe(0);
    await expectRecorded(result, unit.held?.deviceSecret ?? '');
  });

  it('is written again after a write whose end is not known', async () => {
    const unit = consoleUnit('name');
    await start(unit, consoleIdentity('name', UNANSWERED_MS));
    unit.instead = (line) => {
      if (!line.startsWith('SETID')) return undefined;
      const [, productId = '', deviceName = ''] = line.split(' ');
      unit.held = { productId, deviceName, deviceSecret: 'half' };
      return null;
    };
    expect(await setup.run()).toMatchObject({ outcome: 'FAIL', failure: { code: 'device-silent' } });
    expect(setup.stateOf(1)).toBe('in-doubt');
    unit.instead = () => undefined;
    expect(await setup.run()).toMatchObject({ outcome: 'PASS' });
    expect(unit.held?.deviceSecret.length).toBeGreaterThan(8);
  });
});

describe('a returned unit', () => {
  const BY = { user: 'Chen', role: 'support' } as const;
  const act = (action: 'keep' | 'reissue' | 'retire') =>
    setup.station.returns.act({ slot: 1, action, reason: 'came back', approver: 'Wang' }, BY, soon());

  it('is read, and keeps, changes and loses its identity', async () => {
    const unit = consoleUnit('deviceSecretMd5');
    await start(unit, consoleIdentity('deviceSecretMd5'));
    await setup.run();
    const first = unit.held;
    expect(await setup.station.returns.read(1, soon())).toMatchObject({
      verdict: 'known',
      reading: { holds: { deviceName: first?.deviceName }, secretMatches: true, readBack: 'md5' },
    });
    unit.held = null;
    expect(await act('keep')).toMatchObject({ verdict: 'known' });
    expect(unit.held).toEqual(first);
    expect(await act('reissue')).toMatchObject({ verdict: 'known' });
    expect(unit.held).not.toEqual(first);
    expect(await act('retire')).toMatchObject({ verdict: 'unknown' });
    expect(unit.held).toBeNull();
  });

  it('that cannot forget its identity is not retired', async () => {
    const unit = consoleUnit();
    const { erase: _, ...identity } = consoleIdentity();
    await start(unit, identity);
    await setup.run();
    await expect(act('retire')).rejects.toMatchObject({ code: 'bad-input' });
    expect(setup.stateOf(1)).toBe('burned');
  });
});

describe('a described unit that logs in', () => {
  const login = [{ text: 'CONNECT', expect: '^ONLINE$', withinMs: UNANSWERED_MS }];
  const PROVE = '- { verb: prove-online, confirm: device }';

  it('proves its secret, also where its name alone is read', async () => {
    const unit = consoleUnit('name');
    await start(unit, { ...consoleIdentity('name'), unproven: false, login }, PROVE);
    unit.instead = (line) => (line === 'CONNECT' ? 'ONLINE\r\n' : undefined);
    const result = await setup.run();
    expect(result).toMatchObject({ outcome: 'PASS' });
    expect(result.unproven).toBe(false);
    expect(proofOf(result)).toEqual({ readBack: 'name', online: 'device' });
    expect(setup.station.database.runs.countUnproven(setup.batchId, 10)).toBe(0);
  });

  it('and cannot, is written again when its read-back may have missed a wrong secret', async () => {
    const unit = consoleUnit('name');
    await start(unit, { ...consoleIdentity('name'), unproven: false, login }, PROVE);
    unit.instead = (line) => (line === 'CONNECT' ? 'REFUSED\r\n' : undefined);
    expect(await setup.run()).toMatchObject({ outcome: 'FAIL', failure: { code: 'not-online' } });
    unit.heard.length = 0;
    unit.instead = (line) => (line === 'CONNECT' ? 'ONLINE\r\n' : undefined);
    expect(await setup.run()).toMatchObject({ outcome: 'PASS' });
    expect(unit.heard.filter((line) => line.startsWith('SETID')).length).toBe(1);
  });
});
