import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unitFault } from '../../simulator/faults/index.ts';
import { Terminal } from '../kit/terminal.ts';
import { invoke } from '../kit/in-process.ts';
import { startStation, type TestStation } from '../kit/station.ts';
import { simulated, type SimulatedUnits, serialOf } from '../kit/units.ts';
import { moduleRecipe } from '../kit/recipes.ts';
import { startCommand, writeSerials } from '../kit/command-line.ts';

let setup: TestStation<SimulatedUnits>;
const run = (...more: string[]): string[] => [
  'run',
  '--data',
  setup.dataDir,
  '--batch',
  setup.batchId,
  ...more,
];

beforeAll(async () => {
  setup = await startStation({ units: simulated(6), registry: 'real', recipe: moduleRecipe(), triples: 8 });
  await setup.close();
});
afterAll(() => setup[Symbol.asyncDispose]());

describe('run', () => {
  it('runs serial numbers of a file, as scanners write them, on several slots, and reports each unit', async () => {
    const [one = '', two = ''] = setup.ports;
    const serials = [`]C0${serialOf(1)}\u200b`, `{"v":1,"pid":"P","dn":"d","sn":"${serialOf(2)}"}`];
    const { status, stderr, events } = await invoke(
      ...run('--slot', one, two, '--serials', writeSerials(setup.dir, serials), '--operator', '李', '--json'),
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const finished = events.filter(({ event }) => event === 'run.finished');
    expect(finished).toHaveLength(2);
    for (const { run: runId, ...fields } of finished) {
      const slot = Number(fields['slot']);
      expect(fields).toEqual({
        event: 'run.finished',
        slot,
        serialNumber: serialOf(slot),
        mac: setup.units.simulator.inner.units[slot - 1]?.mac.toUpperCase(),
        unitId: { kind: 'mac', text: setup.units.simulator.inner.units[slot - 1]?.mac.toUpperCase() },
        outcome: 'PASS',
        unproven: false,
        productId: 'CS0SLTKSYA',
        deviceName: setup.units.simulator.inner.flashOf(slot).identity?.deviceName,
        ms: expect.any(Number) as unknown,
        firstFailure: null,
      });
      const kept = setup.readDatabase((database) => database.runs.findById(String(runId)));
      expect(kept).toMatchObject({ outcome: 'PASS', operator: '李', station: 'S1', slot });
      const phases = events
        .filter((e) => e.event === 'run.phase' && e['run'] === runId)
        .map((e) => e['phase']);
      expect(phases).toEqual(['identify', 'burn', 'test', 'online', 'label', 'leave']);
    }
    expect(events.at(-1)).toEqual({ event: 'batch.progress', done: 2, passed: 2 });
  });

  it('identifies units by their chip without serial numbers, until no further unit arrives', async () => {
    const { status, events } = await invoke(
      ...run('--slot', setup.ports[2] ?? '', setup.ports[3] ?? '', '--next-within', '1', '--json'),
    );
    expect(status).toBe(0);
    const ended = events.filter(({ event }) => event === 'slot.ended');
    expect(ended).toMatchObject([{ because: 'same-unit' }, { because: 'same-unit' }]);
    const finished = events.filter(({ event }) => event === 'run.finished');
    expect(finished.map((event) => [event['outcome'], event['serialNumber']])).toEqual([
      ['PASS', null],
      ['PASS', null],
    ]);
    // A batch counts units: the same two again are not four.
    const limited = await invoke(
      ...run('--slot', setup.ports[2] ?? '', setup.ports[3] ?? '', '--units', '1', '--json'),
    );
    expect(limited.events.at(-1)).toEqual({ event: 'batch.progress', done: 1, passed: 1 });
  });

  it('does not run a unit again that stays on its slot, and reports it', async () => {
    const port = setup.ports[5] ?? '';
    const { status, events, stderr } = await invoke(
      ...run('--slot', port, '--until-empty', '--next-within', '1', '--json'),
    );
    const mac = setup.units.simulator.inner.units[5]?.mac.toUpperCase();
    expect(events.filter(({ event }) => event === 'run.finished')).toHaveLength(1);
    expect(events.find(({ event }) => event === 'slot.ended')).toMatchObject({ mac, because: 'same-unit' });
    expect(stderr).toMatch(/was run and is still there/);
    expect({ status, last: events.at(-1) }).toEqual({
      status: 0,
      last: { event: 'batch.progress', done: 1, passed: 1 },
    });
  });

  it('reads serial numbers from standard input, and ends 1 when a unit did not pass', async () => {
    await setup.units.simulator.inner.changeFaults(5, { add: [unitFault.parse({ fault: 'reject-write' })] });
    await using running = startCommand(run('--slot', setup.ports[4] ?? '', '--serials', '-', '--json'));
    running.input(`${serialOf(5)}\r\n`);
    const { status, stderr, events } = await running.ended;
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    const finished = events.find(({ event }) => event === 'run.finished');
    expect(finished).toMatchObject({
      outcome: 'FAIL',
      serialNumber: serialOf(5),
      firstFailure: { code: 'device-rejected', phase: 'burn' },
    });
    expect(events.at(-1)).toEqual({ event: 'batch.progress', done: 1, passed: 0 });
  });

  it('stopped by Ctrl-C ends its unit ABORTED, records it, closes the port and ends 1', async () => {
    // Slow enough to be met in the middle.
    await setup.units.simulator.inner.changeFaults(6, {
      add: [unitFault.parse({ fault: 'slow', factor: 100 })],
    });
    const port = setup.ports[5] ?? '';
    await using running = startCommand(
      run('--slot', port, '--serials', writeSerials(setup.dir, [serialOf(6)]), '--json'),
    );
    const { run: runId } = await running.event('run.phase', (event) => event['phase'] === 'burn');
    running.signal('SIGINT');
    const { status, stderr, events } = await running.ended;
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(events.find(({ event }) => event === 'run.finished')).toMatchObject({
      outcome: 'ABORTED',
      firstFailure: { code: 'cancelled', message: 'stopped by Ctrl-C at the terminal' },
    });
    expect(events.at(-1)).toEqual({ event: 'batch.progress', done: 1, passed: 0 });
    const kept = setup.readDatabase((database) => database.runs.findById(String(runId)));
    expect(kept).toMatchObject({ outcome: 'ABORTED', serialNumber: serialOf(6) });
    // Teardown ran, and the port is free: somebody else can lock it.
    const steps = setup.readDatabase((database) => database.runs.listSteps(String(runId)));
    expect(steps.at(-1)).toMatchObject({ phase: 'leave', step: 'log-out' });
    await using terminal = await Terminal.open(port);
    expect(terminal.unread).toBe('');
    const audit = await invoke('triples', 'audit', '--data', setup.dataDir, '--json');
    expect(audit).toMatchObject({ status: 0 });
    expect(audit.events[0]).toMatchObject({ violations: [], burning: 0 });
  });

  it('prints as text for people what it prints as JSON events', async () => {
    await setup.units.simulator.inner.changeFaults(5, { clear: true });
    const { status, stdout, stderr } = await invoke(
      ...run('--slot', setup.ports[4] ?? '', '--serials', writeSerials(setup.dir, [serialOf(5)])),
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(
      /^slot 1 {2}SN000005 {2}PASS {2}dev\d+ {2}\d+ ms {2}run [0-9a-f-]{18}\n1 of 1 passed\n$/,
    );
  });
});
