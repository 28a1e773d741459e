import { requireUtf8Text } from '#shared/codec/text-file.ts';
import { Fault } from '#shared/domain/fault.ts';
import { checkReported, parseThingModel } from '#shared/domain/thing-model/index.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { awaitProperties, type Properties } from './cloud-control.ts';
import { evaluate } from './evaluate.ts';

/** Compares all properties that the unit reported with its thing model. */
export async function thingModel(
  step: StepOf<'thing-model'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const file = run.files.get(step.model);
  if (file === undefined) throw new Fault('recipe-invalid', `the recipe has no file ${step.model}`);
  const read = parseThingModel(requireUtf8Text(file, step.model, 'recipe-invalid', { keepsLost: true }));
  if (!read.ok) {
    const { reason } = read;
    const where = 'path' in reason ? reason.path : `line ${reason.line}, column ${reason.column}`;
    const what = 'path' in reason ? reason.message : `it ${reason.what.en}`;
    throw new Fault('recipe-invalid', `${step.model} is not a thing model: ${where}: ${what}`);
  }
  const issuesOf = (properties: Properties) => checkReported(read.model, properties, step.properties);
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
