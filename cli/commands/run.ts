import type { Command } from 'commander';
import type { SlotsState } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { serialMatches } from '#shared/domain/recipe/index.ts';
import { formatChipId } from '#shared/domain/triple.ts';
import { createNodePlatform, type NextUnit, type RunResult, type Station } from '#station';
import { type CommonOptions, command, dataDirOf, interruptSignal, wholeNumber } from '../command.ts';
import { type HostFlags, withHostOptions } from '../host-options.ts';
import { createOutput, type Output } from '../output.ts';
import { announceRuns } from '../run-events.ts';
import { ANSWER_HELP, answerPrompts, readAnswers } from '../prompts.ts';
import { type ListedSerial, readSerials } from '../read-serials.ts';
import { withStation } from '../with-station.ts';

interface RunOptions extends CommonOptions, HostFlags {
  readonly batch: string;
  readonly answer: readonly string[];
  readonly serials?: string;
  readonly units?: number;
  readonly untilEmpty?: boolean;
  readonly nextWithin: number;
  readonly operator: string;
}

export function runCommand(): Command {
  return withHostOptions(
    command('run', 'run units of a batch on slots').requiredOption('--batch <id>', 'the batch'),
  )
    .option('--answer <step=value>', ANSWER_HELP, (text: string, all: string[]) => [...all, text], [])
    .option('--serials <file>', 'serial numbers, one a line or a CSV with a column SN; - for stdin')
    .option('--units <n>', 'stop after so many units', wholeNumber(1, 1_000_000))
    .option('--until-empty', 'go on until the pool is empty')
    .option(
      '--next-within <s>',
      'without serial numbers: how long a slot waits for its next unit',
      wholeNumber(1, 86_400),
      30,
    )
    .option('--operator <name>', 'who is at the station', 'terminal')
    .action(run);
}

async function run(options: RunOptions): Promise<void> {
  const out = createOutput(options);
  const signal = interruptSignal();
  const listed = options.serials === undefined ? null : await readSerials(options.serials, out.say);
  const serials = listed?.map(({ serialNumber }) => serialNumber) ?? null;
  await withStation(
    options,
    async (station) => {
      station.batches.get(options.batch);
      const slots = slotsOf(station);
      if (listed !== null) checkSerials(station, options.batch, listed);
      const answers = readAnswers(options.answer, station, options.batch);
      // Standing at a pipe, nobody answers; neither when the serial numbers come in by it.
      using _answering = answerPrompts(station, out, answers, process.stdin.isTTY && options.serials !== '-');
      await checkPorts(station, options, slots, signal);
      const limit =
        options.units ??
        (serials !== null ? serials.length : options.untilEmpty === true ? Infinity : slots.length);
      const results = await runAll(station, options, serials, limit, out, signal);
      const passed = results.filter((result) => result.outcome === 'PASS').length;
      out.event('batch.progress', { done: results.length, passed });
      if (!out.json) out.say(`${passed} of ${results.length} passed`);
      if (passed < results.length || signal.aborted) process.exitCode = 1;
    },
    {
      slots: options.slot ?? 'remembered',
      boardPath: options.board,
      ble: options.ble,
      autoSync: true,
      waitForSpace: false,
    },
  );
}

/** One worker per slot, each taking the next unit when it is done with the last. */
async function runAll(
  station: Station,
  options: RunOptions,
  serials: string[] | null,
  limit: number,
  out: Output,
  signal: AbortSignal,
): Promise<RunResult[]> {
  announceRuns(station, out);
  const results: RunResult[] = [];
  let taken = 0;
  let over = false;
  let refused: unknown = null;
  signal.addEventListener('abort', () => void station.slots.stop(null), { once: true });

  const enough = new AbortController();
  const waiting = AbortSignal.any([signal, enough.signal]);
  const end = (because: unknown = null): void => {
    refused ??= because;
    over = true;
    enough.abort();
  };

  /** Without serial numbers the same unit would be run again and again: true when another one lies there. */
  async function isNext(slot: number, last: RunResult): Promise<boolean> {
    const withinMs = options.nextWithin * 1000;
    out.event('slot.waiting', { slot, mac: macOf(last), withinMs });
    const next = await station
      .nextUnit(options.batch, slot, last.chipId, withinMs, waiting)
      .catch((error: unknown): NextUnit => {
        if (!waiting.aborted) end(error);
        return 'none';
      });
    if (next === 'there') return true;
    if (waiting.aborted) return false;
    out.event('slot.ended', { slot, mac: macOf(last), because: next === 'same' ? 'same-unit' : 'no-unit' });
    out.say(
      next === 'same'
        ? `slot ${slot}: ${macOf(last) ?? 'the unit'} was run and is still there; lay the next one on, or give --serials`
        : `slot ${slot}: no unit was laid on in ${options.nextWithin} s`,
    );
    return false;
  }

  async function worker(slot: number): Promise<void> {
    let last: RunResult | null = null;
    while (!over && !signal.aborted && taken < limit) {
      if (serials === null && last !== null && !(await isNext(slot, last))) return;
      if (over || signal.aborted || taken >= limit) return;
      const serialNumber = serials === null ? null : (serials[taken] ?? null);
      if (serials !== null && serialNumber === null) return;
      taken += 1;
      try {
        const started = station.startUnit({
          batchId: options.batch,
          serialNumber,
          operator: options.operator,
          slot,
        });
        const result = await started.finished;
        results.push(result);
        last = result;
        if (taken >= limit) enough.abort();
        if (!out.json) out.say(describe(result));
        station.slots.acknowledge(slot);
        // What is left may be for the units that come next.
        if (result.failure?.code === 'pool-empty' && result.failure.details['bound'] === undefined) end();
      } catch (error) {
        // Refused before anything began (a bad serial, a batch that is complete): the others finish what they do.
        end(error);
      }
    }
  }

  await Promise.all(station.slots.state.slots.map(({ slot }) => worker(slot)));
  if (refused !== null) {
    if (results.length === 0 || !(refused instanceof Fault) || refused.code !== 'batch-complete')
      throw refused;
    out.say(`gongwei: ${refused.message}`);
  }
  return results;
}

/** What is wrong with the list is said before the first unit, so that nothing is half done. */
function checkSerials(station: Station, batchId: string, listed: readonly ListedSerial[]): void {
  const { recipe } = station.batches.recipeOf(batchId);
  const seen = new Set<string>();
  for (const { serialNumber, line } of listed) {
    const details = { serialNumber, line };
    if (!serialMatches(recipe, serialNumber)) {
      throw new Fault('serial-malformed', `"${serialNumber}" is not a serial number of this recipe`, {
        hint: `It looks like ${recipe.serialNumber.example}. No unit was started.`,
        details,
      });
    }
    if (seen.has(serialNumber)) {
      throw new Fault('bad-input', `${serialNumber} is listed twice`, {
        hint: 'List each unit once. No unit was started.',
        details,
      });
    }
    seen.add(serialNumber);
    if (station.store.runs.latestOfSerial(batchId, serialNumber)?.outcome === 'PASS') {
      throw new Fault('serial-passed', `${serialNumber} has passed in this batch already`, {
        hint: 'Leave it out. No unit was started.',
        details,
      });
    }
  }
}

function slotsOf(station: Station): SlotsState['slots'] {
  const { slots } = station.slots.state;
  if (slots.length > 0) return slots;
  throw new Fault('bad-input', 'there is no slot to run units on', {
    hint: 'Name the port of each with --slot, or remember them with "station slots assign".',
  });
}

/** A port that is missing, busy or no port is the caller's to mend, not a unit's failure: nothing is recorded of it. */
async function checkPorts(
  station: Station,
  options: RunOptions,
  slots: SlotsState['slots'],
  signal: AbortSignal,
): Promise<void> {
  const { serialPorts } = createNodePlatform(dataDirOf(options));
  const { baudRate } = station.batches.recipeOf(options.batch).recipe.device.serial;
  for (const { portPath } of slots) {
    await using _port = await serialPorts.open(portPath, { baudRate }, signal);
  }
}

function macOf({ chipId }: RunResult): string | null {
  return chipId === null ? null : formatChipId(chipId);
}

function describe(result: RunResult): string {
  const who = result.serialNumber ?? (result.chipId === null ? 'unknown unit' : formatChipId(result.chipId));
  const why = result.failure === null ? '' : `  ${result.failure.message}`;
  return `slot ${result.slot}  ${who}  ${result.outcome}  ${result.deviceName ?? '-'}  ${result.ms} ms${why}`;
}
