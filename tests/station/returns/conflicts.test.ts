import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestSimulator } from '../../simulator/support/test-simulator.ts';
import { recipeText } from '../support/recipe-text.ts';
import { PRODUCT } from '../support/sample-store.ts';
import { eventOf, serialOf, startLine, type StationLine } from '../support/station-line.ts';
import { soon } from '../../support/patience.ts';

const HELD = `  - name: test
    steps:
      - { verb: prompt, kind: confirm, name: hold, ask: { zh-CN: 等, en: Wait }, answerMs: 60000 }
  - name: label
    steps: [{ verb: label }]
`;

/** A unit with the MAC of unit 1 and a flash of its own, on slot 2. */
async function layTwin(line: StationLine): Promise<TestSimulator> {
  const twin = await TestSimulator.start({
    count: 1,
    stateDir: join(line.dir, 'twin'),
    mqttUrl: line.registry.mqtt,
  });
  expect(twin.inner.units[0]?.mac).toBe(line.simulator.inner.units[0]?.mac);
  const port = join(line.dir, 'port2');
  rmSync(port, { force: true });
  symlinkSync(twin.pathOf(1), port);
  return twin;
}
const chipOf = (line: StationLine, unit: number): string =>
  (line.simulator.inner.units[unit - 1]?.mac ?? '').replaceAll(':', '').toUpperCase();
const waiting = (line: StationLine) =>
  line.station.returns
    .pendingCases()
    .map(({ slot, serialNumber, failure }) => [slot, serialNumber, failure.code]);

describe('a unit and its clone', () => {
  it('never get one identity, though neither has passed; support sees both', async () => {
    await using line = await startLine({
      units: 2,
      triples: 4,
      recipe: recipeText({ confirm: 'registry' }),
    });
    await using twin = await layTwin(line);
    await line.registry.close();
    const first = await line.run(1);
    expect(first).toMatchObject({ outcome: 'ERROR', failure: { code: 'registry-unreachable' } });
    const clone = await line.run(2);
    expect(clone).toMatchObject({
      outcome: 'ERROR',
      failure: { code: 'serial-conflict', details: { because: 'other-serial', known: serialOf(1) } },
    });
    expect(twin.inner.flashOf(1).identity).toBeNull();
    // The slot stopped; the triple stays with the unit that has it.
    expect(line.stateOf(1)).toBe('burned');
    expect(waiting(line)).toEqual([[2, serialOf(2), 'serial-conflict']]);
    const report = await line.station.returns.read(1, soon());
    expect(report).toMatchObject({ verdict: 'known', relatedUnits: [{ relation: 'has-its-mac' }] });
    const serials = [serialOf(1), serialOf(2)];
    expect(serials).toContain(report.relatedUnits[0]?.serialNumber);
    for (const serial of serials) expect(report.timeline.some(({ note }) => note === serial)).toBe(true);
    // And under its own number the first goes on as if nothing had been.
    expect(await line.run(1)).toMatchObject({ deviceName: first.deviceName });
    expect(line.simulator.inner.flashOf(1).identityWrites).toBe(1);
  });

  it('on two slots at once: one works on, one stops, both runs are with the MAC', async () => {
    // The run of slot 1 waits for a person until the other one has said who it is.
    await using line = await startLine({ units: 2, triples: 4, recipe: recipeText({ steps: HELD }) });
    await using twin = await layTwin(line);
    const order = (slot: number) => ({
      batchId: line.batchId,
      serialNumber: serialOf(slot),
      operator: 'Li',
      slot,
    });
    const asked = eventOf(line.station, 1, 'prompt', ({ prompt }) => prompt !== null);
    const first = line.station.startUnit(order(1)).finished;
    const { prompt } = await asked;
    const stopped = await line.station.startUnit(order(2)).finished;
    expect(stopped).toMatchObject({ outcome: 'ERROR', failure: { code: 'unit-on-two-slots' } });
    line.station.prompts.answer(1, prompt?.promptId ?? '', 'ok');
    const passed = await first;
    expect(passed.outcome).toBe('PASS');
    const found = await line.station.returns.find(chipOf(line, 1), soon());
    const runs = found.timeline.filter(({ kind }) => kind === 'run-finished');
    expect(runs.map(({ runId }) => runId)).toEqual([stopped.runId, passed.runId]);
    expect(found.relatedUnits).toMatchObject([{ relation: 'has-its-mac', serialNumber: serialOf(2) }]);
    expect(waiting(line)).toEqual([[2, serialOf(2), 'unit-on-two-slots']]);
    expect(twin.inner.flashOf(1).identity).toBeNull();
  });
});

describe('a unit that holds what is another’s', () => {
  it('stops its slot alone; support has both histories, and decides', async () => {
    await using line = await startLine({ units: 2, triples: 4 });
    const { deviceName } = await line.run(1);
    {
      await using terminal = await line.simulator.talkTo(2);
      const secret = line.secrets.get(deviceName ?? '') ?? '';
      const command = `AT+TCDEVINFOSET=1,"${PRODUCT}","${deviceName}","${secret}"`;
      await terminal.ask(command, /\+TCDEVINFOSET: ?OK/);
    }
    expect(await line.run(2)).toMatchObject({
      failure: { code: 'identity-conflict', details: { because: 'held-by-other-unit' } },
    });
    expect(line.stateOf(1)).toBe('burned');
    expect(waiting(line)).toEqual([[2, serialOf(2), 'identity-conflict']]);
    const report = await line.station.returns.read(2, soon());
    expect(report).toMatchObject({
      verdict: 'mismatch',
      chipId: chipOf(line, 2),
      relatedUnits: [
        {
          relation: 'has-its-identity',
          chipId: chipOf(line, 1),
          serialNumber: serialOf(1),
          bound: { deviceName, state: 'burned' },
        },
      ],
    });
    const kinds = report.relatedUnits[0]?.timeline.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['identity-confirm', 'run-finished']));
    expect(report.timeline.some(({ outcome }) => outcome === 'ERROR')).toBe(true);
    const decided = await line.station.returns.act(
      { slot: 2, action: 'reissue', reason: 'flash was copied', approver: 'Wang' },
      { user: 'Chen', role: 'support' },
      soon(),
    );
    expect(decided.bound?.deviceName).not.toBe(deviceName);
    expect(decided.relatedUnits).toEqual([]);
    expect(waiting(line)).toEqual([]);
    expect((await line.station.returns.read(1, soon())).verdict).toBe('known');
  });
});
