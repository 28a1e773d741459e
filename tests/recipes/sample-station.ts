import type { RunResult } from '#station';
import { sampleRecipe } from '../kit/recipes.ts';
import { startStation, type TestStation } from '../kit/station.ts';
import { simulated, type SimulatedUnits, type SimulatedUnitsOptions } from '../kit/units.ts';
import { expectSameAgain } from '../station/execution/replay/replay-support.ts';

/** A station with a registry, a recipe of `resources/recipes`, and one unit of its family. */
export async function startSample(
  file: string,
  units: SimulatedUnitsOptions & { readonly profile: string },
): Promise<TestStation<SimulatedUnits>> {
  return startStation({
    // Real times where the station waits, short ones where the device does.
    units: simulated(1, { timeScale: 0.1, dialect: 'documented', ...units }),
    registry: 'real',
    triples: 2,
    recipe: await sampleRecipe(file),
  });
}

/** Runs the unit once. The recording of each sample recipe must replay with the same result. */
export async function runAndReplay(setup: TestStation): Promise<RunResult> {
  const result = await setup.run();
  await expectSameAgain(setup.dataDir, result, 2);
  return result;
}

/** `step OUTCOME` of each attempt. */
export function outcomes(setup: TestStation, result: RunResult): string[] {
  return setup.steps(result).map(({ step, outcome }) => `${step} ${outcome}`);
}
