import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '#shared/domain/fault.ts';
import { parseRecipe, type Station, STATION_ITSELF } from '#station';
import { emit } from '../host-process.ts';
import { NEVER_ABORTED } from '../../lib/never-aborted.ts';
import type { LabelAnswer, LabelQuestion } from './label-questions.ts';
import { OUTPUT_BATCH, type OutputSettings, SCHEDULES, SCRIPT, SCRIPT_FILE } from './settings.ts';

const POLL_MS = 25;
const BY = { user: 'T', role: 'support' } as const;
const SIZE = { dpi: 203, widthMm: 50, heightMm: 30, gapMm: 2, baudRate: 9600 } as const;

/** Batches, labels, reports and closings of a station of the torture. */
export class StationOutputs {
  readonly #station: Station;
  readonly #settings: OutputSettings;
  readonly #asked = new Map<number, string>();

  constructor(station: Station, settings: OutputSettings) {
    this.#station = station;
    this.#settings = settings;
  }

  /** Sets the printer and the schedules that a killed station has not set, and reports each question about a label. */
  async start(): Promise<void> {
    const { printerSettings, scheduledReports } = this.#station;
    const { printer, reports } = this.#settings;
    printerSettings.set({ place: printer, language: 'zpl', ...SIZE }, STATION_ITSELF);
    for (const { occasion, format, isInFolder } of SCHEDULES) {
      const folder = isInFolder ? reports : null;
      const isThere = scheduledReports
        .state()
        .schedules.some((one) => one.occasion.at === occasion.at && one.format === format);
      if (!isThere) await scheduledReports.add({ occasion, format, folder }, STATION_ITSELF);
    }
    void this.#reportQuestions();
    void this.#closeBatches();
  }

  /**
   * A batch that lacks units; a new one when there is none. Faults: `serial-passed` for a unit that passed in any batch, also in one
   * that is closed.
   */
  batchFor(serialNumber: string): string {
    const { database, slots } = this.#station;
    const own = this.#batches();
    const hasPassed = own.some(
      ({ batchId }) => database.runs.findLatestOfSerialNumber(batchId, serialNumber)?.outcome === 'PASS',
    );
    if (hasPassed) throw new Fault('serial-passed', `${serialNumber} has passed`);
    const open = own.find(
      ({ batchId, closedAtMs, passed, quantity }) =>
        closedAtMs === null && passed + slots.runningOf(batchId) < quantity,
    );
    return open?.batchId ?? this.#createBatch(own.length + 1);
  }

  /** Answers a question about a label, or decides about a print for which no slot waits. */
  async answer({ slot, promptId, printId, answer }: LabelAnswer): Promise<object> {
    const { prints, prompts } = this.#station;
    if (slot !== null && promptId !== null) prompts.answer(slot, promptId, answer);
    else if (answer === 'retry') await this.#print(prints.queue(printId).printId);
    else if (answer === 'again') await this.#print(prints.settle(printId, false, BY).printId);
    else if (answer === 'out') prints.settle(printId, true, BY);
    else await this.#print(printId);
    return {};
  }

  /** Prints the label of the present identity of a unit, unless one waits for a decision. */
  async reprint(serialNumber: string): Promise<object> {
    const { database, prints } = this.#station;
    const run = database.runs.listOfSerialNumber(serialNumber).findLast(({ outcome }) => outcome === 'PASS');
    const live = run?.unitId == null ? null : database.triples.findLiveOfUnit(run.unitId);
    if (run === undefined || live === null) throw new Fault('not-found', `${serialNumber} has no identity`);
    if (database.labelPrints.listOfTriple(live.tripleId).length > 0) return { isThere: true };
    for (const { printId } of prints.reprint(run.runId, { why: 'torture', copies: 1 }, BY))
      await this.#print(printId);
    return { isThere: true };
  }

  /** The prints that wait for a person and for which no slot waits. */
  open(): { readonly open: readonly LabelQuestion[]; readonly atSlots: number } {
    const rows = this.#station.database.labelPrints.listOpen(1000);
    const open = rows
      .filter(({ slot }) => slot === null)
      .map(({ printId, payload, state }) => ({
        slot: null,
        promptId: null,
        printId,
        payload,
        choices: [],
        ask: state,
      }));
    return { open, atSlots: rows.length - open.length };
  }

  /** Closes each complete batch, and waits until no report is due. Returns what is left. */
  async settle(): Promise<{
    readonly dueReports: readonly string[];
    readonly openBatches: readonly string[];
  }> {
    const { scheduledReports } = this.#station;
    const openBatches = await this.#closeComplete();
    scheduledReports.batchesChanged();
    await scheduledReports.whenIdle();
    const due = () => scheduledReports.state().reports.filter(({ state }) => state === 'due');
    for (const { scheduleId, subject } of due()) await scheduledReports.retry(scheduleId, subject);
    const dueReports = due().map(({ subject, fault }) => `${subject}: ${fault?.message ?? 'not tried'}`);
    return { dueReports, openBatches };
  }

  #batches() {
    const all = this.#station.batches.state().batches;
    return all
      .filter(({ name }) => name.startsWith(OUTPUT_BATCH))
      .sort(
        (one, other) =>
          Number(one.name.slice(OUTPUT_BATCH.length)) - Number(other.name.slice(OUTPUT_BATCH.length)),
      );
  }

  #createBatch(number: number): string {
    const { recipes, quantity } = this.#settings;
    const recipe = parseRecipe(
      recipes[number % recipes.length] ?? '',
      'torture',
      new Map([[SCRIPT_FILE, Buffer.from(SCRIPT)]]),
    );
    const name = `${OUTPUT_BATCH}${number}`;
    return this.#station.batches.create({ recipe, quantity, name }, STATION_ITSELF).batchId;
  }

  async #print(printId: string): Promise<void> {
    await this.#station.prints.print(printId, NEVER_ABORTED);
  }

  async #closeBatches(): Promise<void> {
    for (;;) {
      await sleep(POLL_MS * 10);
      await this.#closeComplete();
    }
  }

  /** Returns why a batch could not be closed. */
  async #closeComplete(): Promise<string[]> {
    const left: string[] = [];
    for (const { batchId, name, passed, quantity, closedAtMs } of this.#batches()) {
      if (closedAtMs !== null || passed < quantity) continue;
      try {
        await this.#station.documents.close(batchId, BY, AbortSignal.timeout(10_000));
        emit('batch.closed', { name });
      } catch (error) {
        // Identities of it may be on their way to the registry; it is tried again.
        if (!(error instanceof Fault)) throw error;
        // The loop and `settle` may meet at one batch; the first one has closed it.
        if (error.code === 'batch-closed') continue;
        left.push(`${name}: ${error.message}`);
      }
    }
    return left;
  }

  async #reportQuestions(): Promise<void> {
    const { slots, database } = this.#station;
    for (;;) {
      for (const view of slots.state.slots) {
        const prompt = view.run?.prompt ?? null;
        const [row] = prompt === null ? [] : database.labelPrints.listAtSlot(view.slot);
        if (prompt === null || row === undefined || this.#asked.get(view.slot) === prompt.promptId) continue;
        this.#asked.set(view.slot, prompt.promptId);
        const choices = prompt.choices.map(({ value }) => value);
        const { printId, payload } = row;
        const question: LabelQuestion = {
          slot: view.slot,
          promptId: prompt.promptId,
          printId,
          payload,
          choices,
          ask: prompt.ask.en,
        };
        emit('label.asked', question);
      }
      await sleep(POLL_MS);
    }
  }
}
