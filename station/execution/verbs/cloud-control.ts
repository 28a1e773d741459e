import { Fault } from '#shared/domain/fault.ts';
import type { MeasuredValue } from '#shared/domain/limits.ts';
import type { ControlRequest } from '#shared/registry-api/index.ts';
import type { BoundTriple } from '../../identity/index.ts';
import { type RegistryClient, requireRegistry } from '../../registry-sync/client/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { evaluate } from './evaluate.ts';

const POLL_MS = 100;

/** Properties of a unit by their ids, as the registry has them. */
export type Properties = Readonly<Record<string, unknown>>;

/**
 * Sends the unit an order through the cloud and records the code of its reply; resolves with the output of the reply.
 * Faults: `device-silent`, `device-rejected`, `recipe-invalid`, `not-configured`, those of the registry.
 */
export async function controlUnit(
  run: RunContext,
  request: ControlRequest,
  what: string,
  signal: AbortSignal,
): Promise<Properties> {
  const { registry, bound } = requireCloud(run);
  const { code, status, response } = await registry.control(
    bound.productId,
    bound.deviceName,
    request,
    signal,
  );
  run.measure(evaluate(`${what}-reply`, code ?? 'none', { equals: 0 }));
  if (code === 0) return response;
  const reply =
    code === null
      ? `did not answer in ${request.withinMs} ms`
      : `answered with code ${code} ${status}`.trim();
  throw new Fault(
    code === null ? 'device-silent' : 'device-rejected',
    `${bound.deviceName} was told ${what} by the cloud and ${reply}`,
    {
      hint: 'Try once more; when it stays so, the unit is faulty.',
      details: { command: what, timeoutMs: request.withinMs, code },
    },
  );
}

/**
 * The properties that the registry has, as soon as `isGood` accepts them, else those at the end of the time. Faults:
 * `recipe-invalid`, `not-configured`, those of the registry.
 */
export async function awaitProperties(
  run: RunContext,
  isGood: (properties: Properties) => boolean,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Properties> {
  const { registry, bound } = requireCloud(run);
  const { clock } = run.platform;
  const untilMs = clock.monotonicMs() + timeoutMs;
  for (;;) {
    const device = await registry.device(bound.productId, bound.deviceName, signal);
    const properties = device?.properties ?? {};
    if (isGood(properties) || clock.monotonicMs() >= untilMs) return properties;
    await clock.sleep(POLL_MS, signal);
  }
}

/** Fills variables into the texts among values. */
export function fillValues(
  values: Readonly<Record<string, string | number | boolean>>,
  run: RunContext,
): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(values).map(([id, value]) => [
      id,
      typeof value === 'string' ? run.scope.text(value) : value,
    ]),
  );
}

/** A value of the cloud as it is measured; `null` when there is none. */
export function toMeasured(value: unknown): MeasuredValue | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === undefined || value === null ? null : JSON.stringify(value);
}

/** What a step at the cloud needs. Faults: `recipe-invalid`, `not-configured`. */
export function requireCloud(run: RunContext): {
  readonly registry: RegistryClient;
  readonly bound: BoundTriple;
} {
  const { registry, bound } = run;
  if (bound === null)
    throw new Fault('recipe-invalid', 'a step at the cloud needs a burn-triple step before it');
  return { registry: requireRegistry(registry), bound };
}
