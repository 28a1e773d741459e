import { Fault } from '#shared/domain/fault.ts';
import type { DeviceEvent } from '../../registry-sync/client/index.ts';
import { requireRegistry } from '../../registry-sync/client/index.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { fillValues, type Properties } from './cloud-control.ts';
import { recordMeasurements } from './evaluate.ts';
import { measureValues } from './measure-values.ts';

const POLL_MS = 200;

/**
 * Awaits an event of the unit at the registry that came in this run and that no other step has taken. Faults: `recipe-invalid`,
 * `not-configured`, `device-silent`, `device-garbled`, `limit-exceeded`, those of the registry.
 */
export async function eventReported(
  step: StepOf<'event-reported'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const { event, withinMs } = step;
  const params = fillValues(step.params, run);
  const found = await awaitEvent(
    run,
    (one) => one.event === event && hasValues(one.params, params),
    withinMs,
    signal,
  );
  if (found === null) throw notReported(run, step);
  run.eventsTaken.add(found.eventNumber);
  recordMeasurements(run, measureValues(run, step.measure, found.params, event));
}

async function awaitEvent(
  run: RunContext,
  isWanted: (event: DeviceEvent) => boolean,
  withinMs: number,
  signal: AbortSignal,
): Promise<DeviceEvent | null> {
  const { bound } = run;
  const { clock } = run.platform;
  if (bound === null) throw new Fault('recipe-invalid', 'event-reported needs a burn-triple step before it');
  const registry = requireRegistry(run.registry);
  const untilMs = clock.monotonicMs() + withinMs;
  let since = 0;
  for (;;) {
    const reply = await registry.readDeviceEvents(bound.productId, bound.deviceName, since, signal);
    // The clock of a run begins at 0: the beginning of the run by the registry's clock.
    const begunAtMs = (reply?.nowMs ?? 0) - clock.monotonicMs();
    for (const event of reply?.events ?? [])
      if (event.receivedAtMs >= begunAtMs && !run.eventsTaken.has(event.eventNumber) && isWanted(event))
        return event;
    since = reply?.last ?? 0;
    if (clock.monotonicMs() >= untilMs) return null;
    await clock.sleep(POLL_MS, signal);
  }
}

function hasValues(params: Properties, wanted: Properties): boolean {
  return Object.entries(wanted).every(([id, value]) => params[id] === value);
}

function notReported(run: RunContext, { event, withinMs }: StepOf<'event-reported'>): Fault {
  return new Fault(
    'device-silent',
    `${run.bound?.deviceName ?? 'the unit'} reported no event ${event} in ${withinMs} ms`,
    {
      hint: 'Let it log in before this step; when it stays so, the unit is faulty.',
      details: { event, timeoutMs: withinMs },
    },
  );
}
