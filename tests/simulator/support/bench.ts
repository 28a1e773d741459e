import { startBench, type Bench, type BenchEvent, type BenchOptions } from '#simulator';

import { Terminal } from './terminal.ts';

/** A bench whose events can be waited for. Fast by default: behaviour is tested, not patience. */
export class TestBench implements AsyncDisposable {
  readonly bench: Bench;
  readonly events: BenchEvent[];
  readonly #waiting: Set<() => void>;

  private constructor(bench: Bench, events: BenchEvent[], waiting: Set<() => void>) {
    this.bench = bench;
    this.events = events;
    this.#waiting = waiting;
  }

  static async start(options: Partial<BenchOptions> = {}): Promise<TestBench> {
    const events: BenchEvent[] = [];
    const waiting = new Set<() => void>();
    const bench = await startBench({
      profile: 'at-module',
      count: 1,
      seed: 'test',
      timeScale: 0.05,
      ...options,
      onEvent: (event) => {
        events.push(event);
        for (const wake of waiting) wake();
      },
    });
    return new TestBench(bench, events, waiting);
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
  async event<E extends BenchEvent['event']>(
    name: E,
    fits: (event: Extract<BenchEvent, { event: E }>) => boolean = () => true,
    from = 0,
    timeoutMs = 5_000,
  ): Promise<Extract<BenchEvent, { event: E }>> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      for (const event of this.events.slice(from)) {
        if (event.event === name && fits(event as never)) return event as Extract<BenchEvent, { event: E }>;
      }
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw new Error(`no ${name} in ${JSON.stringify(this.events)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, leftMs);
        const waiting = this.#waiting;
        function done(): void {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        }
        waiting.add(done);
      });
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.bench.close();
  }
}
