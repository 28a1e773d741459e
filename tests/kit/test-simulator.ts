import { startSimulator, type Simulator, type SimulatorEvent, type SimulatorOptions } from '#simulator';

import { Changes } from '../support/until.ts';
import { Terminal } from './terminal.ts';

/** A simulator whose events can be waited for; fast by default. */
export class TestSimulator implements AsyncDisposable {
  readonly inner: Simulator;
  readonly events: SimulatorEvent[];
  readonly #changes: Changes;

  private constructor(inner: Simulator, events: SimulatorEvent[], changes: Changes) {
    this.inner = inner;
    this.events = events;
    this.#changes = changes;
  }

  static async start(options: Partial<SimulatorOptions> = {}): Promise<TestSimulator> {
    const events: SimulatorEvent[] = [];
    const changes = new Changes();
    const inner = await startSimulator({
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
    return new TestSimulator(inner, events, changes);
  }

  pathOf(slot: number): string {
    const path = this.inner.fixtures[slot - 1]?.path;
    if (path === undefined) throw new Error(`no slot ${slot}`);
    return path;
  }

  /** Opens a slot's port and waits until the unit on it answers, echo off. */
  async talkTo(slot = 1): Promise<Terminal> {
    return (await Terminal.open(this.pathOf(slot))).wake();
  }

  /** Opens a slot's port before the unit boots, so that its first output is received. */
  async seeBoot(slot = 1): Promise<Terminal> {
    await this.inner.power(slot, false);
    const terminal = await Terminal.open(this.pathOf(slot));
    await this.inner.power(slot, true);
    return terminal;
  }

  /** The first event from `from` on that fits. */
  event<E extends SimulatorEvent['event']>(
    name: E,
    fits: (event: Extract<SimulatorEvent, { event: E }>) => boolean = () => true,
    from = 0,
  ): Promise<Extract<SimulatorEvent, { event: E }>> {
    return this.#changes.until(
      () => {
        const found = this.events.slice(from).find((event) => event.event === name && fits(event as never));
        return found as Extract<SimulatorEvent, { event: E }> | undefined;
      },
      () => `no ${name} in ${JSON.stringify(this.events)}`,
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.inner.close();
  }
}
