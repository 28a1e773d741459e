/** `npm run bench [-- NAME…] [--json]`: figures beside those of peers, on this machine, in one run. */
import type { Bench, BenchRow } from './lib/benchmark.ts';
import { benchTable } from './lib/table.ts';

/** Loaded when it is run: a benchmark brings its peers along. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  enqueue: async () => (await import('./enqueue/enqueue-benchmark.ts')).enqueueBench,
  drain: async () => (await import('./drain/drain-benchmark.ts')).drainBench,
  import: async () => (await import('./import/import-benchmark.ts')).importBench,
  runner: async () => (await import('./runner/runner-benchmark.ts')).runnerBench,
  report: async () => (await import('./report/report-benchmark.ts')).reportBench,
};

const args = process.argv.slice(2);
const json = args.includes('--json');
const named = args.filter((arg) => !arg.startsWith('--'));
const unknown = named.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  process.stderr.write(
    `bench: there is no ${unknown.join(', ')}; known are ${Object.keys(BENCHES).join(', ')}.\n`,
  );
  process.exit(2);
}

for (const [name, load] of Object.entries(BENCHES)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const bench = await load();
  const rows: BenchRow[] = [];
  process.stderr.write(`\n${name}: ${bench.purpose}\n`);
  await bench.run(
    (row) => {
      rows.push(row);
      if (json) process.stdout.write(`${JSON.stringify({ event: 'bench.row', bench: name, ...row })}\n`);
    },
    (text) => process.stderr.write(`  ${text}\n`),
  );
  if (!json) process.stdout.write(`\n${benchTable(rows)}\n`);
}
