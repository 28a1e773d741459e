/** `npm run bench`: runs benchmarks and comparable software on this machine, side by side. */
import { readStepArgs, refuseArgs } from '../scripts/lib/step-args.ts';
import type { Benchmark, BenchmarkRow } from './lib/benchmark.ts';
import { FORMS } from './report/forms.ts';
import { formatTable } from './lib/table.ts';

/** A benchmark is loaded when it runs, because it imports the software it compares with. */
const BENCHMARKS: Readonly<Record<string, () => Promise<Benchmark>>> = {
  enqueue: async () => (await import('./enqueue/enqueue-benchmark.ts')).enqueueBenchmark,
  drain: async () => (await import('./drain/drain-benchmark.ts')).drainBenchmark,
  import: async () => (await import('./import/import-benchmark.ts')).importBenchmark,
  runner: async () => (await import('./runner/runner-benchmark.ts')).runnerBenchmark,
  report: async () => (await import('./report/report-benchmark.ts')).reportBenchmark,
  close: async () => (await import('./close/close-benchmark.ts')).closeBenchmark,
  pdf: async () => (await import('./pdf/pdf-benchmark.ts')).pdfBenchmark,
  pages: async () => (await import('./pages/pages-benchmark.ts')).pagesBenchmark,
  ble: async () => (await import('./ble/ble-benchmark.ts')).bleBenchmark,
  flash: async () => (await import('./flash/flash-benchmark.ts')).flashBenchmark,
  blufi: async () => (await import('./blufi/blufi-benchmark.ts')).blufiBenchmark,
  llsync: async () => (await import('./llsync/llsync-benchmark.ts')).llsyncBenchmark,
  ui: async () => (await import('./ui/ui-benchmark.ts')).uiBenchmark,
};

const USAGE = `npm run bench [-- NAME… --json --runs N --forms NAMES --seconds N]
  Runs the named benchmarks, or all: ${Object.keys(BENCHMARKS).join(', ')}
  --runs N  how many runs the benchmarks pages and report make, and identities close; default 1,000,000
  --forms NAMES  which of ${FORMS.join(',')} the benchmark report writes; default all
  --seconds N  for how long the benchmark ui watches the operator page; default 600
  --json   one JSON line on standard output for each row, instead of a table
`;
const { values, positionals: named } = readStepArgs(
  USAGE,
  {
    json: { type: 'boolean', default: false },
    runs: { type: 'string' },
    forms: { type: 'string' },
    seconds: { type: 'string' },
  },
  Object.keys(BENCHMARKS),
);
const { json } = values;
const runs = countOf('runs');
const seconds = countOf('seconds');
const forms = formsOf(values.forms);

function countOf(name: 'runs' | 'seconds'): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!(Number.isSafeInteger(count) && count > 0))
    refuseArgs(`--${name} ${text} is no number of ${name}`, USAGE);
  return count;
}

function formsOf(text: string | undefined): readonly string[] | undefined {
  const forms = text?.split(',');
  const unknown = forms?.find((form) => !FORMS.some((known) => known === form));
  if (unknown !== undefined) refuseArgs(`--forms ${unknown} is none of ${FORMS.join(', ')}`, USAGE);
  return forms;
}

for (const [name, load] of Object.entries(BENCHMARKS)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const bench = await load();
  const rows: BenchmarkRow[] = [];
  process.stderr.write(`\n${name}: ${bench.purpose}\n`);
  await bench.run(
    (row) => {
      rows.push(row);
      if (json) process.stdout.write(`${JSON.stringify({ event: 'bench.row', bench: name, ...row })}\n`);
    },
    (text) => process.stderr.write(`  ${text}\n`),
    { runs, forms, seconds },
  );
  if (!json) process.stdout.write(`\n${formatTable(rows)}\n`);
}
