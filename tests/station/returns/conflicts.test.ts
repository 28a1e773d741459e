import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestSimulator } from '../../kit/test-simulator.ts';
import { PRODUCT } from '../../kit/sample-rows.ts';
import { soon } from '../../support/patience.ts';
import { startStation, type TestStation, nextRunEvent } from '../../kit/station.ts';
import { simulated, type SimulatedUnits, serialOf } from '../../kit/units.ts';
import { moduleRecipe } from '../../kit/recipes.ts';

const HELD = `  - name: test
    steps:
      - { verb: prompt, kind: confirm, name: hold, ask: { zh-CN: 等, en: Wait }, answerMs: 60000 }
  - name: label
    steps: [{ verb: label }]
`;

/** A unit with the MAC of unit 1 and a flash of its own, on slot 2. */
async function layTwin(setup: TestStation<SimulatedUnits>): Promise<TestSimulator> {
  const twin = await TestSimulator.start({
    count: 1,
    stateDir: join(setup.dir, 'twin'),
    mqttUrl: setup.registry.service.mqtt,
  });
  expect(twin.inner.units[0]?.mac).toBe(setup.units.simulator.inner.units[0]?.mac);
  const port = join(setup.dir, 'port2');
  rmSync(port, { force: true });
  symlinkSync(twin.pathOf(1), port);
  return twin;
}
const chipOf = (setup: TestStation<SimulatedUnits>, unit: number): string =>
  (setup.units.simulator.inner.units[unit - 1]?.mac ?? '').replaceAll(':', '').toUpperCase();
const waiting = (setup: TestStation<SimulatedUnits>) =>
  setup.station.returns
    .pendingCases()
    .map(({ slot, serialNumber, failure }) => [slot, serialNumber, failure.code]);

describe('a unit and its clone', () => {
  it('never get one identity, though neither has passed; support sees both', async () => {
    await using setup = await startStation({
      units: simulated(2),
      registry: 'real',
      recipe: moduleRecipe({ confirm: 'registry' }),
      triples: 4,
    });
    await using twin = await layTwin(setup);
    await setup.registry.service.close();
    const first = await setup.run(1);
    expect(first).toMatchObject({ outcome: 'ERROR', failure: { code: 'registry-unreachable' } });
    const clone = await setup.run(2);
    expect(clone).toMatchObject({
      outcome: 'ERROR',
      failure: { code: 'serial-conflict', details: { because: 'other-serial', known: serialOf(1) } },
    });
    expect(twin.inner.flashOf(1).identity).toBeNull();
    // The slot stopped; the triple stays with the unit that has it.
    expect(setup.stateOf(1)).toBe('burned');
    expect(waiting(setup)).toEqual([[2, serialOf(2), 'serial-conflict']]);
    const report = await setup.station.returns.read(1, soon());
    expect(report).toMatchObject({ verdict: 'known', relatedUnits: [{ relation: 'has-its-mac' }] });
    const serials = [serialOf(1), serialOf(2)];
    expect(serials).toContain(report.relatedUnits[0]?.serialNumber);
    for (const serial of serials) expect(report.timeline.some(({ note }) => note === serial)).toBe(true);
    // And under its own number the first goes on as if nothing had been.
    expect(await setup.run(1)).toMatchObject({ deviceName: first.deviceName });
    expect(setup.units.simulator.inner.flashOf(1).identityWrites).toBe(1);
  });

  it('on two slots at once: one works on, one stops, both runs are with the MAC', async () => {
    // The run of slot 1 waits for a person until the other one has said who it is.
    await using setup = await startStation({
      units: simulated(2),
      registry: 'real',
      recipe: moduleRecipe({ steps: HELD }),
      triples: 4,
    });
    await using twin = await layTwin(setup);
    const order = (slot: number) => ({
      batchId: setup.batchId,
      serialNumber: serialOf(slot),
      operator: 'Li',
      slot,
    });
    const asked = nextRunEvent(setup.station, 1, 'prompt', ({ prompt }) => prompt !== null);
    const first = setup.station.startUnit(order(1)).finished;
    const { prompt } = await asked;
    const stopped = await setup.station.startUnit(order(2)).finished;
    expect(stopped).toMatchObject({ outcome: 'ERROR', failure: { code: 'unit-on-two-slots' } });
    setup.station.prompts.answer(1, prompt?.promptId ?? '', 'ok');
    const passed = await first;
    expect(passed.outcome).toBe('PASS');
    const found = await setup.station.returns.find(chipOf(setup, 1), soon());
    const runs = found.timeline.filter(({ kind }) => kind === 'run-finished');
    expect(runs.map(({ runId }) => runId)).toEqual([stopped.runId, passed.runId]);
    expect(found.relatedUnits).toMatchObject([{ relation: 'has-its-mac', serialNumber: serialOf(2) }]);
    expect(waiting(setup)).toEqual([[2, serialOf(2), 'unit-on-two-slots']]);
    expect(twin.inner.flashOf(1).identity).toBeNull();
  });
});

describe('a unit that holds what is another’s', () => {
  it('stops its slot alone; support has both histories, and decides', async () => {
    await using setup = await startStation({
      units: simulated(2),
      registry: 'real',
      recipe: moduleRecipe(),
      triples: 4,
    });
    const { deviceName } = await setup.run(1);
    {
      await using terminal = await setup.units.simulator.talkTo(2);
      const secret = setup.registry.secrets.get(deviceName ?? '') ?? '';
      const command = `AT+TCDEVINFOSET=1,"${PRODUCT}","${deviceName}","${secret}"`;
      await terminal.ask(command, /\+TCDEVINFOSET: ?OK/);
    }
    expect(await setup.run(2)).toMatchObject({
      failure: { code: 'identity-conflict', details: { because: 'held-by-other-unit' } },
    });
    expect(setup.stateOf(1)).toBe('burned');
    expect(waiting(setup)).toEqual([[2, serialOf(2), 'identity-conflict']]);
    const report = await setup.station.returns.read(2, soon());
    expect(report).toMatchObject({
      verdict: 'mismatch',
      chipId: chipOf(setup, 2),
      relatedUnits: [
        {
          relation: 'has-its-identity',
          chipId: chipOf(setup, 1),
          serialNumber: serialOf(1),
          bound: { deviceName, state: 'burned' },
        },
      ],
    });
    const kinds = report.relatedUnits[0]?.timeline.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['identity-confirm', 'run-finished']));
    expect(report.timeline.some(({ outcome }) => outcome === 'ERROR')).toBe(true);
    const decided = await setup.station.returns.act(
      { slot: 2, action: 'reissue', reason: 'flash was copied', approver: 'Wang' },
      { user: 'Chen', role: 'support' },
      soon(),
    );
    expect(decided.bound?.deviceName).not.toBe(deviceName);
    expect(decided.relatedUnits).toEqual([]);
    expect(waiting(setup)).toEqual([]);
    expect((await setup.station.returns.read(1, soon())).verdict).toBe('known');
  });
});
