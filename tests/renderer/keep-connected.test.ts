import { describe, expect, it } from 'vitest';
import { contract } from '#shared/contract/index.ts';
import { connect, createInMemoryTransports, type Transport } from '#shared/rpc/index.ts';
import { changeSlot } from '../../renderer/dev/answers/slots.ts';
import { openScene } from '../../renderer/dev/open-scene.ts';
import { keepConnected } from '../../renderer/src/services/client/keep-connected.ts';

/** Runs `keepConnected` with its own clock: waits return at once and are recorded. */
function keepLink(dial: (attempt: number) => Promise<Transport>) {
  const client = connect(contract);
  const closing = new AbortController();
  const waitsMs: number[] = [];
  let attempts = 0;
  let nowMs = 0;
  const running = keepConnected({
    client,
    dial: () => dial(attempts++),
    signal: closing.signal,
    nowMs: () => nowMs,
    wait: (ms) => {
      waitsMs.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
    random: () => 1,
  });
  return {
    client,
    waitsMs,
    get attempts() {
      return attempts;
    },
    pass(ms: number): void {
      nowMs += ms;
    },
    async stop(): Promise<void> {
      closing.abort();
      await running;
    },
  };
}

function attached(client: ReturnType<typeof keepLink>['client']): Promise<void> {
  return new Promise((resolve) => {
    if (client.attached) return resolve();
    const stop = client.onAttached(() => {
      if (!client.attached) return;
      stop();
      resolve();
    });
  });
}

describe('keeping connected', () => {
  it('tries again with growing waits, up to a ceiling, until it is let in', async () => {
    const station = openScene('ready', { slots: 1 });
    const page = keepLink((attempt) => {
      if (attempt < 8) return Promise.reject(new Error('refused'));
      const [mine, theirs] = createInMemoryTransports();
      station.serve(theirs);
      return Promise.resolve(mine);
    });
    await attached(page.client);
    expect(page.waitsMs).toEqual([200, 400, 800, 1000, 1000, 1000, 1000, 1000]);
    expect((await page.client.call('station.info', {})).station).toBe('L3-07');
    await page.stop();
  });

  it('comes back within a second of a short outage, and asks more seldom in a long one', async () => {
    const station = openScene('ready', { slots: 1 });
    const page = keepLink((attempt) => {
      if (attempt > 0 && attempt < 800) return Promise.reject(new Error('refused'));
      const [mine, theirs] = createInMemoryTransports();
      station.serve(theirs);
      if (attempt === 0) queueMicrotask(() => (page.pass(3_600_000), theirs.close()));
      return Promise.resolve(mine);
    });
    await attached(page.client);
    await new Promise((resolve) => page.client.onAttached(resolve));
    await attached(page.client);
    let goneMs = 0;
    for (const waitMs of page.waitsMs) {
      expect(waitMs).toBeLessThanOrEqual(goneMs < 600_000 ? 1_000 : 5_000);
      goneMs += waitMs;
    }
    expect(page.waitsMs.at(-1)).toBe(5_000);
    await page.stop();
  });

  it('resumes what was watched, with what happened in between, and starts with short waits after a good wire', async () => {
    const station = openScene('ready', { slots: 2 });
    const wires: Transport[] = [];
    const page = keepLink(() => {
      const [mine, theirs] = createInMemoryTransports();
      station.serve(theirs);
      wires.push(theirs);
      return Promise.resolve(mine);
    });
    const states: string[] = [];
    page.client.watch('slots', {
      onState: ({ slots }) => states.push(slots.map((slot) => slot.state).join()),
    });
    await attached(page.client);
    await page.client.call('station.info', {});
    page.pass(60_000);

    const lost = new Promise<void>((resolve) => {
      const stop = page.client.onAttached(() => (stop(), resolve()));
    });
    wires[0]?.close();
    changeSlot(station, 2, { state: 'running' });
    await lost;
    await attached(page.client);
    await page.client.call('station.info', {});
    expect(states).toEqual(['ready,ready', 'ready,running']);
    expect(page.waitsMs).toEqual([200]);
    await page.stop();
  });

  it('ends when the page goes', async () => {
    const page = keepLink(() => Promise.resolve(createInMemoryTransports()[0]));
    await attached(page.client);
    await page.stop();
    expect(page.attempts).toBe(1);
  });
});
