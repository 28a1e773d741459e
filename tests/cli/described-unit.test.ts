import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unitFault } from '../../simulator/faults/index.ts';
import { startCommand, writeSerials } from '../kit/command-line.ts';
import { invoke } from '../kit/in-process.ts';
import { sampleRecipe } from '../kit/recipes.ts';
import { startStation, type TestStation } from '../kit/station.ts';
import { simulated, type SimulatedUnits, serialOf } from '../kit/units.ts';
import { tempDir } from '../support/temp-dir.ts';

let setup: TestStation<SimulatedUnits>;
beforeAll(async () => {
  setup = await startStation({
    units: simulated(2, { profile: 'described-full', dialect: 'documented' }),
    registry: 'real',
    recipe: await sampleRecipe('described-full.yaml'),
    triples: 6,
  });
  await setup.close();
});
afterAll(() => setup[Symbol.asyncDispose]());

const data = (): string[] => ['--data', setup.dataDir, '--json'];
const portOf = (slot: number): string => setup.ports[slot - 1] ?? '';
const heldBy = (slot: number) => setup.units.simulator.inner.flashOf(slot).identity?.deviceName ?? null;
const runArgs = (slot: number): string[] => [
  'run',
  ...['--batch', setup.batchId, '--slot', portOf(slot)],
  ...['--serials', writeSerials(setup.dir, [serialOf(slot)]), ...data()],
];
const reflash = (slot: number, ...action: string[]) =>
  invoke(
    ...['unit', 'reflash', '--slot', portOf(slot), ...action, '--reason', 'a test of returns'],
    ...['--approver', 'Li', ...data()],
  );
const read = async (slot: number, ...batch: string[]): Promise<unknown> =>
  (await invoke('unit', 'read', '--slot', portOf(slot), ...batch, ...data())).events[0];

it('a described unit is burned and returned by command', async () => {
  const { status, stderr, events } = await invoke(...runArgs(1));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const first = heldBy(1);
  expect(events.find(({ event }) => event === 'run.finished')).toMatchObject({ deviceName: first });
  expect(await read(1)).toMatchObject({
    verdict: 'known',
    reading: { holds: { deviceName: first }, secretMatches: true, readBack: 'full' },
  });

  // A station of another line, whose batches say nothing of this unit.
  using other = tempDir('other-line');
  const foreign = await invoke(
    ...['unit', 'read', '--slot', portOf(1), '--recipe', 'resources/recipes/described-full.yaml'],
    ...['--data', join(other.path, 'data'), '--json'],
  );
  expect(foreign).toMatchObject({
    status: 0,
    events: [{ verdict: 'foreign', reading: { holds: { deviceName: first }, readBack: 'full' } }],
  });
  // The newest batch makes other units: these are read and written as their own batch says, by its name or id.
  const newer = ['--recipe', 'resources/recipes/at-wifi-module.yaml', '--quantity', '1', '--name', 'lamps'];
  expect(await invoke('batch', 'create', ...newer, ...data())).toMatchObject({ status: 0 });
  const name = setup.readDatabase(({ batches }) => batches.findById(setup.batchId)?.name ?? '');
  expect(await read(1, '--batch', name)).toMatchObject({
    verdict: 'known',
    reading: { holds: { deviceName: first } },
  });

  const batch = ['--batch', setup.batchId];
  const kept = await reflash(1, '--keep', ...batch);
  expect(kept).toMatchObject({ status: 0, events: [{ verdict: 'known' }] });
  expect(heldBy(1)).toBe(first);
  expect(await reflash(1, '--reissue', ...batch)).toMatchObject({
    status: 0,
    events: [{ verdict: 'known' }],
  });
  const second = heldBy(1);
  expect(second).not.toBe(first);
  expect(await reflash(1, '--retire', ...batch)).toMatchObject({ status: 0 });
  expect(heldBy(1)).toBeNull();
  const audit = await invoke('triples', 'audit', ...data());
  expect(audit).toMatchObject({ status: 0, events: [{ retired: 2, inDoubt: 0, violations: [] }] });
});

it('a described unit whose burn was killed is in doubt, and is then confirmed with the same triple', async () => {
  const { simulator } = setup.units;
  const lost = unitFault.parse({ fault: 'write-no-reply', times: 1 });
  await simulator.inner.changeFaults(2, { add: [lost] });
  const from = simulator.events.length;
  await using killed = startCommand(runArgs(2));
  await simulator.event('sim.committed', ({ unit }) => unit === 2, from);
  // However late the kill comes, the unit was not read back before.
  await simulator.inner.changeFaults(2, { add: [unitFault.parse({ fault: 'silent' })] });
  await killed.kill();
  await simulator.inner.changeFaults(2, { clear: true });
  const held = heldBy(2);
  expect(await read(2, '--batch', setup.batchId)).toMatchObject({
    verdict: 'in-doubt',
    reading: { holds: { deviceName: held } },
  });
  expect(await invoke(...runArgs(2))).toMatchObject({ status: 0 });
  expect(heldBy(2)).toBe(held);
  expect(simulator.inner.flashOf(2).identityWrites).toBe(1);
});
