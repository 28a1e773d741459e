import { mkdirSync, rmSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DryRunEvent, DryRunState, DryRunView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { SimulatedUnit } from '#shared/domain/simulated-unit.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { type ParsedRecipe, titlesIn } from '../recipes/index.ts';
import type { TopicPublishers } from '../../topics.ts';
import { type DryRunProcess, startDryRunProcess } from './dry-run-process.ts';

export interface DryRunOptions {
  readonly platform: Pick<Platform, 'clock' | 'random' | 'paths' | 'log'>;
  /** The program that tries a recipe, with its first arguments; `undefined`: there are no simulated units. */
  readonly command: readonly string[] | undefined;
  readonly publish: TopicPublishers['dryRun'];
}

type Dialogue = Extract<DryRunEvent, { event: 'try.finished' }>['dialogue'];

/** Dry runs, one at a time, each in a process and a directory of its own. */
export class DryRuns {
  readonly #options: DryRunOptions;
  readonly #dir: string;
  #current: DryRunView | null = null;
  #dialogue: Dialogue = [];
  /** By dry run. One that was cancelled takes a while to end, and another one may run meanwhile. */
  readonly #processes = new Map<string, DryRunProcess>();
  #isClosed = false;

  constructor(options: DryRunOptions) {
    this.#options = options;
    this.#dir = join(options.platform.paths.dataDir, 'dry-runs');
    // A station that was killed has left its directory.
    rmSync(this.#dir, { recursive: true, force: true });
  }

  state(): DryRunState {
    return { available: this.#options.command !== undefined, current: this.#current };
  }

  /** Faults: `dry-run-busy`, `tool-missing`, those of writing the recipe's files. */
  async start(parsed: ParsedRecipe, unit: SimulatedUnit, by: Actor): Promise<string> {
    const { command, platform } = this.#options;
    if (command === undefined)
      throw new Fault('tool-missing', 'this program has no simulated units for a dry run', {
        hint: 'Start Gongwei with "npm start" or "gongwei kiosk", or use "gongwei recipe try".',
      });
    if (this.#current?.state === 'running')
      throw new Fault('dry-run-busy', `a dry run of ${this.#current.startedBy} is under way`, {
        hint: 'Wait until it has ended, or cancel it.',
      });
    const { recipe, hash } = parsed;
    const dryRunId = platform.random.id();
    this.#dialogue = [];
    this.#change({
      dryRunId,
      name: recipe.name,
      version: recipe.version,
      hash,
      recipeTitles: titlesIn(recipe),
      unit,
      startedBy: by.user,
      startedAtMs: platform.clock.nowMs(),
      state: 'running',
      phase: null,
      step: null,
      progress: 0,
      prompt: null,
      outcome: null,
      failure: null,
      ms: null,
      steps: [],
      fault: null,
    });
    const dir = join(this.#dir, dryRunId);
    try {
      const path = await writeRecipe(parsed, join(dir, 'recipe'));
      const work = join(dir, 'work');
      // A script of the dry run must not see the data of this station either.
      const hidden = ['--hide', platform.paths.dataDir];
      const args = ['recipe', 'try', path, '--unit', unit, '--dir', work, ...hidden, '--json'];
      if (!this.#isWanted(dryRunId)) {
        await rm(dir, { recursive: true, force: true });
        return dryRunId;
      }
      const child = startDryRunProcess([...command, ...args], (event) => this.#onEvent(dryRunId, event));
      this.#processes.set(dryRunId, child);
      void child.ended.then((fault) => this.#end(dryRunId, dir, fault));
    } catch (error) {
      this.#update(dryRunId, { state: 'failed' });
      await rm(dir, { recursive: true, force: true });
      throw error;
    }
    return dryRunId;
  }

  /** Faults: `prompt-none`. */
  answer(dryRunId: string, promptId: string, answer: string): void {
    const current = this.#current;
    if (current?.dryRunId !== dryRunId || current.prompt?.promptId !== promptId)
      throw new Fault('prompt-none', 'the dry run does not ask this any more', {
        hint: 'Look at what it shows now.',
      });
    this.#processes.get(dryRunId)?.send({ promptId, answer });
  }

  /** Ends a dry run; does nothing when it has ended. */
  cancel(dryRunId: string): void {
    if (this.#current?.dryRunId !== dryRunId || this.#current.state !== 'running') return;
    this.#update(dryRunId, { state: 'cancelled', prompt: null });
    this.#processes.get(dryRunId)?.stop();
  }

  /** Faults: `not-found`. */
  dialogueOf(dryRunId: string): Dialogue {
    if (this.#current?.dryRunId === dryRunId) return this.#dialogue;
    throw new Fault('not-found', 'there is no such dry run any more', { hint: 'Start another one.' });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const processes = [...this.#processes.values()];
    for (const process of processes) process.stop();
    await Promise.all(processes.map(({ ended }) => ended));
    await rm(this.#dir, { recursive: true, force: true });
  }

  #onEvent(dryRunId: string, event: DryRunEvent): void {
    switch (event.event) {
      case 'try.phase':
        return this.#update(dryRunId, { phase: event.phase });
      case 'try.step':
        return this.#update(dryRunId, { step: event.step, progress: event.progress });
      case 'try.prompt':
        return this.#update(dryRunId, { prompt: event.prompt });
      case 'try.finished': {
        const { outcome, failure, ms, steps, dialogue } = event;
        if (this.#current?.dryRunId === dryRunId) this.#dialogue = dialogue;
        return this.#update(dryRunId, {
          state: 'ended',
          outcome,
          failure,
          ms,
          steps,
          prompt: null,
          progress: 1,
        });
      }
      case 'error': {
        const { code, message, hint } = event;
        return this.#update(dryRunId, { state: 'failed', fault: { code, message, hint, details: {} } });
      }
    }
  }

  async #end(dryRunId: string, dir: string, fault: Fault | null): Promise<void> {
    this.#processes.delete(dryRunId);
    if (this.#current?.dryRunId === dryRunId && this.#current.state === 'running')
      this.#update(dryRunId, { state: 'failed', prompt: null, fault: fault?.toView() ?? null });
    await rm(dir, { recursive: true, force: true }).catch((error: unknown) =>
      this.#options.platform.log.error('dry-run.directory', error),
    );
  }

  /** False when it was cancelled, or the station closed, while the recipe was written. */
  #isWanted(dryRunId: string): boolean {
    return !this.#isClosed && this.#current?.dryRunId === dryRunId && this.#current.state === 'running';
  }

  /** A change of a dry run that runs. */
  #update(dryRunId: string, change: Partial<DryRunView>): void {
    if (this.#current?.dryRunId !== dryRunId || this.#current.state !== 'running') return;
    this.#change({ ...this.#current, ...change });
  }

  #change(view: DryRunView): void {
    this.#current = view;
    this.#options.publish(this.state());
  }
}

/** Writes a recipe with its files into a folder; returns the path of the recipe. */
async function writeRecipe({ source, files, recipe }: ParsedRecipe, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${recipe.name}.yaml`);
  await writeFile(path, source);
  for (const [name, content] of files) {
    // Names of files are checked with the recipe: no `..`, no absolute path.
    const target = join(folder, ...name.split('/'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
  return path;
}
