import { setTimeout as sleep } from 'node:timers/promises';
import {
  registrationKillTimings,
  registryKillTimings,
  simulatorKillTimings,
  stationKillTimings,
} from './kill-timings.ts';
import { listenToEvents, runKillSchedule } from './run-kill-schedule.ts';
import type { StationUnderTest, TestUnit } from './station-under-test.ts';
import { operateSlot } from './operator.ts';
import type { TortureOptions } from './options.ts';
import { createRandomSource } from '../lib/random-source.ts';
import type { TestBed } from './test-bed.ts';
import { detectStall } from './detect-stall.ts';

/** Shares of the kills. */
const SHARES = { station: 0.7, simulator: 0.15, registry: 0.15 } as const;
/** Share of the units that are re-issued after they have passed. */
const RETURNS_SHARE = 0.15;
/** After so many kills without a passed unit, a station is not killed until a unit passes or `RECOVERY_MS` are over. */
const KILLS_WITHOUT_PASS = 4;
const RECOVERY_MS = 60_000;
const PROGRESS_MS = 10_000;

export interface Progress {
  readonly units: number;
}

/** Runs units on every slot while all processes are killed. Ends when all kills are made and each started unit has passed or was given up. */
export async function runRandomMode(
  testBed: TestBed,
  options: TortureOptions,
  log: (text: string) => void,
): Promise<Progress> {
  const { seed, kills } = options;
  const { suts, registry, findings } = testBed;
  const passed = new Map<StationUnderTest, number>(suts.map((sut) => [sut, 0]));
  const total = (): number => [...passed.values()].reduce((sum, count) => sum + count, 0);
  const activities = new Map<string, string>();
  let started = 0;
  let killsPending = true;

  const operators = suts.flatMap((sut) => {
    const remainingUnits = [...sut.units];
    const random = createRandomSource(seed, 'returns', sut.name);
    const returning = new Map(sut.units.map((unit) => [unit.unit, random.chance(RETURNS_SHARE)]));
    const nextUnit = (): TestUnit | null => {
      if (!killsPending && started >= options.units) return null;
      const unit = remainingUnits.shift() ?? null;
      if (unit !== null) started += 1;
      return unit;
    };
    return Array.from({ length: sut.slots }, (_, index) =>
      operateSlot({
        sut,
        slot: index + 1,
        next: nextUnit,
        note: (activity) => void activities.set(`${sut.name}/${index + 1}`, activity),
        isReturned: (unit) => returning.get(unit.unit) === true,
        onPassed: () => void passed.set(sut, (passed.get(sut) ?? 0) + 1),
        onGivenUp(unit, reason) {
          log(`FOUND: unit ${unit.serialNumber} of ${sut.name} never passed: ${reason}`);
          findings.unsettled.push(`${sut.name}: unit ${unit.serialNumber} never passed: ${reason}`);
        },
      }),
    );
  });

  const timingsOf = (usual: typeof registryKillTimings): typeof registryKillTimings =>
    options.registration ? registrationKillTimings : usual;
  const registryKills = Math.round(kills * SHARES.registry);
  const simulatorKills = share(Math.round(kills * SHARES.simulator), suts.length);
  const stationKills = share(kills - registryKills - Math.round(kills * SHARES.simulator), suts.length);
  const allStationKills = stationKills.reduce((sum, count) => sum + count, 0);
  const schedules = [
    ...suts.map((sut, index) => {
      let lastPass = { passed: 0, kills: 0 };
      return runKillSchedule({
        victim: sut.station,
        kills: stationKills[index] ?? 0,
        nextTiming: options.registration
          ? registrationKillTimings(createRandomSource(seed, 'station', sut.name))
          : stationKillTimings(createRandomSource(seed, 'station', sut.name), options.onlyEvent),
        listen: listenToEvents([sut], registry.supervisor),
        async waitForTurn() {
          const waitUntil = performance.now() + RECOVERY_MS;
          while (
            sut.station.kills - lastPass.kills >= KILLS_WITHOUT_PASS &&
            passed.get(sut) === lastPass.passed &&
            performance.now() < waitUntil
          )
            await sleep(20);
          if (passed.get(sut) !== lastPass.passed || performance.now() >= waitUntil)
            lastPass = { passed: passed.get(sut) ?? 0, kills: sut.station.kills };
        },
      });
    }),
    ...suts.map((sut, index) =>
      runKillSchedule({
        victim: sut.simulator,
        kills: simulatorKills[index] ?? 0,
        nextTiming: timingsOf(simulatorKillTimings)(createRandomSource(seed, 'simulator', sut.name)),
        listen: listenToEvents([sut], registry.supervisor),
        waitForTurn: (k) =>
          waitForShare(() => testBed.kills().station, allStationKills, k, simulatorKills[index] ?? 0),
      }),
    ),
    runKillSchedule({
      victim: registry.supervisor,
      kills: registryKills,
      nextTiming: timingsOf(registryKillTimings)(createRandomSource(seed, 'registry')),
      listen: listenToEvents(suts, registry.supervisor),
      waitForTurn: (k) => waitForShare(() => testBed.kills().station, allStationKills, k, registryKills),
    }),
  ];

  const startedMs = performance.now();
  const report = setInterval(() => {
    const { station, simulator, registry: registries } = testBed.kills();
    const done = station + simulator + registries;
    log(
      `${Math.round((performance.now() - startedMs) / 1000)} s: ${done}/${kills} kills (${station} station, ` +
        `${simulator} simulator, ${registries} registry), ${total()} units passed`,
    );
  }, PROGRESS_MS);
  const stalled = detectStall(
    () => `${testBed.kills().station} ${testBed.kills().simulator} ${testBed.kills().registry} ${total()}`,
  );
  try {
    await Promise.race([Promise.all(schedules), testBed.failed, stalled.found]);
    killsPending = false;
    await Promise.race([Promise.all(operators), testBed.failed, stalled.found]);
  } catch (error) {
    for (const [where, activity] of activities) log(`${where}: ${activity}`);
    throw error;
  } finally {
    killsPending = false;
    stalled.stop();
    clearInterval(report);
  }
  return { units: total() };
}

/** Waits until the stations have their share of kills, so that all schedules end together. */
async function waitForShare(done: () => number, all: number, k: number, count: number): Promise<void> {
  while (done() < Math.floor((all * k) / (count + 1))) await sleep(20);
}

function share(all: number, among: number): number[] {
  return Array.from({ length: among }, (_, n) => Math.floor(all / among) + (n < all % among ? 1 : 0));
}
