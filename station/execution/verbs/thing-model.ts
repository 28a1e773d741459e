import { requireUtf8Text } from '#shared/codec/text-file.ts';
import { Fault } from '#shared/domain/fault.ts';
import { checkReported, parseThingModel, type ThingModel } from '#shared/domain/thing-model/index.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { awaitProperties, type Properties } from './cloud-control.ts';
import { evaluate } from './evaluate.ts';

/** The thing model in a file of the recipe. Faults: `recipe-invalid`. */
export function thingModelOf(name: string, run: Pick<RunContext, 'files'>): ThingModel {
  const file = run.files.get(name);
  if (file === undefined) throw new Fault('recipe-invalid', `the recipe has no file ${name}`);
  const read = parseThingModel(requireUtf8Text(file, name, 'recipe-invalid', { keepsLost: true }));
  if (read.ok) return read.model;
  const { reason } = read;
  const where = 'path' in reason ? reason.path : `line ${reason.line}, column ${reason.column}`;
  const what = 'path' in reason ? reason.message : `it ${reason.what.en}`;
  throw new Fault('recipe-invalid', `${name} is not a thing model: ${where}: ${what}`);
}

/** Compares all properties that the unit reported with its thing model. */
export async function thingModel(
  step: StepOf<'thing-model'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const model = thingModelOf(step.model, run);
  const issuesOf = (properties: Properties) => checkReported(model, properties, step.properties);
  const isGood = (properties: Properties): boolean => issuesOf(properties).length === 0;
  const issues = issuesOf(await awaitProperties(run, isGood, step.withinMs, signal));
  run.measure(evaluate('thing-model-issues', issues.length, { equals: 0 }));
  const [first] = issues;
  if (first === undefined) return;
  throw new Fault('limit-exceeded', issues.map(({ id, what }) => `${id} ${what}`).join('; '), {
    hint: 'The firmware does not keep to the thing model of its product.',
    details: { measurement: first.id, value: first.what, limits: step.model },
  });
}
