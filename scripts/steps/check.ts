/** Types, lint, layers, format and unused code, two at a time; a table of what passed and how long it took. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { mapLimit } from '../lib/map-limit.ts';
import { runTool, type ToolResult } from '../lib/tool.ts';
import { ROOT } from '../setup/run-in-place.mjs';

interface Check {
  readonly name: string;
  /** Tools with their arguments, one after the other. The last one has the say; what is before it only saves it work. */
  readonly tools: readonly (readonly [tool: string, ...args: string[]])[];
}

/** The slowest first, so that the last one does not run alone. */
const CHECKS: readonly Check[] = [
  {
    name: 'types',
    // Where there are no components, TypeScript itself is the faster one.
    tools: [
      ['tsc', '-b', 'shared', 'tsconfig.node.json', 'electron', 'scripts'],
      ['vue-tsc', '-b'],
    ],
  },
  {
    name: 'lint',
    tools: [['eslint', '.', '--max-warnings', '0', '--cache', '--cache-location', '.cache/eslint/']],
  },
  {
    name: 'format',
    tools: [
      ['prettier', '--check', '.', '--log-level', 'warn', '--cache', '--cache-location', '.cache/prettier'],
    ],
  },
  {
    name: 'layers',
    tools: [['depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'err-long', ...rooms()]],
  },
  { name: 'unused', tools: [['knip', '--no-progress', '--cache', '--cache-location', '.cache/knip']] },
];

function rooms(): readonly string[] {
  const all = 'shared station registry simulator kiosk cli electron renderer tests scripts bench bin'.split(
    ' ',
  );
  return all.filter((room) => existsSync(join(ROOT, room)));
}

const only = process.argv.slice(2);
const chosen = only.length === 0 ? CHECKS : CHECKS.filter(({ name }) => only.includes(name));
if (chosen.length < only.length) {
  process.stderr.write(`check: known are ${CHECKS.map(({ name }) => name).join(', ')}.\n`);
  process.exit(2);
}

const started = performance.now();
const results = await mapLimit(chosen, Math.max(2, availableParallelism() - 1), perform);
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

async function perform({ name, tools }: Check): Promise<ToolResult & { readonly name: string }> {
  const began = performance.now();
  let [status, output] = [0, ''];
  for (const [tool, ...args] of tools) ({ status, output } = await runTool(tool, args, 'keep'));
  return { name, status, output, ms: performance.now() - began };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(6)} s`;
}
