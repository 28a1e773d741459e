import { createInterface, type Interface } from 'node:readline/promises';
import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import { stepName } from '#shared/domain/recipe/index.ts';
import type { RunEvent, Station } from '#station';
import { visibleLine } from '#shared/codec/visible-text.ts';
import { createLineFilter } from './line-filter.ts';
import type { Output } from './output.ts';

type Prompt = NonNullable<Extract<RunEvent, { kind: 'prompt' }>['prompt']>;

export const ANSWER_HELP = 'answers what a step asks, for every unit: light=pass (again for each step)';

/** `STEP=VALUE` of each `--answer`. Faults: `bad-input`, also for a step that the recipe does not have. */
export function readAnswers(
  texts: readonly string[],
  station: Station,
  batchId: string,
): ReadonlyMap<string, string> {
  const { recipe } = station.batches.recipeOf(batchId);
  const steps = recipe.phases.flatMap((phase) => phase.steps);
  const answers = new Map<string, string>();
  for (const text of texts) {
    const at = text.indexOf('=');
    if (at < 1) {
      throw new Fault('bad-input', `"${text}" is no answer`, { hint: 'Write it as STEP=VALUE: light=pass.' });
    }
    const step = text.slice(0, at);
    if (!steps.some((one) => stepName(one) === step)) {
      const asking = steps.filter(({ verb }) => verb === 'prompt' || verb === 'scan-label').map(stepName);
      throw new Fault('bad-input', `recipe ${recipe.name} has no step "${step}"`, {
        hint: asking.length === 0 ? 'It asks nothing.' : `It asks in ${asking.join(', ')}.`,
      });
    }
    answers.set(step, text.slice(at + 1));
  }
  return answers;
}

/**
 * Answers what the recipe of these runs asks: by `--answer`, else the person at the terminal by a line, one question
 * after the other. Where there is neither, the run of that slot is stopped at once: nobody can answer. Disposing ends
 * it and lets go of standard input.
 */
export function answerPrompts(
  station: Station,
  out: Output,
  answers: ReadonlyMap<string, string>,
  person: boolean,
): Disposable {
  const over = new AbortController();
  const standing = new Map<number, AbortController>();
  let lines: Interface | null = null;
  let turn = Promise.resolve();
  const isLine = createLineFilter(() => performance.now());

  async function nextLine(asked: string, signal: AbortSignal): Promise<string> {
    // eslint-disable-next-line no-restricted-syntax -- readline needs the stream; visibleLine escapes the question
    lines ??= createInterface({ input: process.stdin, output: process.stderr, terminal: false });
    lines.once('close', () => over.abort());
    for (;;) {
      const line = (await lines.question(visibleLine(asked), { signal })).trim();
      if (isLine(line)) return line;
    }
  }

  function stop(slot: number, why: string): void {
    out.say(why);
    station.slots.stop(slot);
  }
  async function ask(slot: number, prompt: Prompt, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const line = await nextLine(question(slot, prompt), signal);
      try {
        const pressed = { firstMsAgo: 0, lastMsAgo: 0, ended: true };
        station.scans.answer(slot, prompt.promptId, meant(prompt, line), pressed);
        return;
      } catch (error) {
        if (!(error instanceof Fault) || !ASK_AGAIN.has(error.code)) throw error;
        out.say(error.code === 'bad-input' ? `${error.message}; ${choicesOf(prompt)}` : sayFault(error));
      }
    }
  }
  function answer(slot: number, prompt: Prompt): void {
    const given = answers.get(prompt.step);
    if (given !== undefined) {
      try {
        station.prompts.answer(slot, prompt.promptId, given);
      } catch (error) {
        stop(
          slot,
          `slot ${slot}: ${error instanceof Error ? error.message : 'no answer'}; the run is stopped`,
        );
      }
      return;
    }
    if (!person || over.signal.aborted) {
      const how = `--answer ${prompt.step}=${exampleOf(prompt)}`;
      return stop(slot, `slot ${slot} asks "${prompt.ask.en}" and nobody can answer; ${how} would`);
    }
    const gone = new AbortController();
    standing.set(slot, gone);
    const signal = AbortSignal.any([gone.signal, over.signal]);
    turn = turn
      .then(() => (signal.aborted ? undefined : ask(slot, prompt, signal)))
      .catch(() => undefined)
      .then(() => {
        if (over.signal.aborted && !gone.signal.aborted)
          stop(slot, `slot ${slot} asks "${prompt.ask.en}" and the terminal was closed`);
      });
  }

  const quiet = station.onRunEvent((slot, event) => {
    if (event.kind !== 'prompt') return;
    const { prompt, runId } = event;
    if (prompt === null) {
      standing.get(slot)?.abort();
      standing.delete(slot);
      return;
    }
    const { step, kind, ask: words, unit, choices, endsAtMs } = prompt;
    const values = choices.map(({ value }) => value);
    out.event('run.prompt', { run: runId, slot, step, kind, ask: words.en, unit, choices: values, endsAtMs });
    // The question stands only after it was told of.
    queueMicrotask(() => answer(slot, prompt));
  });
  return {
    [Symbol.dispose]() {
      quiet();
      for (const gone of standing.values()) gone.abort();
      lines?.close();
    },
  };
}

/** The question stands after these. */
const ASK_AGAIN: ReadonlySet<FaultCode> = new Set(['bad-input', 'scan-repeated', 'answer-too-soon']);

function sayFault({ message, hint }: Fault): string {
  return hint === null ? message : `${message}. ${hint}`;
}

function question(slot: number, prompt: Prompt): string {
  return `slot ${slot} asks: ${prompt.ask.en} [${choicesOf(prompt)}] `;
}

function choicesOf({ kind, choices, unit }: Prompt): string {
  switch (kind) {
    case 'pass-fail':
      return 'y: good, n: not good';
    case 'confirm':
      return 'Enter: done';
    case 'choice':
      return choices.map(({ title }, index) => `${index + 1}: ${title.en}`).join(', ');
    case 'number':
      return unit === null ? 'a number' : `a number in ${unit}`;
    case 'text':
      return 'a text';
    case 'scan':
      return 'scan it';
  }
}

/** What a person at a terminal types for an answer. */
function meant({ kind, choices }: Prompt, line: string): string {
  if (kind === 'pass-fail') return { y: 'pass', n: 'fail' }[line.toLowerCase()] ?? line;
  if (kind === 'choice') return choices[Number(line) - 1]?.value ?? line;
  return line;
}

function exampleOf({ kind, choices }: Prompt): string {
  switch (kind) {
    case 'pass-fail':
      return 'pass';
    case 'confirm':
      return 'ok';
    case 'choice':
      return choices[0]?.value ?? 'VALUE';
    case 'number':
      return '0';
    case 'text':
    case 'scan':
      return 'VALUE';
  }
}
