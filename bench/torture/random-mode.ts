import { setTimeout as sleep } from 'node:timers/promises';
import { benchMoments, hunt, listenTo, registryMoments, stationMoments } from './kill-schedule.ts';
import type { Lane, LaneUnit } from './station-under-test.ts';
import { operate } from './operator.ts';
import type { TortureOptions } from './options.ts';
import { createChance } from './random-source.ts';
import type { Site } from './site.ts';
import { stall } from './detect-stall.ts';

/** Of a hundred kills: stations are where the promise is kept or broken. */
const SHARES = { station: 0.7, simulator: 0.15, registry: 0.15 } as const;
/** Of the units that passed, so many come back for another identity. */
const RETURNS_SHARE = 0.15;
/** Kills of a station without a unit that passed, after which it is left alone until one does. */
const PATIENCE = 4;
const MERCY_MS = 8000;
const PROGRESS_MS = 10_000;

export interface Progress {
  readonly units: number;
}

/** Units are made on every slot while everything is killed; ends when the kills are used up and all units have passed. */
export async function torment(
  site: Site,
  options: TortureOptions,
  say: (text: string) => void,
): Promise<Progress> {
  const { seed, kills } = options;
  const { lanes, registry, findings } = site;
  const passed = new Map<Lane, number>(lanes.map((lane) => [lane, 0]));
  const total = (): number => [...passed.values()].reduce((sum, count) => sum + count, 0);
  const doings = new Map<string, string>();
  let started = 0;
  let hunting = true;

  const hands = lanes.flatMap((lane) => {
    const tray = [...lane.units];
    const back = createChance(seed, 'returns', lane.name);
    const returning = new Map(lane.units.map((unit) => [unit.unit, back.chance(RETURNS_SHARE)]));
    const next = (): LaneUnit | null => {
      if (!hunting && started >= options.units) return null;
      const unit = tray.shift() ?? null;
      if (unit !== null) started += 1;
      return unit;
    };
    return Array.from({ length: lane.slots }, (_, index) =>
      operate({
        lane,
        slot: index + 1,
        next,
        note: (doing) => void doings.set(`${lane.name}/${index + 1}`, doing),
        comesBack: (unit) => returning.get(unit.unit) === true,
        onPassed: () => void passed.set(lane, (passed.get(lane) ?? 0) + 1),
        onStuck(unit, why) {
          say(`FOUND: unit ${unit.serialNumber} of ${lane.name} never passed: ${why}`);
          findings.unsettled.push(`${lane.name}: unit ${unit.serialNumber} never passed: ${why}`);
        },
      }),
    );
  });

  const ofRegistry = Math.round(kills * SHARES.registry);
  const ofBenches = share(Math.round(kills * SHARES.simulator), lanes.length);
  const ofStations = share(kills - ofRegistry - Math.round(kills * SHARES.simulator), lanes.length);
  const stationKills = ofStations.reduce((sum, count) => sum + count, 0);
  const hunts = [
    ...lanes.map((lane, index) => {
      let mercy = { passed: 0, kills: 0 };
      return hunt({
        victim: lane.station,
        kills: ofStations[index] ?? 0,
        draw: stationMoments(createChance(seed, 'station', lane.name), options.aim),
        listen: listenTo([lane]),
        async turn() {
          const waitUntil = performance.now() + MERCY_MS;
          while (
            lane.station.kills - mercy.kills >= PATIENCE &&
            passed.get(lane) === mercy.passed &&
            performance.now() < waitUntil
          )
            await sleep(20);
          if (passed.get(lane) !== mercy.passed || performance.now() >= waitUntil)
            mercy = { passed: passed.get(lane) ?? 0, kills: lane.station.kills };
        },
      });
    }),
    ...lanes.map((lane, index) =>
      hunt({
        victim: lane.bench,
        kills: ofBenches[index] ?? 0,
        draw: benchMoments(createChance(seed, 'simulator', lane.name)),
        listen: listenTo([lane]),
        turn: (k) => reached(() => site.kills().station, stationKills, k, ofBenches[index] ?? 0),
      }),
    ),
    hunt({
      victim: registry.keeper,
      kills: ofRegistry,
      draw: registryMoments(createChance(seed, 'registry')),
      listen: listenTo(lanes),
      turn: (k) => reached(() => site.kills().station, stationKills, k, ofRegistry),
    }),
  ];

  const began = performance.now();
  const report = setInterval(() => {
    const { station, simulator, registry: registries } = site.kills();
    const done = station + simulator + registries;
    say(
      `${Math.round((performance.now() - began) / 1000)} s: ${done}/${kills} kills (${station} station, ` +
        `${simulator} simulator, ${registries} registry), ${total()} units passed`,
    );
  }, PROGRESS_MS);
  const stalled = stall(
    () => `${site.kills().station} ${site.kills().simulator} ${site.kills().registry} ${total()}`,
  );
  try {
    await Promise.race([Promise.all(hunts), site.failed, stalled.found]);
    hunting = false;
    await Promise.race([Promise.all(hands), site.failed, stalled.found]);
  } catch (error) {
    for (const [where, doing] of doings) say(`${where}: ${doing}`);
    throw error;
  } finally {
    hunting = false;
    stalled.stop();
    clearInterval(report);
  }
  return { units: total() };
}

/** Spreads the k-th of `count` kills evenly over those of the stations, so that all end together. */
async function reached(done: () => number, all: number, k: number, count: number): Promise<void> {
  while (done() < Math.floor((all * k) / (count + 1))) await sleep(20);
}

function share(all: number, among: number): number[] {
  return Array.from({ length: among }, (_, n) => Math.floor(all / among) + (n < all % among ? 1 : 0));
}
