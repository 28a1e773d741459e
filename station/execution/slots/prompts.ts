import { raceAbort, withDeadline } from '#node-kit/async/index.ts';
import { isPicture, MAX_ATTACHMENT_BYTES, sniffMediaType } from '#shared/domain/attachment.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { fitAnswer } from '#shared/domain/prompt-answer.ts';
import {
  longestWaitingFirst,
  plainAnswer,
  targetPrompt,
  targetPromptForText,
} from '#shared/domain/scan/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { Photo, PhotoRequest, Prompt, PromptRequest } from '../run-context/index.ts';

/** A prompt of a run at its slot, waiting for its answer. */
export interface OpenPrompt {
  readonly slot: number;
  readonly runId: string;
  readonly prompt: Prompt;
  /** Start by the monotonic clock. */
  readonly sinceMs: number;
}

type WaitingPrompt = OpenPrompt & { readonly resolve: (answer: string | Photo) => void };

/** A prompt was opened at a slot, or closed: then `prompt` is `null`. */
export interface PromptChange {
  readonly slot: number;
  readonly runId: string;
  readonly prompt: Prompt | null;
}

type PromptPlatform = {
  readonly clock: Pick<Platform['clock'], 'nowMs' | 'monotonicMs' | 'sleep'>;
  readonly random: Pick<Platform['random'], 'id'>;
};

/**
 * The open prompts, at most one per slot: opens them, limits their time, decides which one an answer is for, and closes
 * them. The view of a slot shows the prompt of this class.
 */
export class Prompts {
  readonly #platform: PromptPlatform;
  readonly #onChange: (change: PromptChange) => void;
  readonly #open = new Map<number, WaitingPrompt>();

  constructor(platform: PromptPlatform, onChange: (change: PromptChange) => void) {
    this.#platform = platform;
    this.#onChange = onChange;
  }

  /**
   * Asks the operator at a slot; resolves with the answer. Faults: `prompt-unanswered` after `timeoutMs` (`null`: never), the
   * signal's reason.
   */
  async ask(
    run: { readonly slot: number; readonly runId: string },
    request: PromptRequest,
    timeoutMs: number | null,
    signal: AbortSignal,
  ): Promise<string> {
    const answer = await this.#ask(run, request, timeoutMs, signal);
    if (typeof answer === 'string') return answer;
    throw new Error(`a photo answered ${request.kind}`);
  }

  /** As `ask`, for a photo. */
  async askPhoto(
    run: { readonly slot: number; readonly runId: string },
    request: PhotoRequest,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Photo> {
    const answer = await this.#ask(run, request, timeoutMs, signal);
    if (typeof answer !== 'string') return answer;
    throw new Error('a text answered a prompt for a photo');
  }

  async #ask(
    { slot, runId }: { readonly slot: number; readonly runId: string },
    request: PromptRequest,
    timeoutMs: number | null,
    signal: AbortSignal,
  ): Promise<string | Photo> {
    throwIfAborted(signal);
    const { clock, random } = this.#platform;
    const askedAtMs = clock.nowMs();
    const endsAtMs = timeoutMs === null ? null : askedAtMs + timeoutMs;
    const prompt: Prompt = { ...request, promptId: random.id(), askedAtMs, endsAtMs };
    const answered = Promise.withResolvers<string | Photo>();
    this.#open.set(slot, { slot, runId, prompt, sinceMs: clock.monotonicMs(), resolve: answered.resolve });
    const onTimeout = (): never => {
      throw new Fault(
        'prompt-unanswered',
        `nobody answered "${prompt.ask.en}" in ${Math.round((timeoutMs ?? 0) / 1000)} s`,
        {
          hint: 'Start the unit again when somebody is there.',
          details: { slot, step: prompt.step },
        },
      );
    };
    try {
      this.#onChange({ slot, runId, prompt });
      if (timeoutMs === null) return await raceAbort(answered.promise, signal);
      return await withDeadline(answered.promise, { timeoutMs, signal, timer: clock, onTimeout });
    } finally {
      this.#close(slot, prompt);
    }
  }

  /** Faults: `prompt-none` when the prompt is not open, `bad-input` for an answer that it does not take. */
  answer(slot: number, promptId: string, answer: string): void {
    const open = this.#require(slot, promptId);
    const fit = fitAnswer(open.prompt, plainAnswer(answer));
    if (!fit.ok)
      throw new Fault('bad-input', `"${plainAnswer(answer)}" ${fit.reason}`, { hint: 'Answer again.' });
    open.resolve(fit.answer);
    // At once, so that no second answer reaches it before the run goes on.
    this.#close(slot, open.prompt);
  }

  /**
   * Answers a prompt for a photo. Faults: `prompt-none`; `bad-input` for a file that is no PNG, JPEG or WebP; the prompt stays open
   * then.
   */
  answerPhoto(slot: number, promptId: string, photo: Photo): void {
    const open = this.#require(slot, promptId);
    if (open.prompt.kind !== 'photo')
      throw new Fault('bad-input', `slot ${slot} asks for no photo`, { hint: 'Answer what it asks.' });
    if (photo.bytes.length > MAX_ATTACHMENT_BYTES || !isPicture(sniffMediaType(photo.bytes, photo.name)))
      throw new Fault('bad-input', `${photo.name} is no picture that can be kept`, {
        hint: `Take a photo, or choose a PNG, JPEG or WebP of at most ${MAX_ATTACHMENT_BYTES / 1024 / 1024} MiB.`,
      });
    open.resolve(photo);
    this.#close(slot, open.prompt);
  }

  /** The open prompt of a slot. */
  at(slot: number): OpenPrompt | null {
    return this.#open.get(slot) ?? null;
  }

  /** The prompt that an answer of this kind goes to; see `targetPrompt`. */
  target(selected: number | null, fits: (prompt: Prompt) => boolean): OpenPrompt | null {
    return targetPrompt(this.#waiting(), selected, fits);
  }

  /** The prompt that a scanned or typed text goes to; see `targetPromptForText`. */
  targetForText(selected: number | null, text: string): OpenPrompt | null {
    return targetPromptForText(this.#waiting(), selected, text);
  }

  #waiting(): OpenPrompt[] {
    return longestWaitingFirst([...this.#open.values()]);
  }

  #require(slot: number, promptId: string): WaitingPrompt {
    const open = this.#open.get(slot);
    if (open?.prompt.promptId === promptId) return open;
    throw new Fault('prompt-none', `slot ${slot} does not ask this any more`, {
      hint: 'Look at what the slot shows now.',
      details: { slot },
    });
  }

  #close(slot: number, prompt: Prompt): void {
    const open = this.#open.get(slot);
    if (open?.prompt !== prompt) return;
    this.#open.delete(slot);
    this.#onChange({ slot, runId: open.runId, prompt: null });
  }
}
