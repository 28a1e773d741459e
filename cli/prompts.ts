import { createInterface, type Interface } from 'node:readline/promises';
import { Sequencer } from '#node-kit/async/index.ts';
import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import type { RunEvent, Station } from '#station';
import { visibleLine } from '#shared/codec/visible-text.ts';
import { createLineFilter } from './line-filter.ts';
import type { Output } from './output.ts';
import { type Answers, readPhoto } from './run/answers.ts';

type Prompt = NonNullable<Extract<RunEvent, { kind: 'prompt' }>['prompt']>;

/**
 * Answers the prompts of the runs: with `--answer`, else with a line that the person at the terminal types, one prompt after
 * the other. Without either, the run of that slot is stopped at once. Disposing ends it and releases standard input.
 */
export function answerPrompts(station: Station, out: Output, answers: Answers, person: boolean): Disposable {
  const closing = new AbortController();
  const standing = new Map<number, AbortController>();
  const labelsAnswered = new Set<string>();
  let lines: Interface | null = null;
  const sequencer = new Sequencer();
  const isLine = createLineFilter(() => performance.now());

  async function nextLine(asked: string, signal: AbortSignal): Promise<string> {
    // eslint-disable-next-line no-restricted-syntax -- readline needs the stream; visibleLine escapes the question
    lines ??= createInterface({ input: process.stdin, output: process.stderr, terminal: false });
    lines.once('close', () => closing.abort());
    for (;;) {
      const line = (await lines.question(visibleLine(asked), { signal })).trim();
      if (isLine(line)) return line;
    }
  }

  /** Stops the run as the station, not as a person. */
  function stop(slot: number, prompt: Prompt, reason: string): void {
    const question = `slot ${slot} asks "${prompt.ask.en}"`;
    out.notice(`${question} and ${reason}`);
    station.slots.stop(
      slot,
      new Fault('cancelled', `the station stopped the run: it asked "${prompt.ask.en}" and ${reason}`, {
        hint: 'Give the answer with --answer, or run it at a terminal.',
        details: { by: 'station' },
      }),
    );
  }
  function runAt(slot: number): string {
    return station.slots.state.slots.find((view) => view.slot === slot)?.run?.runId ?? '';
  }
  /** The current phase of the slot. */
  function phaseAt(slot: number): string {
    return station.slots.state.slots.find((view) => view.slot === slot)?.run?.phase?.name ?? '';
  }
  async function ask(slot: number, prompt: Prompt, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const line = await nextLine(question(slot, prompt), signal);
      try {
        const pressed = { firstMsAgo: 0, lastMsAgo: 0, ended: true };
        if (prompt.kind === 'photo') {
          station.prompts.answerPhoto(slot, prompt.promptId, readPhoto(line));
          return;
        }
        station.scans.answer(slot, prompt.promptId, meant(prompt, line), pressed);
        return;
      } catch (error) {
        if (!(error instanceof Fault) || !ASK_AGAIN.has(error.code)) throw error;
        out.notice(
          error.code === 'bad-input' ? `${error.message}; ${choicesOf(prompt)}` : formatFault(error),
        );
      }
    }
  }
  function answer(slot: number, prompt: Prompt): void {
    const isOfLabel = station.labels.at(slot) !== null;
    const given = answers.find(phaseAt(slot), prompt.step);
    // Once for each run and question: a label that fails again is not tried for ever.
    const asked = `${runAt(slot)} ${prompt.ask.en}`;
    const mayGive =
      !isOfLabel || (prompt.choices.some(({ value }) => value === given) && !labelsAnswered.has(asked));
    if (given !== null && mayGive) {
      if (isOfLabel) labelsAnswered.add(asked);
      try {
        if (prompt.kind === 'photo') station.prompts.answerPhoto(slot, prompt.promptId, readPhoto(given));
        else station.prompts.answer(slot, prompt.promptId, given);
      } catch (error) {
        stop(
          slot,
          prompt,
          `the answer does not fit: ${error instanceof Error ? error.message : 'no answer'}`,
        );
      }
      return;
    }
    // A unit that passed keeps its slot until its label is settled: nothing is stopped.
    if (isOfLabel && (!person || closing.signal.aborted))
      return out.notice(`slot ${slot} asks "${prompt.ask.en}" and no person can answer`);
    if (!person || closing.signal.aborted) {
      const how = `--answer ${prompt.step}=${exampleOf(prompt)}`;
      return stop(slot, prompt, `no person can answer; give ${how}`);
    }
    const promptEnded = new AbortController();
    standing.set(slot, promptEnded);
    const signal = AbortSignal.any([promptEnded.signal, closing.signal]);
    void sequencer.run(async () => {
      try {
        if (!signal.aborted) await ask(slot, prompt, signal);
      } catch {
        // The prompt was answered elsewhere, or the terminal was closed.
      }
      if (closing.signal.aborted && !promptEnded.signal.aborted)
        stop(slot, prompt, 'the terminal was closed');
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
    const { step, kind, unit, choices, endsAtMs } = prompt;
    const values = choices.map(({ value }) => value);
    const ask = wordsOf(prompt);
    out.event('run.prompt', { run: runId, slot, step, kind, ask, unit, choices: values, endsAtMs });
    // The station accepts answers only after this event was handled.
    queueMicrotask(() => answer(slot, prompt));
  });
  return {
    [Symbol.dispose]() {
      quiet();
      for (const promptEnded of standing.values()) promptEnded.abort();
      lines?.close();
    },
  };
}

/** Faults after which the prompt is still open. */
const ASK_AGAIN: ReadonlySet<FaultCode> = new Set(['bad-input', 'scan-repeated', 'answer-too-soon']);

function formatFault({ message, hint }: Fault): string {
  return hint === null ? message : `${message}. ${hint}`;
}

function question(slot: number, prompt: Prompt): string {
  return `slot ${slot} asks: ${wordsOf(prompt)} [${choicesOf(prompt)}] `;
}

/** The question, after what was wrong with the answer before. */
function wordsOf({ ask, refused }: Prompt): string {
  return refused === undefined ? ask.en : `${refused.en} ${ask.en}`;
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
    case 'photo':
      return 'the path of a PNG, JPEG or WebP';
  }
}

/** The answer for a line typed at the terminal. */
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
    case 'photo':
      return 'photo.jpg';
  }
}
