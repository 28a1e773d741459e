import { unitIdOrNull } from '#shared/domain/unit-id.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { RunRow, ReadableDatabase } from '../../core/database/index.ts';
import { fillPayload } from './fill-payload.ts';
import { labelValues } from './label-values.ts';
import type { NamedTemplate } from './named-template.ts';
import { type RecipeWithFiles, recipeLabel } from './recipe-label.ts';
import { unitLabel, type UnitLabel } from './render-label.ts';

export interface RunLabelOptions {
  /** In place of the template of the recipe. */
  readonly template?: NamedTemplate | undefined;
  /** Number of this print among those of its unit, from 1, for `{copy}`. */
  readonly copy?: number | undefined;
}

/**
 * The label of a run's unit with its present identity, which a return may have changed, as its recipe describes it.
 * Faults: `bad-input` when the run did not pass, its unit has no identity now, or its template cannot be read.
 */
export function runLabel(
  database: ReadableDatabase,
  run: RunRow,
  recipe: RecipeWithFiles,
  { template, copy }: RunLabelOptions = {},
): UnitLabel {
  const now = run.unitId === null ? null : database.triples.findLiveOfUnit(run.unitId);
  if (run.outcome !== 'PASS' || now === null) {
    const reason = run.outcome === 'PASS' ? 'has no identity any more' : 'did not pass';
    throw new Fault('bad-input', `the unit of run ${run.runId} ${reason}, so it has no label`, {
      hint: 'Only a unit that passed and holds an identity is labelled.',
    });
  }
  const { serialNumber, chipId } = run;
  const device = {
    productId: now.productId,
    deviceName: now.deviceName,
    ...(serialNumber === null ? {} : { serialNumber }),
    ...(chipId === null ? {} : { chipId }),
  };
  const id = unitIdOrNull(run);
  const { symbology, payload, template: ofRecipe } = recipeLabel(recipe);
  const named = template ?? ofRecipe;
  const label = { ...unitLabel(device, recipe.recipe.title.en, id), symbology };
  if (named === null && payload === null) return label;
  const values = labelValues(database, { run, device, id, recipe: recipe.recipe, copy });
  if (named === null) return { ...label, payload: fillPayload(payload ?? '', values) };
  return { ...label, template: { ...named, values } };
}
