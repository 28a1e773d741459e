/** `npm run fuzz`: one JSON line on stdout, findings on stderr. Exit status: 0 without findings, 1 with findings, 2 for wrong arguments. docs/torture.md has the fields. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { visibleText } from '#shared/codec/visible-text.ts';
import { readStepArgs, refuseArgs } from '../scripts/lib/step-args.ts';
import { fuzz } from './fuzz/fuzz.ts';

const USAGE = `npm run fuzz -- [options]
  --seconds N   duration (600)
  --seed S      determines every input; printed, and random by default
  --hang-ms N   an input that takes longer is a hang (5000)
  --targets F   a module that exports TARGETS (bench/fuzz/targets.ts)
  --json        no effect: the result is always one JSON line on standard output
`;
/** The largest recipe takes some milliseconds. */
const HANG_MS = 5000;
const log = (text: string): void => void process.stderr.write(`fuzz: ${visibleText(text)}\n`);

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = readStepArgs(USAGE, {
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: randomBytes(4).toString('hex') },
    'hang-ms': { type: 'string', default: String(HANG_MS) },
    targets: { type: 'string' },
    json: { type: 'boolean' },
  });
  const seconds = Number(values.seconds);
  if (!Number.isFinite(seconds) || seconds <= 0)
    refuseArgs(`--seconds is a positive number, not ${values.seconds}`, USAGE);
  const hangMs = Number(values['hang-ms']);
  if (!Number.isFinite(hangMs) || hangMs <= 0)
    refuseArgs(`--hang-ms is a positive number, not ${values['hang-ms']}`, USAGE);
  const { seed } = values;
  log(`seed ${seed}, ${seconds} s`);
  const targets =
    values.targets === undefined
      ? new URL('./fuzz/targets.ts', import.meta.url)
      : pathToFileURL(values.targets);
  let result;
  try {
    result = await fuzz({ seed, seconds, hangMs, targets: targets.href }, log);
  } catch (error) {
    log(`the targets cannot be loaded: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  const { inputs, findings, heapGrowthBytes } = result;
  for (const { kind, target, round, input } of findings) {
    const path = join(tmpdir(), `gongwei-fuzz-${seed}-${round}.bin`);
    writeFileSync(path, input);
    log(`the input of the ${kind} of ${target} is in ${path}`);
  }
  const crashes = findings.filter(({ kind }) => kind === 'crash').length;
  const hangs = findings.length - crashes;
  process.stdout.write(
    `${JSON.stringify({ event: 'fuzz.finished', seconds, inputs, crashes, hangs, heapGrowthBytes, seed })}\n`,
  );
  return findings.length === 0 ? 0 : 1;
}
