import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type RegistryClient, STATION_ITSELF } from '#station';
import { createAuditTrail } from '../../station/core/audit-log/index.ts';
import { ClockTrust } from '../../station/administration/clock-trust/index.ts';
import { openStationDatabase } from '../../station/core/database/index.ts';
import { invoke } from '../kit/in-process.ts';
import { createNodeClock } from '../../station/devices/drivers/node/clock.ts';
import { createLockOut } from '../../station/administration/users/lock-out.ts';
import { faultOf } from '../support/fault-of.ts';
import { manualClock } from '../support/manual-clock.ts';
import { openSampleStore, PRODUCT } from '../kit/sample-rows.ts';
import { tempDir } from '../support/temp-dir.ts';
import { soon } from '../support/patience.ts';
import { openStation, startStation, nextRunEvent } from '../kit/station.ts';
import { simulated, serialOf } from '../kit/units.ts';
import { moduleRecipe } from '../kit/recipes.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The computer's clock with an offset. */
function settableClock() {
  const real = createNodeClock();
  let offsetMs = 0;
  return { ...real, nowMs: () => real.nowMs() + offsetMs, set: (ms: number) => void (offsetMs += ms) };
}

describe('a clock that is set back', () => {
  it('in the middle of a run makes no run end before it began, and no duration negative', async () => {
    const clock = settableClock();
    await using setup = await startStation({
      units: simulated(1),
      registry: 'real',
      recipe: moduleRecipe(),
      platform: { clock },
    });
    const testing = nextRunEvent(setup.station, 1, 'phase', ({ phase }) => phase.name === 'test');
    const run = setup.run(1);
    await testing;
    clock.set(-5 * HOUR);
    const result = await run;
    expect(result.outcome).toBe('PASS');
    expect(result.finishedAtMs).toBeGreaterThanOrEqual(result.startedAtMs);
    expect(result.ms).toBeGreaterThan(0);
    expect(result.ms).toBeLessThan(HOUR);
    for (const step of setup.station.database.runs.listSteps(result.runId)) {
      expect(step.ms).toBeGreaterThanOrEqual(0);
      expect(step.ms).toBeLessThan(HOUR);
    }
    expect(setup.station.database.findViolations()).toEqual([]);
  });

  it('between runs: the later run counts, a serial that passed stays passed, messages go in their order', async () => {
    const clock = settableClock();
    await using setup = await startStation({
      units: simulated(1),
      registry: 'real',
      recipe: moduleRecipe(),
      triples: 2,
      platform: { clock },
    });
    const { station } = setup;
    // Without its cable the unit fails; later, but an hour earlier by the clock, it passes.
    await setup.units.simulator.inner.cable(1, false);
    expect((await setup.run(1)).outcome).not.toBe('PASS');
    await setup.units.reconnect(1);
    clock.set(-HOUR);
    const passed = await setup.run(1);
    expect(passed.outcome).toBe('PASS');
    const [first, second] = station.database.runs.listOfSerialNumber(serialOf(1));
    expect(first?.startedAtMs).toBeGreaterThan(second?.startedAtMs ?? Infinity);
    expect(second?.runId).toBe(passed.runId);
    expect(station.batches.get(setup.batchId)).toMatchObject({ passed: 1, notPassed: 0 });
    clock.set(-HOUR);
    expect(await faultOf(() => setup.run(1))).toMatchObject({ code: 'serial-passed' });
    // In the order they were written, whatever the clock said.
    const keys = station.database.outbox.listPending(10).map(({ key }) => key);
    expect(keys).toEqual([`run:${first?.runId}`, `run:${second?.runId}`]);
    expect(await station.sync.drain(soon())).toMatchObject({ pending: 0, parked: 0 });
    expect(station.sync.state().oldestMs).toBeNull();
    expect(station.database.findViolations()).toEqual([]);
  });

  it('lets nobody try PINs faster, and keeps nobody locked out longer', async () => {
    const clock = manualClock();
    const lockOut = createLockOut(clock, new Map());
    const session = {};
    for (let n = 0; n < 5; n += 1) lockOut.wrong('Li', session);
    clock.jump(24 * HOUR);
    expect(await faultOf(() => lockOut.check('Li', session))).toMatchObject({ code: 'pin-locked' });
    clock.jump(-48 * HOUR);
    await clock.pass(30_000);
    lockOut.check('Li', session);
  });

  it('keeps the audit trail and the history of a unit in the order in which things happened', async () => {
    const clock = settableClock();
    await using setup = await startStation({
      units: simulated(1),
      registry: 'real',
      recipe: moduleRecipe(),
      platform: { clock },
    });
    const { station } = setup;
    const signal = soon();
    await station.pool.giveBack(null, STATION_ITSELF, signal);
    clock.set(-HOUR);
    const registry = { url: setup.registry.service.http, token: setup.registry.service.enrolmentToken };
    station.settings.configure({ station: 'S2', registry }, STATION_ITSELF);
    clock.set(-HOUR);
    station.settings.configure({ station: 'S3', registry }, STATION_ITSELF);
    const names = [...station.database.audit.iterate()]
      .filter(({ action }) => action === 'settings.station')
      .map(({ details, at }) => ({ to: (JSON.parse(details) as { to: string }).to, at }));
    expect(names.map(({ to }) => to)).toEqual(['S1', 'S2', 'S3']);
    expect(names[2]?.at).toBeLessThan(names[0]?.at ?? 0);
    await station.pool.lease(PRODUCT, 1, STATION_ITSELF, signal);
    const run = await setup.run(1);
    expect(run.outcome).toBe('PASS');
    const triple = station.database.triples.findByName(run.productId ?? '', run.deviceName ?? '');
    expect(station.database.triples.listHistory(triple?.tripleId ?? 0).map(({ event }) => event)).toEqual([
      'give-back',
      'lease-again',
      'claim',
      'intend',
      'confirm',
    ]);
  });
});

describe('a clock that is years off', () => {
  /** A station with runs of today, and files of today and of last year. */
  async function workedIn(dataDir: string): Promise<void> {
    await start(dataDir, 0);
    for (const [dir, names] of [
      ['recordings', ['today', 'spring', 'old'].map((id) => `${id}.jsonl`)],
      ['exports', ['S1_today', 'S1_spring', 'S1_old'].map((id) => `${id}_20260101T000000Z.csv`)],
    ] as const) {
      mkdirSync(join(dataDir, dir), { recursive: true });
      for (const [at, days] of [0, 80, 500].entries()) {
        const file = join(dataDir, dir, names[at] ?? '');
        writeFileSync(file, 'x');
        utimesSync(file, Date.now() / 1000 - days * 86_400, Date.now() / 1000 - days * 86_400);
      }
    }
  }
  /** Opens and closes the station with a clock offset; returns its log entries about sweeping. */
  async function start(dataDir: string, offMs: number): Promise<string[]> {
    const real = createNodeClock();
    const logged: string[] = [];
    const record = (event: string, fields: object = {}): void => {
      if (/sweep|swept/.test(event)) logged.push(`${event} ${JSON.stringify(fields)}`);
    };
    const platform = {
      clock: { ...real, nowMs: () => real.nowMs() + offMs },
      log: { info: record, warn: record, error: (event: string) => record(event) },
    };
    await (await openStation(dataDir, {}, platform)).close();
    return logged;
  }
  const fileNames = (dataDir: string): string[] =>
    ['recordings', 'exports']
      .flatMap((dir) => readdirSync(join(dataDir, dir)))
      .map((name) => name.split('.')[0] ?? '');
  const days = (names: readonly string[]): string[] =>
    names.map((name) => name.replace(/^S1_|_2026.*$/g, '')).sort();

  it.each([400, -400])(
    'removes nothing, start after start, says why, and lets go what is old once it is right (%i days)',
    async (off) => {
      using dir = tempDir('years-off');
      await workedIn(dir.path);
      for (const _start of ['first', 'second']) {
        const logged = await start(dir.path, off * DAY);
        if (off > 0) {
          expect(logged).toContain(
            'sweep.refused {"what":"recordings","why":"this clock is 400 days ahead of the newest record, and no registry could be asked which is right"}',
          );
          expect(logged.join()).toContain('"what":"exports"');
        }
        expect(days(fileNames(dir.path))).toEqual(['old', 'old', 'spring', 'spring', 'today', 'today']);
      }
      const logged = await start(dir.path, 0);
      expect(logged.join()).not.toContain('refused');
      expect(days(fileNames(dir.path))).toEqual(['spring', 'spring', 'today', 'today']);
    },
  );

  it('is told by the doctor, and believed when somebody vouches for it', async () => {
    using dir = tempDir('vouched');
    await start(dir.path, -30 * DAY);
    mkdirSync(join(dir.path, 'recordings'), { recursive: true });
    const old = join(dir.path, 'recordings', 'old.jsonl');
    writeFileSync(old, 'x');
    utimesSync(old, 0, 0);
    const keeping = async (): Promise<unknown> =>
      (await invoke('doctor', '--data', dir.path, '--json')).events.find(({ name }) => name === 'keeping');
    expect(await keeping()).toMatchObject({
      level: 'warn',
      message: expect.stringContaining('30 days ahead'),
    });
    expect((await invoke('station', 'clock', '--data', dir.path, '--json')).events).toMatchObject([
      { event: 'station.clock', believed: false, why: expect.stringContaining('30 days ahead') },
    ]);
    expect(readdirSync(join(dir.path, 'recordings'))).toHaveLength(1);
    expect((await invoke('station', 'clock', '--right', '--data', dir.path)).status).toBe(2);
    const vouch = ['station', 'clock', '--right', '--reason', 'new year', '--approver', 'Wang'];
    expect((await invoke(...vouch, '--data', dir.path, '--json')).events).toMatchObject([
      { believed: true, why: null },
    ]);
    expect(await keeping()).toMatchObject({ level: 'ok' });
    await start(dir.path, 0);
    expect(readdirSync(join(dir.path, 'recordings'))).toEqual([]);
  });

  it.each<[string, number | null, number, number | null, boolean]>([
    ['a new station', null, 0, null, true],
    ['off for the weekend, offline', 3, 0, null, true],
    ['off for a month, offline', 30, 0, null, false],
    ['off for a month, the registry agrees', 30, 0, 0, true],
    ['just used, and the registry says it is another year', 0, 400, 0, false],
    ['just used, and the registry is behind', 0, 0, -3, false],
  ])(
    'is judged by the newest record and the registry: %s',
    async (_what, offDays, jumpDays, registryDays, may) => {
      using dir = tempDir('judged');
      const database = openStationDatabase(dir.path);
      using _store = { [Symbol.dispose]: () => database.close() };
      const clock = manualClock();
      const rightMs = clock.nowMs();
      const registry = { health: () => Promise.resolve({ nowMs: rightMs + (registryDays ?? 0) * DAY }) };
      const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
      const trust = new ClockTrust({
        database,
        platform: { clock, log },
        audit: createAuditTrail(database, clock),
        access: { approve: () => Promise.reject(new Error('nobody vouches here')) },
        registry: () => (registryDays === null ? null : (registry as unknown as RegistryClient)),
        newestRecordMs: offDays === null ? null : rightMs - offDays * DAY,
      });
      clock.jump(jumpDays * DAY);
      const { signal } = new AbortController();
      expect(await trust.mayRemove('recordings', signal)).toBe(may);
      // Elapsed time is not a clock jump.
      if (may && registryDays === null) {
        await clock.pass(40 * DAY);
        expect(await trust.mayRemove('recordings', signal)).toBe(true);
        clock.jump(40 * DAY);
        expect(await trust.mayRemove('recordings', signal)).toBe(false);
      }
    },
  );

  it('that was behind makes no file old: its run came after others', () => {
    using dir = tempDir('behind');
    const database = openSampleStore(dir.path);
    using _store = { [Symbol.dispose]: () => database.close() };
    const at = (runId: string, startedAtMs: number) =>
      database.runs.add({
        runId,
        batchId: 'B',
        slot: 1,
        portPath: 'p',
        serialNumber: null,
        station: 'S',
        operator: 'Li',
        appVersion: '0',
        recipeHash: 'h',
        startedAtMs,
      });
    at('before', 5 * DAY);
    at('while-behind', 1);
    at('after', 6 * DAY);
    expect(database.runs.getEarliestStartMs('while-behind')).toBe(5 * DAY);
    expect(database.runs.getEarliestStartMs('after')).toBe(6 * DAY);
    expect(database.runs.getEarliestStartMs('nobody')).toBeNull();
  });
});
