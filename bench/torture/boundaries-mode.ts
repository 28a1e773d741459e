import type { Lane, LaneUnit } from './station-under-test.ts';
import { hasPassed, isKnown, until } from './operator.ts';
import type { TortureOptions } from './options.ts';
import type { Progress } from './random-mode.ts';
import type { Site } from './site.ts';
import { stall } from './detect-stall.ts';

/** What is cut off, and who dies of it. Each scene is played once for each point that it has. */
const SCENES = {
  'a unit is run, the station dies': { desk: false, victim: 'station' },
  'a unit is re-issued, the station dies': { desk: true, victim: 'station' },
  'a station that died starts again, and dies': { desk: false, victim: 'start' },
  'a unit is run, the simulator dies': { desk: false, victim: 'simulator' },
  'a unit is run, the registry dies at any moment': { desk: false, victim: 'registry' },
  'a unit is run, the registry dies around its commits': { desk: false, victim: 'registry-commit' },
} as const;
type SceneName = keyof typeof SCENES;

interface Take {
  readonly scene: SceneName;
  readonly at: number;
  /** Where the station was cut off before the start that dies. */
  readonly cut: number;
}

/** Units differ in how much they say: so many more points than the longest of the units that were counted. */
const MARGIN = 3;
/** A station is cut off at so many places of a run, and dies at each point of the start after each. */
const CUTS = 6;
const SLOT = 1;

/** Every commit, every message to and from a device and every question to the registry is the last one, in turn. */
export async function everyBoundary(
  site: Site,
  options: TortureOptions,
  say: (text: string) => void,
): Promise<Progress> {
  const { lanes, registry, findings } = site;
  const trays = new Map(lanes.map((lane) => [lane, [...lane.units]]));
  const doings = new Map<string, string>();
  let units = 0;
  await Promise.all(lanes.map((lane) => lane.network.calm()));

  const hands = (lane: Lane) => ({
    lane,
    slot: SLOT,
    note: (doing: string) => void doings.set(lane.name, doing),
    onStuck(unit: LaneUnit, why: string) {
      say(`FOUND: unit ${unit.serialNumber} of ${lane.name} never passed: ${why}`);
      findings.unsettled.push(`${lane.name}: unit ${unit.serialNumber} never passed: ${why}`);
    },
  });
  const life = (unit: LaneUnit, desk: boolean, at: number, victim: number | null) => ({
    life: { slot: SLOT, at, victim, ...(desk ? {} : { serialNumber: unit.serialNumber }) },
  });
  async function send(lane: Lane, unit: LaneUnit): Promise<void> {
    await registry.keeper.ready();
    await until(hands(lane), unit, { drain: true }, (answer) => answer['pending'] === 0);
  }

  /** How many points each scene has, from lives that nobody cuts off. */
  async function count(lane: Lane): Promise<{ run: number; desk: number; start: number; registry: number }> {
    const most = { run: 0, desk: 0, start: 0, registry: 0 };
    const passed = async (who: Lane['station']): Promise<number> =>
      Number((await who.ask({ passed: true }))?.['points'] ?? 0);
    most.start = await passed(lane.station);
    for (const unit of take(lane, 3)) {
      await lane.place(SLOT, unit);
      registry.keeper.tell({ arm: { at: 0 } });
      const ran = await lane.station.ask(life(unit, false, 0, null));
      most.registry = Math.max(most.registry, await passed(registry.keeper));
      const back = await lane.station.ask(life(unit, true, 0, null));
      most.run = Math.max(most.run, Number(ran?.['points'] ?? 0));
      most.desk = Math.max(most.desk, Number(back?.['points'] ?? 0));
      units += 1;
    }
    return most;
  }

  function take(lane: Lane, howMany: number): LaneUnit[] {
    const taken = trays.get(lane)?.splice(0, howMany) ?? [];
    if (taken.length < howMany) throw new Error(`${lane.name} has no units left`);
    return taken;
  }

  async function play(lane: Lane, { scene, at, cut }: Take): Promise<void> {
    const [unit] = take(lane, 1);
    if (unit === undefined) return;
    const { desk, victim } = SCENES[scene];
    const my = hands(lane);
    if (desk && (await until(my, unit, life(unit, false, 0, null), hasPassed)) === null) return;
    await lane.place(SLOT, unit);
    await registry.keeper.ready();
    await lane.station.ready();
    doings.set(lane.name, `${scene}, point ${at}`);
    switch (victim) {
      case 'station':
        await lane.station.ask(life(unit, desk, at, null));
        break;
      case 'start':
        lane.dieAtStart = at;
        await lane.station.ask(life(unit, desk, cut, null));
        break;
      case 'simulator':
        await lane.station.ask(life(unit, desk, at, lane.bench.pid));
        break;
      case 'registry':
        await lane.station.ask(life(unit, desk, at, registry.keeper.pid));
        break;
      case 'registry-commit':
        registry.keeper.tell({ arm: { at } });
        await lane.station.ask(life(unit, desk, 0, null));
        break;
    }
    const order = desk ? { desk: { slot: SLOT, action: 'keep' } } : life(unit, false, 0, null);
    if ((await until(my, unit, order, desk ? isKnown : hasPassed)) === null) return;
    await send(lane, unit);
    units += 1;
  }

  const [first] = lanes;
  if (first === undefined) return { units };
  const points = await count(first);
  say(
    `points of a run ${points.run}, of the returns desk ${points.desk}, of a start ${points.start}, of the registry ${points.registry}`,
  );
  const takes = choose(allTakes(points), options.kills);
  // Where the registry dies, one station works at a time: what a point is must not depend on what another one does.
  const alone = takes.filter(({ scene }) => SCENES[scene].victim.startsWith('registry'));
  const together = takes.filter((one) => !alone.includes(one));
  let done = 0;
  const stalled = stall(() => String(done));
  async function work(lane: Lane, queue: Take[]): Promise<void> {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await play(lane, next);
      done += 1;
      if (done % 25 === 0) say(`${done}/${takes.length}: ${next.scene}, point ${next.at}`);
    }
  }
  try {
    await Promise.race([Promise.all(lanes.map((lane) => work(lane, together))), site.failed, stalled.found]);
    await Promise.race([work(first, alone), site.failed, stalled.found]);
  } catch (error) {
    for (const [where, doing] of doings) say(`${where}: ${doing}`);
    throw error;
  } finally {
    stalled.stop();
  }
  return { units };
}

function allTakes(points: { run: number; desk: number; start: number; registry: number }): Take[] {
  const upTo = (last: number): number[] => Array.from({ length: last + MARGIN }, (_, n) => n + 1);
  const cuts = Array.from({ length: CUTS }, (_, n) => Math.round((points.run * (n + 0.5)) / CUTS));
  return (Object.keys(SCENES) as SceneName[]).flatMap((scene): Take[] => {
    const { desk, victim } = SCENES[scene];
    switch (victim) {
      case 'start':
        return cuts.flatMap((cut) => upTo(points.start).map((at) => ({ scene, at, cut })));
      case 'registry-commit':
        return upTo(points.registry).map((at) => ({ scene, at, cut: 0 }));
      default:
        return upTo(desk ? points.desk : points.run).map((at) => ({ scene, at, cut: 0 }));
    }
  });
}

/** All, or so many of them, evenly spread. */
function choose(takes: readonly Take[], most: number): Take[] {
  const count = Math.min(most, takes.length);
  return Array.from({ length: count }, (_, n) => takes[Math.floor((n * takes.length) / count)]).filter(
    (one) => one !== undefined,
  );
}
