import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invoke } from '../kit/in-process.ts';
import { startStation, type TestStation } from '../kit/station.ts';
import { simulated, type SimulatedUnits, serialOf } from '../kit/units.ts';
import { moduleRecipe } from '../kit/recipes.ts';
import { type CommandEvent, writeSerials } from '../kit/command-line.ts';

let setup: TestStation<SimulatedUnits>;
let runs: readonly CommandEvent[];
const ask = (...args: string[]) => invoke(...args, '--data', setup.dataDir);

beforeAll(async () => {
  const steps = '  - name: label\n    steps: [{ verb: label }]\n';
  setup = await startStation({
    units: simulated(2),
    registry: 'real',
    batchName: 'journey',
    recipe: moduleRecipe({ steps }),
    triples: 3,
  });
  await setup.close();
  const [one = '', two = ''] = setup.ports;
  const serials = writeSerials(setup.dir, [serialOf(1), serialOf(2)]);
  const done = await ask('run', '--batch', 'journey', '--slot', one, '--slot', two, '--serials', serials);
  expect(done).toMatchObject({ status: 0, stderr: '' });
  runs = (await ask('runs', '--json')).events;
});
afterAll(() => setup[Symbol.asyncDispose]());

describe('runs', () => {
  it('lists them newest first, with their data', () => {
    expect(runs).toHaveLength(2);
    for (const row of runs) {
      const slot = Number(row['slot']);
      expect(row).toMatchObject({
        event: 'run.row',
        batch: setup.batchId,
        batchName: 'journey',
        serialNumber: serialOf(slot),
        mac: setup.units.simulator.inner.units[slot - 1]?.mac.toUpperCase(),
        outcome: 'PASS',
        firstFailure: null,
        station: 'S1',
      });
    }
    const began = runs.map((row) => Number(row['startedAtMs']));
    expect(began).toEqual(began.toSorted((a, b) => b - a));
  });

  it.each([
    [['--serial', 'SN000002'], 1],
    [['--serial', ']C0SN000002'], 1],
    [['--batch', 'journ', '--outcome', 'PASS'], 2],
    [['--outcome', 'FAIL'], 0],
    [['--failure', 'pool-empty'], 0],
    [['--limit', '1'], 1],
    [['--from', '2020-01-01', '--to', '2020-01-02'], 0],
    [['--from', '2020-01-01'], 2],
  ])('takes %j', async (args, count) => {
    const { status, events } = await ask('runs', '--json', ...args);
    expect({ status, count: events.length }).toEqual({ status: 0, count });
  });

  it('suggests the similar failure code', async () => {
    const { status, stderr } = await ask('runs', '--failure', 'pool');
    expect({ status, stderr }).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('pool-empty') as string,
    });
  });
});

describe('an argument that takes an id', () => {
  const newest = (): string => String(runs[0]?.['run']);

  it('a batch is found by its name and by a beginning', async () => {
    for (const text of ['journey', 'JOURNEY', 'jour', setup.batchId.slice(0, 13)]) {
      const { status, stderr } = await ask('yield', text);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }
    const missing = await ask('yield', 'nowhere');
    expect(missing).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('The latest are journey') as string,
    });
  });

  it('a run is found by what "run" printed, by serial number, MAC and DeviceName', async () => {
    const row = runs.find((one) => one['run'] === newest());
    const names = [newest(), newest().slice(0, 18), row?.['serialNumber'], row?.['mac'], row?.['deviceName']];
    for (const [at, name] of names.entries()) {
      const file = join(setup.dir, `label-${at}.svg`);
      const made = await ask('label', 'print', '--run', String(name), '--to', file, '--json');
      expect(made).toMatchObject({ status: 0, events: [{ event: 'label.written', run: newest() }] });
      expect(existsSync(file)).toBe(true);
      const shown = await ask('recording', 'show', String(name));
      expect(shown.stdout).toMatch(new RegExp(`^run ${newest()} `));
    }
  });

  it('lists the matches if there are several, and a command for the list if there is none', async () => {
    const both = newest().slice(0, 6);
    const several = await ask('recording', 'show', both);
    expect(several.status).toBe(2);
    for (const row of runs) expect(several.stderr).toContain(String(row['run']));
    expect(await ask('recording', 'show', 'SN999999')).toMatchObject({
      status: 2,
      stderr:
        'gongwei: there is no run SN999999 — List runs with "runs", those of a unit with "runs --serial SERIAL".\n',
    });
  });

  it('recordings are listed with their units', async () => {
    const { status, events } = await ask('recording', 'list', '--json');
    expect(status).toBe(0);
    expect(events.map((event) => event['run']).toSorted()).toEqual(runs.map((row) => row['run']).toSorted());
    expect(readdirSync(join(setup.dataDir, 'recordings'))).toHaveLength(2);
    const one = await ask('recording', 'list', '--serial', serialOf(1), '--json');
    expect(one.events).toMatchObject([
      { event: 'recording.row', serialNumber: serialOf(1), outcome: 'PASS' },
    ]);
  });
});
