import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STATION_ITSELF, createNodePlatform, createStation, parseRecipe } from '../../station/index.ts';
import type { Benchmark, BenchmarkRow } from '../lib/benchmark.ts';
import { median, quantile, rounded } from '../lib/statistics.ts';
import { noOpRecipe } from './no-op-recipe.ts';
import { nullPorts } from './null-port.ts';
import { measureSlots } from './slots.ts';

const RUNS = 300;
const WARM_UP = 30;
/** OpenHTF 1.x, 12 phases and a JSON file per run, measured on another machine. */
const OPENHTF = { medianMs: 6.7, p95Ms: 8.6 };

/**
 * The overhead of a run whose steps do nothing, through the whole station: admission, run, recording file, records,
 * topics, message for the registry, and the durable end of the run.
 */
export const runnerBenchmark: Benchmark = {
  purpose: `${RUNS} runs one after another; the time of each includes its durable record`,
  async run(row, log) {
    row(await measureSteps('12 steps', 1, 12));
    row({ case: '12 steps', subject: 'openhtf', steps: 12, ...OPENHTF });
    log(
      "OpenHTF's figures were measured on another machine with 2 cores: they are only an order of magnitude",
    );
    const phases = await measureSteps('50 phases', 50, 1);
    row({ ...phases, msPerPhase: rounded(Number(phases['medianMs']) / 50, 3) });
    for (const line of await measureSlots(log)) row(line);
  },
};

async function measureSteps(name: string, phases: number, stepsOfPhase: number): Promise<BenchmarkRow> {
  const dir = mkdtempSync(join(tmpdir(), 'gongwei-bench-runner-'));
  try {
    const platform = createNodePlatform(dir, { devicePorts: nullPorts() });
    const slots = [{ slot: 1, portPath: 'null' }];
    const station = await createStation(platform, { slots, appVersion: '0', autoSync: false });
    try {
      const recipe = parseRecipe(noOpRecipe(phases, stepsOfPhase), 'no-op');
      const { batchId } = station.batches.create({ recipe, quantity: WARM_UP + RUNS }, STATION_ITSELF);
      const timesMs: number[] = [];
      let cpu = process.cpuUsage();
      for (let n = 1; n <= WARM_UP + RUNS; n++) {
        if (n === WARM_UP + 1) cpu = process.cpuUsage();
        const serialNumber = `SN${String(n).padStart(8, '0')}`;
        const startedMs = performance.now();
        const { outcome, failure } = await station.startUnit({ batchId, serialNumber, operator: 'Li' })
          .finished;
        if (n > WARM_UP) timesMs.push(performance.now() - startedMs);
        if (outcome !== 'PASS') throw new Error(`${outcome}: ${failure?.message ?? ''}`);
      }
      const { user, system } = process.cpuUsage(cpu);
      return {
        case: name,
        subject: 'gongwei',
        steps: phases * stepsOfPhase,
        medianMs: rounded(median(timesMs)),
        p95Ms: rounded(quantile(timesMs, 0.95)),
        cpuMs: rounded((user + system) / 1000 / RUNS),
      };
    } finally {
      await station.close();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
