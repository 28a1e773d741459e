import { setTimeout as sleep } from 'node:timers/promises';
import type { HostEvent, Supervisor } from './supervisor.ts';
import type { StationUnderTest } from './station-under-test.ts';
import type { KillTiming } from './kill-timings.ts';

/** Limit of the wait for an event or a point. */
const WINDOW_MS = 2000;

export interface KillScheduleOptions {
  readonly victim: Supervisor;
  readonly kills: number;
  readonly nextTiming: () => KillTiming;
  /** Subscribes to the events that matter to this victim. Returns a function that unsubscribes. */
  readonly listen: (listener: (event: string) => void) => () => void;
  /** Resolves when the k-th kill (from 1) may be made. */
  readonly waitForTurn: (k: number) => Promise<void>;
}

/** Kills one process `kills` times, each time at the next drawn timing. */
export async function runKillSchedule({
  victim,
  kills,
  nextTiming,
  listen,
  waitForTurn,
}: KillScheduleOptions): Promise<void> {
  for (let k = 1; k <= kills; k++) {
    const timing = nextTiming();
    await waitForTurn(k);
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
  listen: KillScheduleOptions['listen'],
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

function waitForEvent(wanted: string, listen: KillScheduleOptions['listen']): Promise<void> {
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

/** Listens to the events of the processes of stations, simulators and the registry, to printers, and to the paths of requests that the registry has answered. */
export function listenToEvents(
  suts: readonly StationUnderTest[],
  registry: Supervisor,
): KillScheduleOptions['listen'] {
  return (listener) => {
    const onEvent = (event: HostEvent): void => {
      const { event: name } = event;
      listener(name === 'run.phase' ? `run.phase ${String(event['phase'])}` : name);
    };
    const stops = [
      registry.onEvent(onEvent),
      ...suts.flatMap((sut) => [
        sut.station.onEvent(onEvent),
        sut.simulator.onEvent(onEvent),
        sut.network.onAnswered(listener),
        sut.onPrinted(() => listener('printer.printed')),
      ]),
    ];
    return () => stops.forEach((stop) => stop());
  };
}
