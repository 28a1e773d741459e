import type { RandomSource } from '../lib/random-source.ts';
import { PHASES } from './recipe.ts';

/** What a kill can follow: an event of a station or of its simulator, or the path of a request that the registry has answered. */
export const KILL_EVENTS = [
  'run.started',
  'run.unit',
  'run.identity',
  ...PHASES.map((phase) => `run.phase ${phase}` as const),
  'run.step',
  'run.finished',
  'sim.committed',
  'registry.registered',
  'station.leased',
  'station.sent',
  '/v1/leases',
  '/v1/events',
  'label.asked',
  'printer.printed',
  'batch.closed',
] as const;
export type KillEvent = (typeof KILL_EVENTS)[number];

/** When to kill. Windows in which a defect is likely have higher weights. */
export type KillTiming =
  /** `afterMs` after the process got the command to open. */
  | { readonly kind: 'start'; readonly afterMs: number }
  /** `afterMs` after the process was ready. */
  | { readonly kind: 'time'; readonly afterMs: number }
  /** `afterMs` after `event`. */
  | { readonly kind: 'event'; readonly event: KillEvent; readonly afterMs: number }
  /** At the n-th kill point of the process from now. */
  | { readonly kind: 'point'; readonly n: number };

/** Mostly up to 60 ms, with three in ten at once; one in ten from 60 to 400 ms. */
function shortDelayMs(random: RandomSource): number {
  return random.pickWeighted([
    [3, 0],
    [3, random.between(1, 8)],
    [3, random.between(8, 60)],
    [1, random.between(60, 400)],
  ]);
}

/**
 * Kills around a registration: the unit is asked to register, the registry has accepted it and its reply is on the way, the unit
 * stores the secret.
 */
export function registrationKillTimings(random: RandomSource): () => KillTiming {
  return () => {
    const afterMs = random.pickWeighted([
      [4, 0],
      [4, random.between(1, 8)],
      [4, random.between(8, 40)],
    ]);
    return random.pickWeighted<KillTiming>([
      [3, { kind: 'event', event: 'run.identity', afterMs }],
      [8, { kind: 'event', event: 'registry.registered', afterMs }],
      [2, { kind: 'event', event: 'sim.committed', afterMs }],
    ]);
  };
}

export function stationKillTimings(random: RandomSource, onlyEvent: KillEvent | null): () => KillTiming {
  if (onlyEvent !== null) return () => ({ kind: 'event', event: onlyEvent, afterMs: 0 });
  return () => {
    const afterMs = shortDelayMs(random);
    const startMs = random.between(0, 160);
    const n = random.between(1, 400);
    const timeMs = random.between(100, 1800);
    return random.pickWeighted<KillTiming>([
      [10, { kind: 'start', afterMs: startMs }],
      [14, { kind: 'time', afterMs: timeMs }],
      [26, { kind: 'point', n }],
      [14, { kind: 'event', event: 'run.identity', afterMs }],
      [12, { kind: 'event', event: 'sim.committed', afterMs }],
      [5, { kind: 'event', event: 'run.phase online', afterMs }],
      [7, { kind: 'event', event: 'run.finished', afterMs }],
      [7, { kind: 'event', event: '/v1/events', afterMs }],
      [5, { kind: 'event', event: '/v1/leases', afterMs }],
      [5, { kind: 'event', event: 'label.asked', afterMs }],
      [8, { kind: 'event', event: 'printer.printed', afterMs }],
      [3, { kind: 'event', event: 'batch.closed', afterMs }],
    ]);
  };
}

export function simulatorKillTimings(random: RandomSource): () => KillTiming {
  return () => {
    const afterMs = shortDelayMs(random);
    const timeMs = random.between(50, 1500);
    return random.pickWeighted<KillTiming>([
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
    return random.pickWeighted<KillTiming>([
      [1, { kind: 'start', afterMs: startMs }],
      [4, { kind: 'point', n }],
      [2, { kind: 'event', event: '/v1/events', afterMs }],
      [2, { kind: 'event', event: '/v1/leases', afterMs }],
      [1, { kind: 'event', event: 'run.phase online', afterMs }],
    ]);
  };
}
