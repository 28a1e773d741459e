import { describe, expect, it } from 'vitest';
import type { RunResult } from '#station';
import { unitFault, type UnitFault } from '../../../../../simulator/faults/index.ts';
import { PRODUCT } from '../../../../kit/sample-rows.ts';
import { soon } from '../../../../support/patience.ts';
import { startStation, type TestStation, nextRunEvent } from '../../../../kit/station.ts';
import { simulated, type SimulatedUnits, serialOf } from '../../../../kit/units.ts';
import { moduleRecipe } from '../../../../kit/recipes.ts';

type Written = Parameters<typeof unitFault.parse>[0];
type Expected = readonly [outcome: string, code: string | null, state: string | null];

/** A unit's fault, how its run ends, where its triple stands then, and how it ends when the fault is gone. */
const CASES: readonly (readonly [string, Written | null, Expected, (readonly [string, string | null])?])[] = [
  ['sound, as documented', null, ['PASS', null, 'burned']],
  ['sound, the opposite dialect', null, ['PASS', null, 'burned']],
  ['silent', { fault: 'silent' }, ['FAIL', 'device-silent', null]],
  ['slow', { fault: 'slow', factor: 8 }, ['PASS', null, 'burned']],
  ['garbage', { fault: 'garbage', bytes: 12 }, ['PASS', null, 'burned']],
  ['split', { fault: 'split', pieces: 5, pauseMs: 15 }, ['PASS', null, 'burned']],
  ['echo-on', { fault: 'echo-on' }, ['PASS', null, 'burned']],
  ['wrong-baud', { fault: 'wrong-baud', baudRate: 74_880 }, ['FAIL', 'device-unreadable', null]],
  ['reject-write, at once', { fault: 'reject-write' }, ['FAIL', 'device-rejected', 'claimed']],
  ['reject-write, later', { fault: 'reject-write', reply: 'fail' }, ['FAIL', 'device-rejected', 'claimed']],
  ['reject-write, once', { fault: 'reject-write', times: 1 }, ['FAIL', 'device-rejected', 'claimed']],
  ['store-wrong', { fault: 'store-wrong' }, ['FAIL', 'read-back-mismatch', 'in-doubt']],
  [
    'store-wrong, same checksum',
    { fault: 'store-wrong', sameChecksum: true },
    ['FAIL', 'not-online', 'burned'],
  ],
  ['forget', { fault: 'forget' }, ['FAIL', 'read-back-mismatch', 'claimed']],
  ['write-no-reply', { fault: 'write-no-reply' }, ['PASS', null, 'burned']],
  [
    'reboot before the write',
    { fault: 'reboot-on-write', when: 'before' },
    ['FAIL', 'device-silent', 'claimed'],
  ],
  ['reboot after the write', { fault: 'reboot-on-write', when: 'after' }, ['PASS', null, 'burned']],
  ['login refused, key', { fault: 'login-refused', by: 'psk' }, ['FAIL', 'not-online', 'burned']],
  ['login refused, clock', { fault: 'login-refused', by: 'clock' }, ['FAIL', 'not-online', 'burned']],
  ['cable out before', { fault: 'unplug' }, ['ERROR', 'port-missing', null]],
  ['sound, mixed dialect', null, ['PASS', null, 'burned']],
  ['sound, mixed dialect', null, ['PASS', null, 'burned']],
  ['sound, a blank after each colon', { fault: 'blank-after-colon' }, ['PASS', null, 'burned']],
  ['no network stored', { fault: 'no-wifi' }, ['FAIL', 'not-online', 'burned']],
];

function faultsOf(): Record<string, UnitFault[]> {
  const units: Record<string, UnitFault[]> = {};
  for (const [at, [, fault]] of CASES.entries()) if (fault !== null) units[at + 1] = [unitFault.parse(fault)];
  return units;
}

/** As a table, so that a difference shows the whole picture. */
function table(setup: TestStation<SimulatedUnits>, results: readonly RunResult[]): unknown[] {
  return results.map((result, at) => [
    CASES[at]?.[0],
    result.outcome,
    result.failure?.code ?? null,
    setup.stateOf(at + 1),
  ]);
}

describe('a batch of units of every dialect and fault', () => {
  it('ends for each as it should, and the same units settle when they are mended', async () => {
    await using setup = await startStation({
      units: simulated(CASES.length, { faults: { units: faultsOf() } }),
      registry: 'real',
      recipe: moduleRecipe(),
    });
    const slots = CASES.map((_, at) => at + 1);
    const pulled = CASES.findIndex(([name]) => name === 'cable out before') + 1;
    setup.units.removePort(pulled);
    const first = await Promise.all(slots.map((slot) => setup.run(slot)));
    expect(table(setup, first)).toEqual(CASES.map(([name, , expected]) => [name, ...expected]));
    expect(setup.station.database.findViolations()).toEqual([]);

    // What a device holds is burned to it in the ledger, and nothing that any holds is free.
    const free = new Set(
      [...setup.registry.secrets.keys()].filter((dn) => stateOfName(setup, dn) === 'available'),
    );
    for (const slot of slots) {
      const held = setup.units.simulator.inner.flashOf(slot).identity;
      if (held === null) continue;
      expect(free.has(held.deviceName)).toBe(false);
      expect(held.deviceName).toBe(first[slot - 1]?.deviceName);
    }

    for (const slot of slots) await setup.units.simulator.inner.changeFaults(slot, { clear: true });
    await setup.units.reconnect(pulled);
    const settled = slots.filter((slot) => first[slot - 1]?.outcome !== 'PASS');
    const second = await Promise.all(settled.map((slot) => setup.run(slot)));
    expect(second.map((result, at) => [CASES[(settled[at] ?? 0) - 1]?.[0], result.outcome])).toEqual(
      settled.map((slot) => [CASES[slot - 1]?.[0], 'PASS']),
    );
    for (const [at, result] of second.entries()) {
      const before = first[(settled[at] ?? 0) - 1]?.deviceName;
      // Never another: what was bound to a unit is written to it again.
      if (before != null) expect(result.deviceName).toBe(before);
    }
    const names = slots.map((slot) => setup.units.simulator.inner.flashOf(slot).identity?.deviceName);
    expect(new Set(names).size).toBe(slots.length);

    // Every run is told; the registry has each unit's identity.
    const sync = await setup.station.sync.drain(soon());
    expect(sync).toMatchObject({ pending: 0, parked: 0, sent: first.length + second.length });
    for (const slot of slots) expect(setup.stateOf(slot)).toBe('registered');
    expect(setup.station.database.findViolations()).toEqual([]);
  });
});

function stateOfName(setup: TestStation<SimulatedUnits>, deviceName: string): string | undefined {
  return setup.station.database.triples.findByName(PRODUCT, deviceName)?.state;
}

describe('a unit that sends without end', () => {
  it('is tested all the same, or fails in bounded time; its neighbour does not notice', async () => {
    const faults = { units: { 1: [unitFault.parse({ fault: 'flood', bytesPerSecond: 20_000 })] } };
    await using setup = await startStation({
      units: simulated(2, { faults }),
      registry: 'real',
      recipe: moduleRecipe(),
    });
    const [loud, quiet] = await Promise.all([setup.run(1), setup.run(2)]);
    expect(quiet.outcome).toBe('PASS');
    expect(['PASS', 'FAIL']).toContain(loud.outcome);
    expect(setup.stateOf(1)).not.toBe('burning');
    await setup.units.simulator.inner.changeFaults(1, { clear: true });
    const again = await setup.run(1, loud.outcome === 'PASS' ? null : serialOf(1));
    expect(again.outcome).toBe('PASS');
    if (loud.deviceName !== null) expect(again.deviceName).toBe(loud.deviceName);
    expect(setup.station.database.findViolations()).toEqual([]);
  });
});

describe('a cable pulled in the middle of the write', () => {
  /** Is it online, and is it still the same unit: asked before the write. */
  const state = 'AT+TCMQTTSTATE?\r\nAT+TCMODULE\r\n'.length;
  const whole = (deviceName: string): number =>
    `AT+TCDEVINFOSET=1,"${PRODUCT}","${deviceName}","${'x'.repeat(24)}","ap-guangzhou"\r\n`.length;

  it.each([
    ['before the device had the whole line', () => state + 30, false],
    ['when the device had it all', (deviceName: string) => state + whole(deviceName), true],
  ])('%s: the triple is in doubt, and the same unit settles it', async (_when, bytes, stored) => {
    await using setup = await startStation({
      units: simulated(1),
      registry: 'real',
      recipe: moduleRecipe(),
      triples: 3,
    });
    const claimed = nextRunEvent(setup.station, 1, 'identity').then(({ deviceName }) =>
      setup.units.simulator.inner.changeFaults(1, {
        add: [unitFault.parse({ fault: 'unplug', afterBytes: bytes(deviceName ?? ''), times: 1 })],
      }),
    );
    const cut = await setup.run(1);
    await claimed;
    expect(cut).toMatchObject({ outcome: 'ERROR', failure: { code: 'port-lost' } });
    expect(setup.stateOf(1)).toBe('in-doubt');
    if (stored) await setup.units.simulator.event('sim.committed');
    expect(setup.units.simulator.inner.flashOf(1).identity?.deviceName ?? null).toBe(
      stored ? cut.deviceName : null,
    );

    setup.units.removePort(1);
    // Until the cable is back nothing can be said, and nothing is.
    expect(await setup.run(1)).toMatchObject({ outcome: 'ERROR', failure: { code: 'port-missing' } });
    expect(setup.stateOf(1)).toBe('in-doubt');

    await setup.units.simulator.inner.changeFaults(1, { clear: true });
    await setup.units.reconnect(1);
    expect(await setup.run(1)).toMatchObject({ outcome: 'PASS', deviceName: cut.deviceName });
    expect(setup.units.simulator.inner.flashOf(1)).toMatchObject({
      identity: { deviceName: cut.deviceName },
      identityWrites: 1,
    });
    expect(setup.station.database.findViolations()).toEqual([]);
  });
});
