import { requireUtf8Text } from '#shared/codec/text-file.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type MeasuredValue } from '#shared/domain/limits.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import { checkReported, parseThingModel } from '#shared/domain/thing-model/index.ts';
import type { ControlRequest } from '#shared/registry-api/index.ts';
import type { Bound } from '../../identity/index.ts';
import { type RegistryClient, requireRegistry } from '../../registry-sync/client/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { held, judge, toValue } from './evaluate.ts';

const POLL_MS = 100;

type Properties = Readonly<Record<string, unknown>>;

/** The registry has a property as the unit reported it, within its limits. */
export async function propertyReported(
  step: StepOf<'property-reported'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const { property, unit = null, measure = property } = step;
  const valueOf = (properties: Properties): MeasuredValue | null => asMeasured(properties[property]);
  const limitsOf = (value: MeasuredValue) =>
    step.limits && run.scope.limits(step.limits, measure, typeof value === 'number');
  const good = (properties: Properties): boolean => {
    const value = valueOf(properties);
    return value !== null && held(measure, value, limitsOf(value)).outcome === 'PASS';
  };
  const value = valueOf(await reportedWithin(run, good, step.withinMs, signal));
  if (value === null) throw notReported(run, property, step.withinMs);
  judge(run, [held(measure, value, limitsOf(value), unit)]);
}

/** The cloud tells the unit to change properties: it answers, and reports them as it was told. */
export async function controlProperty(
  step: StepOf<'control-property'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const set = filledValues(step.set, run);
  const { withinMs } = step;
  await tell(run, { set, withinMs }, 'control', signal);
  const asTold = (properties: Properties): boolean =>
    Object.entries(set).every(([id, value]) => same(properties[id], value));
  const properties = await reportedWithin(run, asTold, withinMs, signal);
  judge(
    run,
    Object.entries(set).map(([id, value]) => {
      const reported = asMeasured(properties[id]);
      return reported !== null && same(reported, value)
        ? held(id, reported, undefined)
        : held(id, reported ?? 'none', { equals: value });
    }),
  );
}

/** The cloud calls an action of the unit; what it gives back is held against limits. */
export async function callAction(
  step: StepOf<'call-action'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const { action, withinMs } = step;
  const params = filledValues(step.params, run);
  const response = await tell(run, { action, params, withinMs }, action, signal);
  judge(
    run,
    step.measure.map((spec) => {
      const value = asMeasured(response[String(spec.group ?? spec.name)]);
      if (value !== null) {
        const made = typeof value === 'string' ? toValue(value, spec, action) : value;
        const limits = spec.limits && run.scope.limits(spec.limits, spec.name, typeof made === 'number');
        return held(spec.name, made, limits, spec.unit ?? null);
      }
      throw new Fault(
        'device-garbled',
        `${action}: the unit gave back no ${String(spec.group ?? spec.name)}`,
        {
          details: { command: action, measurement: spec.name },
        },
      );
    }),
  );
}

/** Everything that the unit reported is as its thing model says. */
export async function thingModel(
  step: StepOf<'thing-model'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const file = run.files.get(step.model);
  if (file === undefined) throw new Fault('recipe-invalid', `the recipe has no file ${step.model}`);
  const read = parseThingModel(requireUtf8Text(file, step.model, 'recipe-invalid', { keepsLost: true }));
  if (!read.ok) throw new Fault('recipe-invalid', `${step.model} ${read.why}`);
  const issuesOf = (properties: Properties) => checkReported(read.model, properties, step.properties);
  const properties = await reportedWithin(run, (now) => issuesOf(now).length === 0, step.withinMs, signal);
  const issues = issuesOf(properties);
  run.measure(held('thing-model-issues', issues.length, { equals: 0 }));
  const [first] = issues;
  if (first === undefined) return;
  throw new Fault('limit-exceeded', issues.map(({ id, what }) => `${id} ${what}`).join('; '), {
    hint: 'The firmware does not keep to the thing model of its product.',
    details: { measurement: first.id, value: first.what, limits: step.model },
  });
}

/** Tells the unit something by the cloud; its output. Faults: `device-silent`, `device-rejected`, those of the registry. */
async function tell(
  run: RunContext,
  request: ControlRequest,
  what: string,
  signal: AbortSignal,
): Promise<Properties> {
  const { registry, bound } = atCloud(run);
  const { code, status, response } = await registry.control(
    bound.productId,
    bound.deviceName,
    request,
    signal,
  );
  run.measure(held(`${what}-reply`, code ?? 'none', { equals: 0 }));
  if (code === 0) return response;
  const said =
    code === null
      ? `did not answer in ${request.withinMs} ms`
      : `answered with code ${code} ${status}`.trim();
  throw new Fault(
    code === null ? 'device-silent' : 'device-rejected',
    `${bound.deviceName} was told ${what} by the cloud and ${said}`,
    {
      hint: 'Try once more; when it stays so, the unit is faulty.',
      details: { command: what, timeoutMs: request.withinMs, code },
    },
  );
}

function filledValues(
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

/** What the registry has, as soon as it is `good`, else what it has at the end of the time. */
async function reportedWithin(
  run: RunContext,
  good: (properties: Properties) => boolean,
  withinMs: number,
  signal: AbortSignal,
): Promise<Properties> {
  const { registry, bound } = atCloud(run);
  const { clock } = run.platform;
  const untilMs = clock.monotonicMs() + withinMs;
  for (;;) {
    const device = await registry.device(bound.productId, bound.deviceName, signal);
    const properties = device?.properties ?? {};
    if (good(properties) || clock.monotonicMs() >= untilMs) return properties;
    await clock.sleep(POLL_MS, signal);
  }
}

function atCloud(run: RunContext): { readonly registry: RegistryClient; readonly bound: Bound } {
  const { registry, bound } = run;
  if (bound === null)
    throw new Fault('recipe-invalid', 'a step at the cloud needs a burn-triple step before it');
  return { registry: requireRegistry(registry), bound };
}

function asMeasured(value: unknown): MeasuredValue | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === undefined || value === null ? null : JSON.stringify(value);
}

/** Devices report truth as 0 and 1. */
function same(reported: unknown, told: unknown): boolean {
  return reported === told || (typeof told === 'boolean' && reported === Number(told));
}

function notReported(run: RunContext, property: string, withinMs: number): Fault {
  return new Fault(
    'not-online',
    `${run.bound?.deviceName ?? 'the unit'} reported no ${property} in ${withinMs} ms`,
    {
      hint: 'Let it log in before this step; when it stays so, the unit is faulty.',
      details: { deviceName: run.bound?.deviceName ?? null, measurement: property },
    },
  );
}
