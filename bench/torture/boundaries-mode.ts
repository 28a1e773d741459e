import type { StationUnderTest, TestUnit } from './station-under-test.ts';
import { hasPassed, isKnown, repeatUntil } from './operator.ts';
import type { TortureOptions } from './options.ts';
import type { Progress } from './random-mode.ts';
import type { TestBed } from './test-bed.ts';
import { detectStall } from './detect-stall.ts';

/** Which work is interrupted, and which process is killed. Each scenario runs once for each of its kill points. */
const SCENARIOS = {
  'a unit is run, the station is killed': { isReturn: false, victim: 'station' },
  'a unit is re-issued, the station is killed': { isReturn: true, victim: 'station' },
  'a killed station starts again and is killed': { isReturn: false, victim: 'start' },
  'a unit is run, the simulator is killed': { isReturn: false, victim: 'simulator' },
  'a unit is run, the registry is killed at any time': { isReturn: false, victim: 'registry' },
  'a unit is run, the registry is killed around its commits': { isReturn: false, victim: 'registry-commit' },
} as const;
type ScenarioName = keyof typeof SCENARIOS;

interface Trial {
  readonly scenario: ScenarioName;
  readonly at: number;
  /** The kill point of the run before the start that is killed. */
  readonly cut: number;
}

/** Units differ in the number of messages. So many points are added to the largest count. */
const MARGIN = 3;
/** A run is interrupted at so many points; the start after each is killed at each of its points. */
const CUTS = 6;
const SLOT = 1;

/** Kills a process at every commit, every message to or from a device and every request to the registry, one after the other. */
export async function runBoundariesMode(
  testBed: TestBed,
  options: TortureOptions,
  log: (text: string) => void,
): Promise<Progress> {
  const { suts, registry, findings } = testBed;
  const remaining = new Map(suts.map((sut) => [sut, [...sut.units]]));
  const activities = new Map<string, string>();
  let units = 0;
  await Promise.all(suts.map((sut) => sut.network.stopFaults()));

  const operatorAt = (sut: StationUnderTest) => ({
    sut,
    slot: SLOT,
    note: (activity: string) => void activities.set(sut.name, activity),
    onGivenUp(unit: TestUnit, reason: string) {
      log(`FOUND: unit ${unit.serialNumber} of ${sut.name} never passed: ${reason}`);
      findings.unsettled.push(`${sut.name}: unit ${unit.serialNumber} never passed: ${reason}`);
    },
  });
  const fullCycle = (unit: TestUnit, isReturn: boolean, at: number, victim: number | null) => ({
    fullCycle: { slot: SLOT, at, victim, ...(isReturn ? {} : { serialNumber: unit.serialNumber }) },
  });
  async function send(sut: StationUnderTest, unit: TestUnit): Promise<void> {
    await registry.supervisor.ready();
    await repeatUntil(operatorAt(sut), unit, { drain: true }, (answer) => answer['pending'] === 0);
  }

  /** Counts the points of each scenario by runs without a kill. */
  async function count(
    sut: StationUnderTest,
  ): Promise<{ run: number; return: number; start: number; registry: number }> {
    const maxPoints = { run: 0, return: 0, start: 0, registry: 0 };
    const passed = async (who: StationUnderTest['station']): Promise<number> =>
      Number((await who.ask({ passed: true }))?.['points'] ?? 0);
    maxPoints.start = await passed(sut.station);
    for (const unit of take(sut, 3)) {
      await sut.place(SLOT, unit);
      registry.supervisor.send({ arm: { at: 0 } });
      const run = await sut.station.ask(fullCycle(unit, false, 0, null));
      maxPoints.registry = Math.max(maxPoints.registry, await passed(registry.supervisor));
      const returned = await sut.station.ask(fullCycle(unit, true, 0, null));
      maxPoints.run = Math.max(maxPoints.run, Number(run?.['points'] ?? 0));
      maxPoints.return = Math.max(maxPoints.return, Number(returned?.['points'] ?? 0));
      units += 1;
    }
    return maxPoints;
  }

  function take(sut: StationUnderTest, howMany: number): TestUnit[] {
    const taken = remaining.get(sut)?.splice(0, howMany) ?? [];
    if (taken.length < howMany) throw new Error(`${sut.name} has no units left`);
    return taken;
  }

  async function runTrial(sut: StationUnderTest, { scenario, at, cut }: Trial): Promise<void> {
    const [unit] = take(sut, 1);
    if (unit === undefined) return;
    const { isReturn, victim } = SCENARIOS[scenario];
    const operator = operatorAt(sut);
    if (isReturn && (await repeatUntil(operator, unit, fullCycle(unit, false, 0, null), hasPassed)) === null)
      return;
    await sut.place(SLOT, unit);
    await registry.supervisor.ready();
    await sut.station.ready();
    activities.set(sut.name, `${scenario}, point ${at}`);
    switch (victim) {
      case 'station':
        await sut.station.ask(fullCycle(unit, isReturn, at, null));
        break;
      case 'start':
        sut.dieAtStart = at;
        await sut.station.ask(fullCycle(unit, isReturn, cut, null));
        break;
      case 'simulator':
        await sut.station.ask(fullCycle(unit, isReturn, at, sut.simulator.pid));
        break;
      case 'registry':
        await sut.station.ask(fullCycle(unit, isReturn, at, registry.supervisor.pid));
        break;
      case 'registry-commit':
        registry.supervisor.send({ arm: { at } });
        await sut.station.ask(fullCycle(unit, isReturn, 0, null));
        break;
    }
    const command = isReturn ? { return: { slot: SLOT, action: 'keep' } } : fullCycle(unit, false, 0, null);
    if ((await repeatUntil(operator, unit, command, isReturn ? isKnown : hasPassed)) === null) return;
    await send(sut, unit);
    units += 1;
  }

  const [first] = suts;
  if (first === undefined) return { units };
  const points = await count(first);
  log(
    `points of a run ${points.run}, of a return ${points.return}, of a start ${points.start}, of the registry ${points.registry}`,
  );
  const trials = chooseEvenly(allTrials(points), options.kills);
  // While the registry is killed, one station works at a time, so that the points do not depend on another station.
  const alone = trials.filter(({ scenario }) => SCENARIOS[scenario].victim.startsWith('registry'));
  const together = trials.filter((one) => !alone.includes(one));
  let done = 0;
  const stalled = detectStall(() => String(done));
  async function work(sut: StationUnderTest, queue: Trial[]): Promise<void> {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await runTrial(sut, next);
      done += 1;
      if (done % 25 === 0) log(`${done}/${trials.length}: ${next.scenario}, point ${next.at}`);
    }
  }
  try {
    await Promise.race([Promise.all(suts.map((sut) => work(sut, together))), testBed.failed, stalled.found]);
    await Promise.race([work(first, alone), testBed.failed, stalled.found]);
  } catch (error) {
    for (const [where, activity] of activities) log(`${where}: ${activity}`);
    throw error;
  } finally {
    stalled.stop();
  }
  return { units };
}

function allTrials(points: { run: number; return: number; start: number; registry: number }): Trial[] {
  const upTo = (last: number): number[] => Array.from({ length: last + MARGIN }, (_, n) => n + 1);
  const cuts = Array.from({ length: CUTS }, (_, n) => Math.round((points.run * (n + 0.5)) / CUTS));
  return (Object.keys(SCENARIOS) as ScenarioName[]).flatMap((scenario): Trial[] => {
    const { isReturn, victim } = SCENARIOS[scenario];
    switch (victim) {
      case 'start':
        return cuts.flatMap((cut) => upTo(points.start).map((at) => ({ scenario, at, cut })));
      case 'registry-commit':
        return upTo(points.registry).map((at) => ({ scenario, at, cut: 0 }));
      default:
        return upTo(isReturn ? points.return : points.run).map((at) => ({ scenario, at, cut: 0 }));
    }
  });
}

/** Chooses at most so many, evenly spread. */
function chooseEvenly(trials: readonly Trial[], maxCount: number): Trial[] {
  const count = Math.min(maxCount, trials.length);
  return Array.from({ length: count }, (_, n) => trials[Math.floor((n * trials.length) / count)]).filter(
    (one) => one !== undefined,
  );
}
