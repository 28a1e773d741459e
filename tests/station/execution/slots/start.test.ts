import { afterEach, describe, expect, it } from 'vitest';
import { contract, type SlotView } from '#shared/contract/index.ts';
import { connect, Session, createInMemoryTransports } from '#shared/rpc/index.ts';
import { STATION_ITSELF } from '#station';
import { createSerialPorts, portsByUsbSocket } from '../../../../station/devices/drivers/serial/index.ts';

import type { Clock, PortInfo, DevicePorts } from '../../../../station/core/platform/index.ts';
import { createNodeClock } from '../../../../station/devices/drivers/node/clock.ts';
import { until } from '../../../support/until.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { scripted, type ScriptedUnits, type ScriptedUnit } from '../../../kit/units.ts';
import { describedRecipe } from '../../../kit/recipes.ts';

const WAIT = '- { verb: wait, ms: 20 }';
const withoutSerial = (steps = WAIT, device = ''): string =>
  describedRecipe(steps, { device }).replace('example: SN1 }', 'example: SN1, optional: true }');
const nothing: ScriptedUnit = () => undefined;
/** As arrivals.ts has it: how often a port is looked for. */
const LOOK_MS = 500;

/** What the station sees of the computer: looks for arrivals come quickly here, and are counted. */
interface Watched {
  /** Waits until arrivals have been looked for so many times more, each slot by itself; `before` is done before each look. */
  looks(count: number, before?: () => void): Promise<void>;
  /** The station's monotonic clock goes on by so much. */
  pass(ms: number): void;
  /** How often the station has opened a port. */
  readonly opened: number;
}
let watched: Watched;

let setup: TestStation<ScriptedUnits> | null = null;
afterEach(async () => {
  await setup?.[Symbol.asyncDispose]();
  setup = null;
});

/** The station looks at its ports this often instead, so that a test sees many looks. */
const SHORTENED_MS = 10;

async function open(
  recipe: string,
  slots: number,
  list?: () => readonly PortInfo[],
): Promise<TestStation<ScriptedUnits>> {
  const real = createNodeClock();
  const serial = createSerialPorts();
  let [aheadMs, looked, opened] = [0, 0, 0];
  const clock: Clock = {
    ...real,
    monotonicMs: () => real.monotonicMs() + aheadMs,
    async sleep(ms, signal) {
      if (ms !== LOOK_MS) return real.sleep(ms, signal);
      await real.sleep(SHORTENED_MS, signal);
      looked += 1;
    },
  };
  const counted: DevicePorts = {
    ...serial,
    open(...args) {
      opened += 1;
      return serial.open(...args);
    },
  };
  const devicePorts = list === undefined ? counted : portsByUsbSocket(counted, () => Promise.resolve(list()));
  watched = {
    async looks(count, before = () => undefined) {
      for (let n = 0; n < count; n += 1) {
        before();
        const from = looked;
        await until(() => looked >= from + 2 * slots, 'a look for arrivals');
      }
    },
    pass: (ms) => void (aheadMs += ms),
    get opened() {
      return opened;
    },
  };
  setup = await startStation({
    units: scripted(Array.from({ length: slots }, () => nothing)),
    recipe,
    platform: () => ({ clock, devicePorts }),
  });
  setup.station.batches.select(setup.batchId);
  return setup;
}

function scanner({ station }: TestStation<ScriptedUnits>): (text: string) => Promise<unknown> {
  const [here, there] = createInMemoryTransports();
  station.serve(there, new Session({ role: 'operator', user: 'Li' }));
  const client = connect(contract, here);
  return (text) => client.call('slots.scan', { text });
}

function viewOf({ station }: TestStation<ScriptedUnits>, slot: number): SlotView {
  const found = station.slots.state.slots.find((view) => view.slot === slot);
  if (found === undefined) throw new Error(`no slot ${slot}`);
  return found;
}

const runsOf = ({ station, batchId }: TestStation<ScriptedUnits>): number =>
  station.database.runs.listOfBatch(batchId, 100).length;
const settled = (at: TestStation<ScriptedUnits>): Promise<void> =>
  expect.poll(() => at.station.slots.running().length).toBe(0);

describe('starting all together', () => {
  it('starts every free slot when the recipe takes units without serial number', async () => {
    const at = await open(withoutSerial(), 3);
    using _lent = at.station.slots.acquire(2);
    const scan = scanner(at);
    expect(await scan('#GW#START#')).toMatchObject({
      kind: 'started-together',
      runs: [{ slot: 1 }, { slot: 3 }],
    });
    await settled(at);
    expect([viewOf(at, 1).run?.outcome, viewOf(at, 2).run, viewOf(at, 3).run?.outcome]).toEqual([
      'PASS',
      null,
      'PASS',
    ]);
  });

  it('reports the remedy when units have serial numbers, and when no slot is free', async () => {
    const at = await open(describedRecipe(WAIT), 1);
    expect(await faultOf(() => scanner(at)('#GW#START#'))).toMatchObject({ code: 'serial-blank' });
    expect(runsOf(at)).toBe(0);
    await at[Symbol.asyncDispose]();
    const free = await open(withoutSerial(), 1);
    using _lent = free.station.slots.acquire(1);
    expect(await faultOf(() => scanner(free)('#GW#START#'))).toMatchObject({ code: 'slot-busy' });
  });
});

describe('a unit that arrives', () => {
  const ARRIVAL = "  arrival: { expect: '^ready$' }";

  it('starts once on its arrival message, and only in the start mode `arrival`', async () => {
    const at = await open(withoutSerial(WAIT, ARRIVAL), 1);
    const boot = (): void =>
      void at.units.ptys[0]?.master.write(
        `rst cause:2\r\n\0\x1b[0;32mready\x1b[0m\r\n${'more of the log\r\n'.repeat(180)}`,
      );
    boot();
    expect(runsOf(at)).toBe(0);
    at.station.slotSettings.setStartMode('arrival', STATION_ITSELF);
    // Until its port is listened on, nobody hears it.
    await expect.poll(() => (boot(), runsOf(at))).toBe(1);
    await settled(at);
    // The reset at the end of a run is no arrival.
    await watched.looks(3, boot);
    expect(viewOf(at, 1).run?.outcome).toBe('PASS');
    expect(runsOf(at)).toBe(1);
    expect(at.station.database.runs.listOfBatch(at.batchId, 1)[0]).toMatchObject({
      operator: 'station',
      serialNumber: null,
      chipId: 'AABBCCDDEE01',
    });
  });

  it('starts by the mode of its batch, which overrides that of the station', async () => {
    const at = await open(withoutSerial(WAIT, ARRIVAL), 1);
    const { batches, slotSettings } = at.station;
    const boot = (): void => void at.units.ptys[0]?.master.write('ready\r\n');
    slotSettings.setStartMode('arrival', STATION_ITSELF);
    expect(batches.state().starts).toBe('arrival');
    expect(batches.setStartMode(at.batchId, 'scan', STATION_ITSELF)).toMatchObject({ start: 'scan' });
    expect(batches.state().starts).toBe('scan');
    await watched.looks(3, boot);
    expect(runsOf(at)).toBe(0);
    slotSettings.setStartMode('scan', STATION_ITSELF);
    batches.setStartMode(at.batchId, 'arrival', STATION_ITSELF);
    await expect.poll(() => (boot(), runsOf(at))).toBe(1);
    await settled(at);
    expect(batches.setStartMode(at.batchId, null, STATION_ITSELF)).toMatchObject({ start: null });
    const said = [...at.station.database.audit.iterate()].filter(({ action }) => action === 'batch.start');
    expect(said.map(({ subject, details }) => [subject, JSON.parse(details)])).toEqual([
      [at.batchId, { from: null, to: 'scan' }],
      [at.batchId, { from: 'scan', to: 'arrival' }],
      [at.batchId, { from: 'arrival', to: null }],
    ]);
  });

  it('is no start mode of a batch whose units are started by their numbers', async () => {
    const { station, batchId } = await open(describedRecipe(WAIT), 1);
    const recipe = station.batches.recipeOf(batchId);
    expect(
      await faultOf(() => station.batches.setStartMode(batchId, 'arrival', STATION_ITSELF)),
    ).toMatchObject({
      code: 'bad-input',
    });
    expect(
      await faultOf(() => station.batches.create({ recipe, quantity: 1, start: 'arrival' }, STATION_ITSELF)),
    ).toMatchObject({ code: 'bad-input' });
    expect(station.batches.create({ recipe, quantity: 1, start: 'scan' }, STATION_ITSELF)).toMatchObject({
      start: 'scan',
    });
    expect(station.batches.state().batches).toHaveLength(2);
    // What the station says does not make a unit start without the number that it needs.
    station.slotSettings.setStartMode('arrival', STATION_ITSELF);
    expect(station.batches.state().starts).toBe('scan');
  });

  it('is not started by itself on a slot whose result waits for a person; a scan needs not wait for it', async () => {
    const failing = "- { verb: measure, value: '9', measure: [{ name: v, as: number, limits: { max: 4 } }] }";
    const at = await open(withoutSerial(failing, ARRIVAL), 1);
    at.station.slotSettings.setStartMode('arrival', STATION_ITSELF);
    const boot = (): void => void at.units.ptys[0]?.master.write('ready\r\n');
    await expect.poll(() => (boot(), runsOf(at))).toBe(1);
    await settled(at);
    expect(viewOf(at, 1)).toMatchObject({ state: 'finished', acknowledged: false });
    watched.pass(4_000);
    await watched.looks(3, boot);
    expect(runsOf(at)).toBe(1);
    const { opened } = watched;
    at.station.slots.acknowledge(1);
    // The port is being listened on, and the run gets it all the same.
    await until(() => watched.opened > opened, 'an open port');
    expect(await scanner(at)('SN7')).toMatchObject({ kind: 'started', slot: 1 });
    await settled(at);
    expect(viewOf(at, 1).run?.failure?.code).toBe('limit-exceeded');
  });

  it('is detected by its port in a recipe without an arrival message, once for each appearance', async () => {
    let there: PortInfo[] = [];
    const at = await open(withoutSerial(), 1, () => there);
    const port: PortInfo = { path: at.units.ptys[0]?.path ?? '', usbPath: 'usb:1-2', title: null };
    there = [port];
    at.station.slotSettings.setStartMode('arrival', STATION_ITSELF);
    await watched.looks(3);
    // What was there from the start has not arrived.
    expect(runsOf(at)).toBe(0);
    for (const runs of [1, 2]) {
      there = [];
      await watched.looks(2);
      there = [port];
      await expect.poll(() => runsOf(at)).toBe(runs);
      await settled(at);
      await watched.looks(3);
      expect(runsOf(at)).toBe(runs);
    }
  });
});

describe('the stored settings of slots', () => {
  it('are the USB location of each slot, one slot per port, and are audited', async () => {
    const { station } = await open(describedRecipe(WAIT), 1);
    const { slotSettings } = station;
    expect(slotSettings.all()).toEqual([]);
    slotSettings.assign(3, 'usb:1-1.3', STATION_ITSELF);
    slotSettings.assign(1, 'usb:1-1.1', STATION_ITSELF);
    expect(slotSettings.all()).toEqual([
      { slot: 1, portPath: 'usb:1-1.1' },
      { slot: 3, portPath: 'usb:1-1.3' },
    ]);
    expect(await faultOf(() => slotSettings.assign(2, 'usb:1-1.3', STATION_ITSELF))).toMatchObject({
      code: 'bad-input',
    });
    expect(await faultOf(() => slotSettings.assign(17, 'usb:1-9', STATION_ITSELF))).toMatchObject({
      code: 'bad-input',
    });
    slotSettings.forget(3, STATION_ITSELF);
    expect(await faultOf(() => slotSettings.forget(3, STATION_ITSELF))).toMatchObject({
      code: 'slot-unknown',
    });
    expect(slotSettings.all()).toHaveLength(1);
  });
});
