/** Checks types, lint, layers, format, generated documents and unused code, two at a time. Prints a table with durations. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { mapLimit } from '../lib/map-limit.ts';
import { readStepArgs } from '../lib/step-args.ts';
import { runTool, type ToolResult } from '../lib/tool.ts';
import { ROOT } from '../setup/run-in-place.mjs';

interface Check {
  readonly name: string;
  /** Tools with their arguments. After a failure the remaining ones are skipped. */
  readonly commands: readonly (readonly [tool: string, ...args: string[]])[];
}

/**
 * The compiler in Go for plain TypeScript. With one thread it needs half of the processor time, and the other checks use
 * the other processors. Vue components need `vue-tsc`; the tests need the types that it emits.
 */
const TSC = ['node', 'node_modules/typescript-native/bin/tsc'] as const;
const WITHOUT_PAGES = 'shared node-kit station registry simulator kiosk cli electron bench scripts'.split(
  ' ',
);

/** The slowest check is first, so that the last one does not run alone. */
const CHECKS: readonly Check[] = [
  {
    name: 'types',
    commands: [
      [...TSC, '-b', '--singleThreaded', ...WITHOUT_PAGES],
      ['vue-tsc', '-p', 'renderer'],
      [...TSC, '-p', 'tests', '--singleThreaded'],
    ],
  },
  {
    name: 'lint',
    commands: [['eslint', '.', '--max-warnings', '0', '--cache', '--cache-location', '.cache/eslint/']],
  },
  {
    name: 'format',
    commands: [['oxfmt', '--list-different', '.']],
  },
  {
    name: 'layers',
    commands: [
      ['depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'err-long', ...folders()],
    ],
  },
  {
    name: 'docs',
    commands: [['node', 'scripts/steps/docs.ts', '--check']],
  },
  {
    name: 'faults',
    commands: [['node', 'scripts/steps/faults.ts']],
  },
  {
    name: 'unused',
    commands: [['knip', '--no-progress', '--cache', '--cache-location', '.cache/knip']],
  },
];

function folders(): readonly string[] {
  const all =
    'shared node-kit station registry simulator kiosk cli electron renderer tests scripts bench bin'.split(
      ' ',
    );
  return all.filter((folder) => existsSync(join(ROOT, folder)));
}

const names = CHECKS.map(({ name }) => name);
const USAGE = `npm run check [-- NAME…]
  Runs the named checks, or all: ${names.join(', ')}
`;
const { positionals: only } = readStepArgs(USAGE, {}, names);
const chosen = only.length === 0 ? CHECKS : CHECKS.filter(({ name }) => only.includes(name));

const started = performance.now();
const results = await mapLimit(chosen, Math.max(2, availableParallelism() - 1), async (check) => ({
  ...check,
  ...(await runAll(check)),
}));
for (const { name, status, output } of results) {
  if (status !== 0) process.stdout.write(`\n── ${name} ──\n${output.trimEnd()}\n`);
}
process.stdout.write('\n');
for (const { name, status, ms } of results) {
  process.stdout.write(`  ${name.padEnd(8)} ${status === 0 ? 'ok    ' : 'FAILED'} ${seconds(ms)}\n`);
}
const failed = results.filter(({ status }) => status !== 0);
const verdict = failed.length === 0 ? 'ok' : `failed: ${failed.map(({ name }) => name).join(', ')}`;
process.stdout.write(`  check ${verdict} in ${seconds(performance.now() - started).trim()}\n`);
process.exit(failed.length === 0 ? 0 : 1);

async function runAll({ commands }: Check): Promise<ToolResult> {
  let all: ToolResult = { status: 0, output: '', ms: 0 };
  for (const [tool, ...args] of commands) {
    if (all.status !== 0) break;
    const one = await runTool(tool, args, 'keep');
    all = { status: one.status, output: all.output + one.output, ms: all.ms + one.ms };
  }
  return all;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(6)} s`;
}
