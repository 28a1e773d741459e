import { setTimeout as sleep } from 'node:timers/promises';
import { Sequencer } from '#node-kit/async/index.ts';
import type { RandomSource } from '../../lib/random-source.ts';
import type { Findings } from '../findings.ts';
import type { HostEvent, Supervisor } from '../supervisor.ts';
import type { LabelAnswer, LabelQuestion } from './label-questions.ts';
import type { Paper, PrinterUnderTest } from './printer-under-test.ts';

/** Share of the questions that the operator puts off. */
const LATER_SHARE = 0.15;
const MAX_ROUNDS = 100;
const PAUSE_MS = 50;

export interface LabelOperatorOptions {
  readonly name: string;
  readonly station: Supervisor;
  readonly printer: PrinterUnderTest;
  readonly random: RandomSource;
  readonly findings: Pick<Findings, 'labels'>;
}

/** The person at the label printer: repairs it, looks which labels came out, puts each on its unit, and answers the station. */
export class LabelOperator implements Disposable {
  readonly #options: LabelOperatorOptions;
  /** The paper that was put on a unit for a print. */
  readonly #used = new Map<string, Paper>();
  readonly #turns = new Sequencer();
  readonly #missing = new Set<string>();
  readonly #stop: () => void;
  #failed: unknown = null;

  constructor(options: LabelOperatorOptions) {
    this.#options = options;
    this.#stop = options.station.onEvent((event) => {
      if (event.event !== 'label.asked') return;
      this.#turns
        .run(() => this.#answer(event as HostEvent & LabelQuestion, true))
        .catch((error: unknown) => (this.#failed = error));
    });
  }

  /** Decides about each label for which no slot waits, until there is none. Returns the questions that stay. */
  async settle(): Promise<readonly LabelQuestion[]> {
    const { station } = this.#options;
    let open: readonly LabelQuestion[] = [];
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      if (this.#failed !== null) throw this.#failed;
      await station.ready();
      const reply = await station.ask({ openLabels: true });
      if (reply === null) continue;
      open = reply['open'] as LabelQuestion[];
      if (open.length === 0 && reply['atSlots'] === 0) return [];
      for (const question of open) await this.#turns.run(() => this.#answer(question, false));
      await sleep(PAUSE_MS);
    }
    return open;
  }

  [Symbol.dispose](): void {
    this.#stop();
  }

  async #answer(question: LabelQuestion, mayWait: boolean): Promise<void> {
    const { station, random } = this.#options;
    const { slot, promptId, printId } = question;
    const isLater = mayWait && question.choices.includes('later') && random.chance(LATER_SHARE);
    const answer: LabelAnswer = {
      slot,
      promptId,
      printId,
      answer: isLater ? 'later' : await this.#decide(question),
    };
    await station.ask({ label: answer });
  }

  async #decide(question: LabelQuestion): Promise<string> {
    const { printer, findings, name } = this.#options;
    const { slot, printId, payload, choices, ask } = question;
    const paper = await printer.repaired(() => this.#take(printId, payload));
    if (slot === null) {
      if (ask === 'failed') return 'retry';
      if (ask === 'waiting') return 'print';
      return paper === null ? 'again' : 'out';
    }
    if (choices.includes('retry')) return 'retry';
    if (choices.includes('out')) return paper === null ? 'again' : 'out';
    if (paper === null && !this.#missing.has(printId)) {
      this.#missing.add(printId);
      findings.labels.push(`${name}: print ${printId} is said to be printed, and no paper of it came out`);
    }
    return payload;
  }

  /** The paper of a print: the one that was put on its unit, else one that came out and was put on none. */
  #take(printId: string, payload: string): Paper | null {
    const known = this.#used.get(printId);
    if (known !== undefined) return known;
    const used = new Set(this.#used.values());
    const paper = this.#options.printer.papers.find(
      (one) => one.payload === payload && !one.isDouble && !used.has(one),
    );
    if (paper === undefined) return null;
    this.#used.set(printId, paper);
    return paper;
  }
}
