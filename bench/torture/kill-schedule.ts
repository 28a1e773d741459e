import { setTimeout as sleep } from 'node:timers/promises';
import type { HostEvent, Supervisor } from './supervisor.ts';
import type { StationUnderTest } from './station-under-test.ts';
import type { RandomSource } from './random-source.ts';

/** When to kill. Windows in which a defect is likely have higher weights. */
type KillTiming =
  /** So long after the command to open. */
  | { readonly kind: 'start'; readonly afterMs: number }
  /** So long after it was ready. */
  | { readonly kind: 'time'; readonly afterMs: number }
  /** So long after this event of any process. */
  | { readonly kind: 'event'; readonly event: string; readonly afterMs: number }
  /** At its n-th kill point from now. */
  | { readonly kind: 'point'; readonly n: number };

/** Limit of the wait for an event or a point. */
const WINDOW_MS = 2000;

export interface KillSchedule {
  readonly victim: Supervisor;
  readonly kills: number;
  readonly nextTiming: () => KillTiming;
  /** Subscribes to the events that matter to this victim. Returns the way to stop. */
  readonly listen: (listener: (event: string) => void) => () => void;
  /** Resolves when the k-th kill (from 1) may be made. */
  readonly turn: (k: number) => Promise<void>;
}

/** Kills one process `kills` times, each time at the next drawn timing. */
export async function runKillSchedule({
  victim,
  kills,
  nextTiming,
  listen,
  turn,
}: KillSchedule): Promise<void> {
  for (let k = 1; k <= kills; k++) {
    const timing = nextTiming();
    await turn(k);
    await victim.opening();
    const incarnation = victim.incarnation;
    const restarted = (): boolean => victim.incarnation !== incarnation;
    if (timing.kind === 'start') await sleep(timing.afterMs);
    else await victim.ready();
    if (!restarted()) await wait(timing, victim, listen, restarted);
    while (!restarted()) {
      victim.kill();
      await sleep(2);
    }
  }
}

async function wait(
  timing: KillTiming,
  victim: Supervisor,
  listen: KillSchedule['listen'],
  restarted: () => boolean,
): Promise<void> {
  switch (timing.kind) {
    case 'start':
      return;
    case 'time':
      return void (await sleep(timing.afterMs));
    case 'event':
      await waitForEvent(timing.event, listen);
      return void (await sleep(timing.afterMs));
    case 'point': {
      victim.send({ arm: { at: timing.n, victim: null } });
      for (let waited = 0; waited < WINDOW_MS && !restarted(); waited += 20) await sleep(20);
    }
  }
}

function waitForEvent(wanted: string, listen: KillSchedule['listen']): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(finish, WINDOW_MS);
    const stop = listen((event) => {
      if (event === wanted) finish();
    });
  });
}

/** A delay of 0, 1 to 60, or 60 to 400 ms. */
function shortDelayMs(random: RandomSource): number {
  return random.pick([
    [3, 0],
    [3, random.between(1, 8)],
    [3, random.between(8, 60)],
    [1, random.between(60, 400)],
  ]);
}

export function stationKillTimings(random: RandomSource, aim: string | null): () => KillTiming {
  if (aim !== null) return () => ({ kind: 'event', event: aim, afterMs: 0 });
  return () => {
    const afterMs = shortDelayMs(random);
    const startMs = random.between(0, 160);
    const n = random.between(1, 400);
    const timeMs = random.between(100, 1800);
    return random.pick<KillTiming>([
      [10, { kind: 'start', afterMs: startMs }],
      [14, { kind: 'time', afterMs: timeMs }],
      [26, { kind: 'point', n }],
      [14, { kind: 'event', event: 'run.identity', afterMs }],
      [12, { kind: 'event', event: 'sim.committed', afterMs }],
      [5, { kind: 'event', event: 'run.phase online', afterMs }],
      [7, { kind: 'event', event: 'run.finished', afterMs }],
      [7, { kind: 'event', event: '/v1/events', afterMs }],
      [5, { kind: 'event', event: '/v1/leases', afterMs }],
    ]);
  };
}

export function simulatorKillTimings(random: RandomSource): () => KillTiming {
  return () => {
    const afterMs = shortDelayMs(random);
    const timeMs = random.between(50, 1500);
    return random.pick<KillTiming>([
      [2, { kind: 'time', afterMs: timeMs }],
      [5, { kind: 'event', event: 'run.identity', afterMs }],
      [2, { kind: 'event', event: 'sim.committed', afterMs }],
      [1, { kind: 'event', event: 'run.phase online', afterMs }],
    ]);
  };
}

export function registryKillTimings(random: RandomSource): () => KillTiming {
  return () => {
    const afterMs = shortDelayMs(random);
    const n = random.between(1, 40);
    const startMs = random.between(0, 200);
    return random.pick<KillTiming>([
      [1, { kind: 'start', afterMs: startMs }],
      [4, { kind: 'point', n }],
      [2, { kind: 'event', event: '/v1/events', afterMs }],
      [2, { kind: 'event', event: '/v1/leases', afterMs }],
      [1, { kind: 'event', event: 'run.phase online', afterMs }],
    ]);
  };
}

/** Events of stations and simulators, and the paths of requests that the registry has answered. */
export function listenToEvents(suts: readonly StationUnderTest[]): KillSchedule['listen'] {
  return (listener) => {
    const onEvent = (event: HostEvent): void => {
      const { event: name } = event;
      listener(name === 'run.phase' ? `run.phase ${String(event['phase'])}` : name);
    };
    const stops = suts.flatMap((sut) => [
      sut.station.onEvent(onEvent),
      sut.simulator.onEvent(onEvent),
      sut.network.onAnswered(listener),
    ]);
    return () => stops.forEach((stop) => stop());
  };
}
