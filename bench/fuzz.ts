/** `npm run fuzz`: one JSON line on stdout, what was found on stderr. Exit status 0 only when nothing was. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { visibleText } from '#shared/codec/visible-text.ts';
import { fuzz } from './fuzz/fuzz.ts';

const USAGE = `npm run fuzz -- [options]
  --seconds N   how long (600)
  --seed S      decides every input; printed, and drawn when left out
  --targets F   what is fed, as a module that exports TARGETS (bench/fuzz/targets.ts)
`;
const say = (text: string): void => void process.stderr.write(`fuzz: ${visibleText(text)}\n`);

if (process.argv.includes('--help')) process.stdout.write(USAGE);
else process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '600' },
      seed: { type: 'string', default: randomBytes(4).toString('hex') },
      targets: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const seconds = Number(values.seconds);
  if (!Number.isFinite(seconds) || seconds <= 0) {
    say(`--seconds is a number of seconds, not ${values.seconds}\n${USAGE}`);
    return 2;
  }
  const { seed } = values;
  say(`seed ${seed}, ${seconds} s`);
  const targets =
    values.targets === undefined
      ? new URL('./fuzz/targets.ts', import.meta.url)
      : pathToFileURL(values.targets);
  const { inputs, findings } = await fuzz(seed, seconds, targets.href, say);
  for (const { kind, target, round, input } of findings) {
    const path = join(tmpdir(), `gongwei-fuzz-${seed}-${round}.bin`);
    writeFileSync(path, input);
    say(`the input of the ${kind} of ${target} is kept in ${path}`);
  }
  const crashes = findings.filter(({ kind }) => kind === 'crash').length;
  const hangs = findings.length - crashes;
  process.stdout.write(
    `${JSON.stringify({ event: 'fuzz.finished', seconds, inputs, crashes, hangs, seed })}\n`,
  );
  return findings.length === 0 ? 0 : 1;
}
