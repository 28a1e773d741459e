/** `npm run torture`: one JSON line on stdout, progress for people on stderr. Exit status 0 only when nothing was found. */
import { visibleText } from '#shared/codec/visible-text.ts';
import { answerHelp, refuseArgs } from '../scripts/lib/step-args.ts';
import { FLASH_USAGE, readFlashOptions, runFlashTorture } from './flash-torture/index.ts';
import { readOptions, torture, USAGE } from './torture/index.ts';

const log = (text: string): void => void process.stderr.write(`torture: ${visibleText(text)}\n`);

const args = process.argv.slice(2);
const isFlash = args[0] === 'flash';
answerHelp(isFlash ? FLASH_USAGE : `${USAGE}${FLASH_USAGE}`, args);
process.exitCode = await (isFlash ? flash(args.slice(1)) : main());

async function main(): Promise<number> {
  let options;
  try {
    options = readOptions(args);
  } catch (error) {
    refuseArgs(error instanceof Error ? error.message : String(error), USAGE);
  }
  log(`mode ${options.mode}, seed ${options.seed}`);
  const { findings, kills, units, impostures, seed, seconds } = await torture(options, log);
  const counts = countsOf(findings);
  process.stdout.write(
    `${JSON.stringify({ event: 'torture.finished', kills, units, ...counts, impostures, seed, seconds })}\n`,
  );
  return statusOf(counts);
}

async function flash(flashArgs: readonly string[]): Promise<number> {
  let options;
  try {
    options = readFlashOptions(flashArgs);
  } catch (error) {
    refuseArgs(error instanceof Error ? error.message : String(error), FLASH_USAGE);
  }
  log(`flash, seed ${options.seed}`);
  const { findings, flashes, verified, faults, recovered, seconds } = await runFlashTorture(options, log);
  const counts = countsOf(findings);
  process.stdout.write(
    `${JSON.stringify({ event: 'torture.finished', flashes, verified, faults, recovered, ...counts, seed: options.seed, seconds })}\n`,
  );
  return statusOf(counts);
}

/** Prints the findings, and gives the number of each kind. */
function countsOf(findings: object): Record<string, number> {
  const kinds = Object.entries(findings) as [string, readonly string[]][];
  for (const [kind, list] of kinds) for (const one of list) log(`${kind}: ${one}`);
  return Object.fromEntries(kinds.map(([kind, list]) => [kind, list.length]));
}

function statusOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).every((count) => count === 0) ? 0 : 1;
}
