import { Sequencer } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import {
  importRuns,
  type RunImportOptions,
  type RunImportParts,
  type RunImportReport,
} from './import-runs.ts';
import type { RunSource } from './open-source.ts';

/** Imports of runs, one after another. */
export class ForeignRuns {
  readonly #parts: RunImportParts;
  readonly #imports = new Sequencer();
  readonly #closing = new AbortController();

  constructor(parts: RunImportParts) {
    this.#parts = parts;
  }

  /** See `importRuns`. Faults: its faults, and `cancelled` when the station closes. */
  import(
    source: RunSource,
    options: RunImportOptions,
    by: Actor,
    signal: AbortSignal,
  ): Promise<RunImportReport> {
    const ends = AbortSignal.any([signal, this.#closing.signal]);
    return this.#imports.run(() => importRuns(source, options, this.#parts, by, ends), ends);
  }

  /** Aborts imports and waits until they have ended. */
  async close(): Promise<void> {
    this.#closing.abort(new Fault('cancelled', 'the station was closed'));
    await this.#imports.whenIdle();
  }
}
