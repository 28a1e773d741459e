/** `npm run torture`: one JSON line on stdout, progress for people on stderr. Exit status 0 only when nothing was found. */
import { visibleText } from '#shared/codec/visible-text.ts';
import { answerHelp, refuseArgs } from '../scripts/lib/step-args.ts';
import { readOptions, torture, USAGE } from './torture/index.ts';

const log = (text: string): void => void process.stderr.write(`torture: ${visibleText(text)}\n`);

const args = process.argv.slice(2);
answerHelp(USAGE, args);
process.exitCode = await main();

async function main(): Promise<number> {
  let options;
  try {
    options = readOptions(args);
  } catch (error) {
    refuseArgs(error instanceof Error ? error.message : String(error), USAGE);
  }
  log(`mode ${options.mode}, seed ${options.seed}`);
  const { findings, kills, units, impostures, seed, seconds } = await torture(options, log);
  for (const [kind, list] of Object.entries(findings) as [string, string[]][])
    for (const violation of list) log(`${kind}: ${violation}`);
  const counts = Object.fromEntries(
    Object.entries(findings).map(([kind, list]: [string, string[]]) => [kind, list.length]),
  );
  process.stdout.write(
    `${JSON.stringify({ event: 'torture.finished', kills, units, ...counts, impostures, seed, seconds })}\n`,
  );
  return Object.values(counts).every((count) => count === 0) ? 0 : 1;
}
