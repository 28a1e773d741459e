import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { STATION_ITSELF, findRecording, readRecording } from '#station';
import { stoppedBy } from '../../../../station/execution/slots/index.ts';
import { unitFault } from '../../../../simulator/faults/index.ts';
import { Terminal } from '../../../kit/terminal.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { soon } from '../../../support/patience.ts';
import { PRODUCT } from '../../../kit/sample-rows.ts';
import { startStation, nextRunEvent } from '../../../kit/station.ts';
import { simulated, serialOf } from '../../../kit/units.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';

const silent = unitFault.parse({ fault: 'silent' });

describe('admission', () => {
  it('refuses with a reason, and starts no run', async () => {
    await using setup = await startStation({ units: simulated(2), registry: 'real', recipe: moduleRecipe() });
    const { station, batchId } = setup;
    const order = { batchId, operator: 'Li', slot: 1 };
    expect(await faultOf(() => station.startUnit({ ...order, serialNumber: 'nonsense' }))).toMatchObject({
      code: 'serial-malformed',
      details: { serialNumber: 'nonsense', example: 'SN000001' },
    });
    expect(await faultOf(() => station.startUnit({ ...order, serialNumber: '' }))).toMatchObject({
      code: 'serial-malformed',
    });
    expect(
      await faultOf(() => station.startUnit({ ...order, batchId: 'none', serialNumber: null })),
    ).toMatchObject({ code: 'batch-missing' });
    expect(station.database.runs.listOfBatch(batchId, 10)).toEqual([]);

    const running = station.startUnit({ ...order, serialNumber: serialOf(1) });
    expect(
      await faultOf(() => station.startUnit({ ...order, slot: 2, serialNumber: serialOf(1) })),
    ).toMatchObject({ code: 'serial-running', details: { slot: 1 } });
    expect((await running.finished).outcome).toBe('PASS');
    expect(await faultOf(() => station.startUnit({ ...order, serialNumber: serialOf(1) }))).toMatchObject({
      code: 'serial-passed',
    });

    // Support retires the identity of the unit that passed: its label no longer says that it is good.
    const { deviceName } = await running.finished;
    await station.returns.writeOff(
      { deviceName: deviceName ?? '', productId: null, reason: 'the unit was lost', approver: 'Wang' },
      { user: 'Zhao', role: 'support' },
      soon(),
    );
    expect(await faultOf(() => station.startUnit({ ...order, serialNumber: serialOf(1) }))).toMatchObject({
      code: 'serial-void',
      details: { deviceName },
    });
    // No run is changed, so the progress says how the tests ended.
    expect(station.batches.get(batchId)).toMatchObject({ passed: 1 });

    // A batch takes no more than it was made for, those under way counted; units of other batches are not.
    const other = station.startUnit({ ...order, serialNumber: serialOf(3) });
    const recipe = station.batches.recipeOf(batchId);
    const small = station.batches.create({ recipe, quantity: 1 }, STATION_ITSELF);
    const only = station.startUnit({ ...order, slot: 2, batchId: small.batchId, serialNumber: serialOf(2) });
    expect(
      await faultOf(() => station.startUnit({ ...order, batchId: small.batchId, serialNumber: serialOf(4) })),
    ).toMatchObject({ code: 'batch-complete' });
    expect((await only.finished).outcome).toBe('PASS');
    await other.finished;
  });
});

describe('a unit that comes again', () => {
  it('keeps its identity: confirmed, written anew when it was erased, never exchanged', async () => {
    await using setup = await startStation({
      units: simulated(1),
      registry: 'real',
      recipe: moduleRecipe(),
      triples: 3,
    });
    const { deviceName } = await setup.run(1, null);
    expect(await setup.run(1, null)).toMatchObject({ outcome: 'PASS', deviceName });
    expect(setup.units.simulator.inner.flashOf(1).identityWrites).toBe(1);
    {
      await using repair = await setup.units.simulator.talkTo(1);
      await repair.ask('AT+TCRESTORE');
      await expect.poll(() => setup.units.simulator.inner.flashOf(1).identity).toBeNull();
    }
    expect(await setup.run(1, null)).toMatchObject({ outcome: 'PASS', deviceName });
    expect(setup.units.simulator.inner.flashOf(1)).toMatchObject({
      identity: { deviceName },
      identityWrites: 2,
    });
    expect(setup.station.database.triples.countByState()[0]?.states).toMatchObject({
      available: 2,
      burned: 1,
    });
  });

  it('under another serial number is a conflict, and nothing is written', async () => {
    await using setup = await startStation({
      units: simulated(2),
      registry: 'real',
      recipe: moduleRecipe(),
      triples: 3,
    });
    expect((await setup.run(1, 'SN000001')).outcome).toBe('PASS');
    const [mac, second] = setup.units.simulator.inner.units.map((unit) => unit.mac.toUpperCase());
    expect(await setup.run(1, 'SN000007')).toMatchObject({
      outcome: 'ERROR',
      failure: {
        code: 'serial-conflict',
        message: `serial number SN000007 does not belong to unit ${mac}, which is SN000001`,
      },
    });
    // And so is another unit under its number, in a batch that has not seen it.
    const recipe = setup.station.batches.recipeOf(setup.batchId);
    const { batchId } = setup.station.batches.create({ recipe, quantity: 5 }, STATION_ITSELF);
    const other = setup.station.startUnit({ batchId, serialNumber: 'SN000001', operator: 'Li', slot: 2 });
    expect(await other.finished).toMatchObject({
      outcome: 'ERROR',
      failure: {
        code: 'serial-conflict',
        message: `serial number SN000001 does not belong to unit ${second}; it belongs to unit ${mac}`,
      },
    });
    expect(setup.units.simulator.inner.flashOf(2).identity).toBeNull();
    expect(setup.station.database.triples.countByState()[0]?.states).toMatchObject({
      available: 2,
      burned: 1,
    });
  });

  it('with a strange identity stops the slot and takes what is ours aside', async () => {
    await using setup = await startStation({
      units: simulated(2),
      registry: 'real',
      recipe: moduleRecipe(),
      triples: 4,
    });
    const write = async (slot: number, deviceName: string): Promise<void> => {
      await using terminal = await setup.units.simulator.talkTo(slot);
      const command = `AT+TCDEVINFOSET=1,"${PRODUCT}","${deviceName}","IyXmUW5sU/q1vnb5yzTkeQ=="`;
      await terminal.ask(command, /\+TCDEVINFOSET: ?OK/);
    };
    await write(1, 'foreign');
    expect(await setup.run(1)).toMatchObject({
      outcome: 'ERROR',
      failure: { code: 'identity-conflict', details: { because: 'foreign', deviceName: 'foreign' } },
    });
    // One that is in the pool, on a device that never got it from here: nobody else may get it now.
    await write(2, 'dev4');
    expect(await setup.run(2)).toMatchObject({ failure: { details: { because: 'pool-triple-on-device' } } });
    expect(setup.station.database.triples.findByName(PRODUCT, 'dev4')?.state).toBe('quarantined');
    expect(setup.units.simulator.inner.flashOf(1).identity?.deviceName).toBe('foreign');
    expect(setup.station.database.triples.countByState()[0]?.states).toMatchObject({
      available: 3,
      quarantined: 1,
    });
    expect(setup.station.database.findViolations()).toEqual([]);
  });
});

describe('a unit that a dead station left online', () => {
  it('is logged out first and passes with the recipe that is shipped', async () => {
    const shipped = readFileSync(
      new URL('../../../../resources/recipes/at-wifi-module.yaml', import.meta.url),
      'utf8',
    );
    const recipe = shipped.replace(/^product: .*$/m, `product: ${PRODUCT}`);
    await using setup = await startStation({ units: simulated(1), registry: 'real', recipe });
    const { deviceName } = await setup.run(1, null);
    {
      await using terminal = await setup.units.simulator.talkTo(1);
      await terminal.ask('AT+TCMQTTCONN=1,5000,240,1,1', /\+TCMQTTCONN: ?OK/);
    }
    expect(await setup.run(1, null)).toMatchObject({ outcome: 'PASS', deviceName });
  });
});

describe('a registry out of reach', () => {
  it.each([
    ['registry-if-reachable', 'PASS', null],
    ['registry', 'ERROR', 'registry-unreachable'],
  ])('with %s ends %s', async (confirm, outcome, code) => {
    await using setup = await startStation({
      units: simulated(1),
      registry: 'real',
      recipe: moduleRecipe({ confirm }),
    });
    await setup.registry.service.close();
    const result = await setup.run(1);
    expect([result.outcome, result.failure?.code ?? null]).toEqual([outcome, code]);
    expect(setup.stateOf(1)).toBe('burned');
    // What was not proven is said in the record.
    const kept = setup.station.database.runs.findById(result.runId);
    expect(kept?.proof).toEqual({ readBack: 'bcc8', online: 'none' });
    expect(setup.station.database.outbox.getCounts()).toMatchObject({ pending: 1 });
  });
});

describe('the pool', () => {
  it('that is empty is the station’s failure, and the unit is untouched', async () => {
    await using setup = await startStation({
      units: simulated(2),
      registry: 'real',
      recipe: moduleRecipe(),
      triples: 1,
    });
    expect((await setup.run(1)).outcome).toBe('PASS');
    expect(await setup.run(2)).toMatchObject({
      outcome: 'ERROR',
      failure: { code: 'pool-empty' },
      deviceName: null,
    });
    expect(setup.units.simulator.inner.flashOf(2).identity).toBeNull();
    // The one that has its triple does not need the pool.
    expect((await setup.run(1, null)).outcome).toBe('PASS');
  });
});

describe('the record of a run', () => {
  it('has every step, what was measured, the transcript without the secret, and who and what made it', async () => {
    await using setup = await startStation({ units: simulated(1), registry: 'real', recipe: moduleRecipe() });
    const { runId, deviceName } = await setup.run(1);
    const { database } = setup.station;
    const recipe = setup.station.batches.recipeOf(setup.batchId);
    expect(database.runs.findById(runId)).toMatchObject({
      outcome: 'PASS',
      operator: 'Li',
      station: 'S1',
      appVersion: '0.0.0-test',
      recipeHash: recipe.hash,
      serialNumber: serialOf(1),
      deviceName,
      proof: { readBack: 'bcc8', online: 'registry' },
    });
    expect(database.runs.listSteps(runId).map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      'identify PASS',
      'log-out PASS',
      'burn-triple PASS',
      'flash-size PASS',
      'prove-online PASS',
      'label PASS',
      'log-out PASS',
    ]);
    const measured = database.runs.listMeasurements(runId).find(({ name }) => name === 'flash-size');
    expect(measured).toMatchObject({ value: 2, unit: 'MB', limits: '1 … 16 MB', outcome: 'PASS' });
    const { entries } = readRecording(findRecording(setup.dataDir, runId));
    const recording = [...entries.values()].map((entry) => ('bytes' in entry ? entry.bytes : '')).join('\n');
    expect(recording).toContain(`"${deviceName}","${'*'.repeat(24)}"`);
    const whole = JSON.stringify([...entries]);
    for (const secret of setup.registry.secrets.values()) expect(whole).not.toContain(secret);
    expect([...entries.values()]).toContainEqual(expect.objectContaining({ type: 'phase', name: 'burn' }));
  });

  it('is there for a unit that never answered, and a stop ends it in good order', async () => {
    await using setup = await startStation({
      units: simulated(1, { faults: { units: { 1: [silent] } } }),
      registry: 'real',
      recipe: moduleRecipe(),
    });
    const begun = nextRunEvent(setup.station, 1, 'phase');
    const running = setup.run(1);
    await begun;
    expect(setup.station.slots.stop(null, stoppedBy('operator'))).toEqual([1]);
    expect(await running).toMatchObject({
      outcome: 'ABORTED',
      failure: { code: 'cancelled' },
      chipId: null,
    });
    await using terminal = await Terminal.open(setup.units.simulator.pathOf(1));
    expect(terminal.unread).toBe('');
    expect(setup.station.database.outbox.getCounts()).toMatchObject({ pending: 1 });
  });
});
