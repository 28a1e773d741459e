import { setTimeout as sleep } from 'node:timers/promises';
import type { HostEvent, Keeper } from './supervisor.ts';
import type { Lane } from './station-under-test.ts';
import type { Chance } from './random-source.ts';

/** When to kill: the windows in which a careless build would go wrong get more than their share. */
type Moment =
  /** So long after it was told to open, ready or not. */
  | { readonly kind: 'start'; readonly afterMs: number }
  /** So long after it was ready. */
  | { readonly kind: 'time'; readonly afterMs: number }
  /** So long after one of these events, wherever it comes from. */
  | { readonly kind: 'event'; readonly event: string; readonly afterMs: number }
  /** At its n-th point from now: exactly around a commit, a message to a device, a question to the registry. */
  | { readonly kind: 'point'; readonly n: number };

/** A window that does not open must not hold up the torture. */
const WINDOW_MS = 2000;

export interface HuntParts {
  readonly victim: Keeper;
  readonly kills: number;
  readonly draw: () => Moment;
  /** Where events for this victim come from. Returns the way to stop. */
  readonly listen: (listener: (event: string) => void) => () => void;
  /** Resolves when the k-th kill (from 1) may be aimed. */
  readonly turn: (k: number) => Promise<void>;
}

/** Kills one process so many times, each at the moment drawn for it. */
export async function hunt({ victim, kills, draw, listen, turn }: HuntParts): Promise<void> {
  for (let k = 1; k <= kills; k++) {
    const moment = draw();
    await turn(k);
    await victim.opening();
    const life = victim.incarnation;
    const dead = (): boolean => victim.incarnation !== life;
    if (moment.kind === 'start') await sleep(moment.afterMs);
    else await victim.ready();
    if (!dead()) await wait(moment, victim, listen, dead);
    while (!dead()) {
      victim.kill();
      await sleep(2);
    }
  }
}

async function wait(
  moment: Moment,
  victim: Keeper,
  listen: HuntParts['listen'],
  dead: () => boolean,
): Promise<void> {
  switch (moment.kind) {
    case 'start':
      return;
    case 'time':
      return void (await sleep(moment.afterMs));
    case 'event':
      await happens(moment.event, listen);
      return void (await sleep(moment.afterMs));
    case 'point': {
      victim.tell({ arm: { at: moment.n, victim: null } });
      for (let waited = 0; waited < WINDOW_MS && !dead(); waited += 20) await sleep(20);
    }
  }
}

function happens(wanted: string, listen: HuntParts['listen']): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(over, WINDOW_MS);
    const stop = listen((event) => {
      if (event === wanted) over();
    });
  });
}

/** At once, within the milliseconds in which the next thing happens, or a while later. */
function shortly(chance: Chance): number {
  return chance.pick([
    [3, 0],
    [3, chance.between(1, 8)],
    [3, chance.between(8, 60)],
    [1, chance.between(60, 400)],
  ]);
}

export function stationMoments(chance: Chance, aim: string | null): () => Moment {
  if (aim !== null) return () => ({ kind: 'event', event: aim, afterMs: 0 });
  return () => {
    const afterMs = shortly(chance);
    const startMs = chance.between(0, 160);
    const n = chance.between(1, 400);
    const timeMs = chance.between(100, 1800);
    return chance.pick<Moment>([
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

export function benchMoments(chance: Chance): () => Moment {
  return () => {
    const afterMs = shortly(chance);
    const timeMs = chance.between(50, 1500);
    return chance.pick<Moment>([
      [2, { kind: 'time', afterMs: timeMs }],
      [5, { kind: 'event', event: 'run.identity', afterMs }],
      [2, { kind: 'event', event: 'sim.committed', afterMs }],
      [1, { kind: 'event', event: 'run.phase online', afterMs }],
    ]);
  };
}

export function registryMoments(chance: Chance): () => Moment {
  return () => {
    const afterMs = shortly(chance);
    const n = chance.between(1, 40);
    const startMs = chance.between(0, 200);
    return chance.pick<Moment>([
      [1, { kind: 'start', afterMs: startMs }],
      [4, { kind: 'point', n }],
      [2, { kind: 'event', event: '/v1/events', afterMs }],
      [2, { kind: 'event', event: '/v1/leases', afterMs }],
      [1, { kind: 'event', event: 'run.phase online', afterMs }],
    ]);
  };
}

/** What can be heard of a lane: its station, its bench, and its questions as the registry answers them. */
export function listenTo(lanes: readonly Lane[]): HuntParts['listen'] {
  return (listener) => {
    const hear = (event: HostEvent): void => {
      const { event: name } = event;
      listener(name === 'run.phase' ? `run.phase ${String(event['phase'])}` : name);
    };
    const stops = lanes.flatMap((lane) => [
      lane.station.onEvent(hear),
      lane.bench.onEvent(hear),
      lane.network.onAnswered(listener),
    ]);
    return () => stops.forEach((stop) => stop());
  };
}
