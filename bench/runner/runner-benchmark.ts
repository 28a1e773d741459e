import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STATION_ITSELF, createNodePlatform, createStation, parseRecipe } from '../../station/index.ts';
import type { Bench, BenchRow } from '../lib/benchmark.ts';
import { median, quantile, rounded } from '../lib/measure.ts';
import { noOpRecipe } from './no-op-recipe.ts';
import { nullPorts } from './null-port.ts';
import { measureSlots } from './slots.ts';

const RUNS = 300;
const WARM_UP = 30;
/** OpenHTF 1.x, 12 phases and a JSON file per run, as the issue that asked for this bench gives it. */
const OPENHTF = { medianMs: 6.7, p95Ms: 8.6 };

/**
 * What the executive costs around steps that cost nothing, through the whole station: admission, run, recording file,
 * records, topics, message for the registry, and the run's end on the disk.
 */
export const runnerBench: Bench = {
  purpose: `${RUNS} runs one after another, each durably recorded when its time ends`,
  async run(row, note) {
    row(await measure('12 steps', 1, 12));
    row({ case: '12 steps', subject: 'openhtf', steps: 12, ...OPENHTF });
    note("OpenHTF's figures were measured on another machine of 2 cores: read them as a size, not as a race");
    const phases = await measure('50 phases', 50, 1);
    row({ ...phases, msPerPhase: rounded(Number(phases['medianMs']) / 50, 3) });
    for (const line of await measureSlots(note)) row(line);
  },
};

async function measure(name: string, phases: number, stepsOfPhase: number): Promise<BenchRow> {
  const dir = mkdtempSync(join(tmpdir(), 'gongwei-bench-runner-'));
  try {
    const platform = createNodePlatform(dir, { devicePorts: nullPorts() });
    const slots = [{ slot: 1, portPath: 'null' }];
    const station = await createStation(platform, { slots, appVersion: '0', autoSync: false });
    try {
      const recipe = parseRecipe(noOpRecipe(phases, stepsOfPhase), 'no-op');
      const { batchId } = station.batches.create({ recipe, quantity: WARM_UP + RUNS }, STATION_ITSELF);
      const times: number[] = [];
      let cpu = process.cpuUsage();
      for (let n = 1; n <= WARM_UP + RUNS; n++) {
        if (n === WARM_UP + 1) cpu = process.cpuUsage();
        const serialNumber = `SN${String(n).padStart(8, '0')}`;
        const began = performance.now();
        const { outcome, failure } = await station.startUnit({ batchId, serialNumber, operator: 'Li' })
          .finished;
        if (n > WARM_UP) times.push(performance.now() - began);
        if (outcome !== 'PASS') throw new Error(`${outcome}: ${failure?.message ?? ''}`);
      }
      const { user, system } = process.cpuUsage(cpu);
      return {
        case: name,
        subject: 'gongwei',
        steps: phases * stepsOfPhase,
        medianMs: rounded(median(times)),
        p95Ms: rounded(quantile(times, 0.95)),
        cpuMs: rounded((user + system) / 1000 / RUNS),
      };
    } finally {
      await station.close();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
