import { startBench, type Bench, type BenchEvent, type BenchOptions } from '#simulator';

import { Changes } from '../../support/until.ts';
import { Terminal } from './terminal.ts';

/** A bench whose events can be waited for. Fast by default: behaviour is tested, not patience. */
export class TestBench implements AsyncDisposable {
  readonly bench: Bench;
  readonly events: BenchEvent[];
  readonly #changes: Changes;

  private constructor(bench: Bench, events: BenchEvent[], changes: Changes) {
    this.bench = bench;
    this.events = events;
    this.#changes = changes;
  }

  static async start(options: Partial<BenchOptions> = {}): Promise<TestBench> {
    const events: BenchEvent[] = [];
    const changes = new Changes();
    const bench = await startBench({
      profile: 'at-module',
      count: 1,
      seed: 'test',
      timeScale: 0.05,
      ...options,
      onEvent: (event) => {
        events.push(event);
        changes.notify();
      },
    });
    return new TestBench(bench, events, changes);
  }

  pathOf(slot: number): string {
    const path = this.bench.fixtures[slot - 1]?.path;
    if (path === undefined) throw new Error(`no slot ${slot}`);
    return path;
  }

  /** Opens a slot's port and waits until the unit on it answers, echo off. */
  async talkTo(slot = 1): Promise<Terminal> {
    return (await Terminal.open(this.pathOf(slot))).wake();
  }

  /** Opens a slot's port and lets the unit boot in front of it: what it says first is heard. */
  async seeBoot(slot = 1): Promise<Terminal> {
    await this.bench.power(slot, false);
    const terminal = await Terminal.open(this.pathOf(slot));
    await this.bench.power(slot, true);
    return terminal;
  }

  /** The first event from `from` on that fits. */
  event<E extends BenchEvent['event']>(
    name: E,
    fits: (event: Extract<BenchEvent, { event: E }>) => boolean = () => true,
    from = 0,
  ): Promise<Extract<BenchEvent, { event: E }>> {
    return this.#changes.until(
      () => {
        const found = this.events.slice(from).find((event) => event.event === name && fits(event as never));
        return found as Extract<BenchEvent, { event: E }> | undefined;
      },
      () => `no ${name} in ${JSON.stringify(this.events)}`,
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.bench.close();
  }
}
