import { type Command, InvalidArgumentError } from 'commander';
import type { SlotsState } from '#shared/contract/index.ts';
import { abortFault, Fault } from '#shared/domain/fault.ts';
import { createNodePlatform, type Station } from '#station';
import { type CommonOptions, command, dataDirOf, interruptSignal, wholeNumber } from '../command.ts';
import { type HostFlags, withHostOptions } from '../host-options.ts';
import { EXIT_STATUS } from '../exit-status.ts';
import { createOutput, type Output } from '../output.ts';
import { BATCH_HELP, findBatch } from '../lookup/batch.ts';
import { answerPrompts } from '../prompts.ts';
import { ANSWER_HELP, readAnswers } from '../run/answers.ts';
import { checkSerials } from '../run/check-serials.ts';
import { codePlaceOf } from '../run/code-place.ts';
import { HeldOutput } from '../run/held-output.ts';
import { readSerials } from '../run/read-serials.ts';
import { showRunCodes } from '../run/show-run-codes.ts';
import { ownTerminal, TransferLine } from '../run/transfer-line.ts';
import { runAll, type RunAllReport } from '../run/run-all.ts';
import { programName } from '../program.ts';
import { needsOf, notifyLines } from '../recipe-needs.ts';
import { withStation } from '../with-station.ts';

interface RunOptions extends CommonOptions, HostFlags {
  readonly batch: string;
  readonly answer?: readonly string[];
  readonly serials?: string;
  readonly units?: number;
  readonly nextWithin: number;
  readonly operator: string;
  readonly codes?: string;
}

export function runCommand(): Command {
  return withHostOptions(
    command('run', 'run units of a batch on slots').requiredOption('--batch <batch>', BATCH_HELP),
  )
    .option('--answer <step=value>', ANSWER_HELP, (text: string, all: readonly string[] = []) => [
      ...all,
      text,
    ])
    .option('--serials <file>', 'serial numbers, one a line or a CSV with a column SN; - for stdin')
    .option(
      '--units <n>',
      'stop after this many units (default: the whole list, or until no unit comes)',
      wholeNumber(1, 1_000_000),
    )
    .option('--until-empty', 'accepted for old scripts; has no effect')
    .option(
      '--next-within <s>',
      'without serial numbers: how long a slot waits for its next unit',
      wholeNumber(1, 86_400),
      30,
    )
    .option(
      '--codes <folder>',
      'where the Wi-Fi codes of the slots are written as N.png while they are shown; on the terminal when left out',
    )
    .option('--operator <name>', 'name of the operator', operatorName, 'terminal')
    .action(run);
}

async function run(options: RunOptions): Promise<void> {
  const plain = createOutput(options);
  const held = new HeldOutput(plain);
  using transfers = new TransferLine(held.output, ownTerminal(plain));
  const out = transfers.output;
  const signal = interruptSignal();
  const listedSerials =
    options.serials === undefined
      ? null
      : await readSerials(options.serials, (text) => out.notice(text), signal);
  await withStation(
    options,
    async (station) => {
      transfers.watch(station);
      const { batchId } = findBatch(station.database.batches, options.batch);
      const slots = slotsOf(station);
      const checked = listedSerials === null ? null : checkSerials(station, batchId, listedSerials);
      const answers = readAnswers(options.answer ?? [], station.batches.recipeOf(batchId).recipe);
      // No person can answer when standard input is a pipe or has the serial numbers.
      const hasPerson = process.stdin.isTTY && options.serials !== '-';
      using _answering = answerPrompts(station, out, answers, hasPerson);
      const { recipe } = station.batches.recipeOf(batchId);
      const place = codePlaceOf(recipe, station, {
        slots: slots.map(({ slot }) => slot),
        folder: options.codes ?? null,
        isTerminal: process.stdout.isTTY && !out.json,
      });
      await using _codes = showRunCodes(station, place, held);
      notifyLines(needsOf(recipe, station), out);
      await checkPorts(station, batchId, options, slots, signal);
      signal.addEventListener('abort', () => void station.slots.stop(null, abortFault(signal)), {
        once: true,
      });
      const passedBefore = checked?.passed ?? [];
      if (passedBefore.length > 0) {
        out.event('serials.skipped', { serials: passedBefore, because: 'serial-passed' });
        out.print(`skipped, because they passed before the interrupted run: ${listSerials(passedBefore)}`);
      }
      const runOptions = {
        batchId,
        serials: checked?.serials ?? null,
        limit: options.units ?? Infinity,
        nextWithinMs: options.nextWithin * 1000,
        operator: options.operator,
        hasPerson,
      };
      const report = await runAll(station, runOptions, out, signal);
      // Of a batch that this run completed.
      if (!signal.aborted) await station.scheduledReports.whenIdle();
      finish(out, report, options, signal);
    },
    {
      slots: options.slot ?? 'remembered',
      control: true,
      boardPath: options.board,
      ble: options.ble,
      autoSync: true,
      resume: 'by-host',
      waitForSpace: false,
    },
  );
}

/**
 * Prints the result and sets the exit status. Throws the refusal of the batch if no unit was run, or if it is not `pool-empty`
 * or `batch-complete`.
 */
function finish(
  out: Output,
  { results, notRun, withoutLabel, refused }: RunAllReport,
  options: RunOptions,
  signal: AbortSignal,
): void {
  const passed = results.filter(({ outcome }) => outcome === 'PASS').length;
  const unitLimitReached = results.length === options.units;
  if (notRun.length > 0) {
    const because = signal.aborted ? 'stopped' : unitLimitReached ? 'units' : (refused?.code ?? 'stopped');
    const reason = signal.aborted
      ? 'the command was stopped'
      : unitLimitReached
        ? `--units ${options.units}`
        : refused?.message;
    out.event('serials.not-run', { serials: notRun, because });
    out.notice(`not run (${reason ?? because}): ${listSerials(notRun)}`);
  }
  if (withoutLabel.length > 0) {
    out.event('slots.without-label', { slots: withoutLabel });
    out.notice(
      `not labelled: the unit of slot ${withoutLabel.join(', ')}; "label list --open" says why, and it is printed when its slot runs again or with "label print"`,
    );
    process.exitCode = EXIT_STATUS.notPassed;
  }
  const full = refused?.code === 'batch-complete';
  const nothingDone = refused !== null && results.length === 0 && !(full && notRun.length > 0);
  if (!nothingDone) {
    out.event('batch.progress', { done: results.length, passed });
    out.print(`${passed} of ${results.length} passed`);
  }
  if (passed < results.length || signal.aborted || (notRun.length > 0 && !unitLimitReached))
    process.exitCode = EXIT_STATUS.notPassed;
  if (refused === null || refused.code === 'pool-empty') return;
  if (nothingDone || !full) throw refused;
  if (notRun.length === 0) out.notice(`${programName()}: ${refused.message}`);
}

function slotsOf(station: Station): SlotsState['slots'] {
  const { slots } = station.slots.state;
  if (slots.length > 0) return slots;
  throw new Fault('bad-input', 'there is no slot to run units on', {
    hint: 'Name the port of each with --slot, or assign them with "station slots assign".',
  });
}

/** Opens each port once before the runs: a missing or busy port is an error of the command, not a failed run. */
async function checkPorts(
  station: Station,
  batchId: string,
  options: RunOptions,
  slots: SlotsState['slots'],
  signal: AbortSignal,
): Promise<void> {
  const { devicePorts } = createNodePlatform(dataDirOf(options));
  const { baudRate } = station.batches.recipeOf(batchId).recipe.device.serial;
  for (const { portPath } of slots) {
    await using _port = await devicePorts.open(portPath, { baudRate }, signal);
  }
}

/** Every run records its operator: the name must not be empty. */
function operatorName(text: string): string {
  const name = text.trim();
  if (name !== '') return name;
  throw new InvalidArgumentError('It is empty; name the person, or leave it out.');
}

/** The most serial numbers in a message; events have all. */
const MAX_PRINTED_SERIALS = 20;

function listSerials(serials: readonly string[]): string {
  const more = serials.length - MAX_PRINTED_SERIALS;
  return `${serials.slice(0, MAX_PRINTED_SERIALS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
