import {
  type ComparedStep,
  type Comparison,
  type Difference,
  type ParsedRecipe,
  readRecipe,
  type Recording,
  recordedRecipe,
  replayRun,
} from '#station';
import { counted } from '#shared/words/index.ts';
import { type CommonOptions, interruptSignal } from '../../command.ts';
import { EXIT_STATUS } from '../../exit-status.ts';
import { printError, createOutput, type Output, table } from '../../output.ts';
import { recordingsOf } from './recording-of.ts';

export interface ReplayOptions extends CommonOptions {
  readonly recipe?: string;
  readonly times: number;
}

export async function replay(run: string, options: ReplayOptions): Promise<void> {
  const out = createOutput(options);
  const signal = interruptSignal();
  const other = options.recipe === undefined ? null : await readRecipe(options.recipe);
  const recordings = await recordingsOf(run, options, (text) => printError(text));
  for (const recording of recordings) recordedRecipe(recording);
  let same = 0;
  for (const recording of recordings) same += await replayOne(run, recording, other, options, out, signal);
  const times = options.times * recordings.length;
  out.event('replay.done', { times, same });
  if (times > 1) out.print(`${same} of ${counted(times, 'replay')} ended as the recording`);
  if (same < times) process.exitCode = EXIT_STATUS.notPassed;
}

/** The number of replays that ended like the recording. */
async function replayOne(
  run: string,
  recording: Recording,
  other: ParsedRecipe | null,
  options: ReplayOptions,
  out: Output,
  signal: AbortSignal,
): Promise<number> {
  const recorded = recordedRecipe(recording);
  const recipe = other ?? recorded;
  let same = 0;
  for (let time = 1; time <= options.times; time++) {
    const began = performance.now();
    const compared = await replayRun(recording, { recipe }, signal);
    const ms = Math.round(performance.now() - began);
    if (compared.same) same += 1;
    printEvents(out, run, time, compared, { recorded, recipe, ms });
    // Equal tables are printed once.
    if (time === 1 || !compared.same) printComparison(out, compared, recorded, recipe, ms);
  }
  return same;
}

function printEvents(
  out: Output,
  run: string,
  time: number,
  comparison: Comparison,
  { recorded, recipe, ms }: { recorded: ParsedRecipe; recipe: ParsedRecipe; ms: number },
): void {
  const { firstUnanswered, failure, completeUntilMs, same, sameMeasurements } = comparison;
  for (const step of comparison.steps) out.event('replay.step', { time, ...stepEvent(step) });
  for (const difference of comparison.differences)
    out.event('replay.difference', { time, ...differenceEvent(difference) });
  out.event('replay.finished', {
    time,
    run,
    recipe: { recorded: recorded.hash, replayed: recipe.hash },
    then: comparison.recorded,
    now: comparison.replayed,
    same,
    sameMeasurements,
    ...(completeUntilMs === null ? {} : { wholeUntilMs: completeUntilMs }),
    ...(firstUnanswered === null ? {} : { untold: differenceEvent(firstUnanswered) }),
    failure,
    ms,
  });
}

/** The keys of the event `replay.step` since its first version. */
function stepEvent({ recorded, replayed, unanswered, ...step }: ComparedStep): object {
  return { ...step, then: recorded, now: replayed, unheard: unanswered };
}

/** The keys of the event `replay.difference` since its first version. */
function differenceEvent({ atMs, step, ...difference }: Difference): object {
  return { ...difference, ms: atMs, step: step === null ? null : `step ${step}` };
}

function printComparison(
  out: Output,
  { recorded: then, replayed: now, firstUnanswered, steps, differences, completeUntilMs, same }: Comparison,
  recorded: ParsedRecipe,
  recipe: ParsedRecipe,
  ms: number,
): void {
  const changed = recipe.hash === recorded.hash ? '' : `, recorded with ${titleOf(recorded)}`;
  out.print(`recipe ${titleOf(recipe)}${changed}`);
  out.print(
    table(
      ['', 'phase', 'step', 'recorded', 'replayed', 'reason'],
      steps.map((step) => [
        step.same ? '' : '≠',
        step.phase,
        step.attempt === 1 ? step.step : `${step.step} (attempt ${step.attempt})`,
        step.recorded?.outcome ?? '—',
        step.unanswered && step.replayed !== null ? '?' : (step.replayed?.outcome ?? '—'),
        whyOf(step),
      ]),
    ),
  );
  const [first, ...others] = differences;
  if (first !== undefined) {
    out.print(describe(first));
    if (others.length > 0) out.print(`and ${counted(others.length, 'more difference')} (--json lists them)`);
  }
  if (completeUntilMs !== null) {
    const until = (completeUntilMs / 1000).toFixed(3);
    out.print(
      `then ${then ?? 'cut off'}, now cannot tell: the recording is complete only up to ${until} s, because the unit sent too much`,
    );
    return;
  }
  if (firstUnanswered !== null && now === null) {
    out.print(`then ${then ?? 'cut off'}, now cannot tell: ${describe(firstUnanswered)}`);
    return;
  }
  const verdict = `then ${then ?? 'cut off'}, now ${now ?? 'cut off'}`;
  out.print(`${verdict}: ${same ? 'the same' : 'not the same'}, replayed in ${ms} ms`);
}

function titleOf({ recipe, hash }: ParsedRecipe): string {
  return `${recipe.name} ${recipe.version} (${hash.slice(0, 12)})`;
}

function whyOf({ recorded, replayed, unanswered }: ComparedStep): string {
  const reason = (replayed ?? recorded)?.failure?.message ?? '';
  return unanswered ? `the recording cannot say${reason === '' ? '' : `: ${reason}`}` : reason;
}

function describe({ atMs, step, text }: Difference): string {
  return `at ${(atMs / 1000).toFixed(3)} s${step === null ? '' : `, step ${step}`}: ${text}`;
}
