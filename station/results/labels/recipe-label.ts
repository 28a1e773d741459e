import { countersIn, type LabelTemplate, textsOf } from '#shared/label/index.ts';
import type { Recipe, StepOf } from '#shared/recipe/index.ts';
import type { Symbology } from './modules.ts';
import { type NamedTemplate, requireTemplate } from './named-template.ts';

/** A recipe with the files that are part of it, as its batch has them. */
export interface RecipeWithFiles {
  readonly recipe: Pick<Recipe, 'name' | 'version' | 'title' | 'phases'>;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** How the label of a recipe's units looks. */
export interface RecipeLabel {
  /** Code of the label without a template. */
  readonly symbology: Symbology;
  /** Text of that code with placeholders; `null`: the device code. */
  readonly payload: string | null;
  /** `null`: the label has the code and the names of the unit. */
  readonly template: NamedTemplate | null;
}

/** By the first `label` step of a recipe. Faults: `bad-input` for a template that this version cannot read. */
export function recipeLabel({ recipe, files }: RecipeWithFiles): RecipeLabel {
  const step = recipe.phases
    .flatMap(({ steps }) => steps)
    .find((one): one is StepOf<'label'> => one.verb === 'label');
  return labelOfStep(step, files);
}

/** Faults: as `recipeLabel`. */
export function labelOfStep(
  step: Pick<StepOf<'label'>, 'code' | 'template' | 'payload'> | undefined,
  files: RecipeWithFiles['files'],
): RecipeLabel {
  const symbology = step?.code ?? 'qr';
  const payload = step?.payload ?? null;
  if (step?.template === undefined) return { symbology, payload, template: null };
  const source = new TextDecoder().decode(files.get(step.template) ?? new Uint8Array());
  return { symbology, payload, template: requireTemplate(source, step.template) };
}

/** Names of the counters that a template shows, each once. */
export function countersOf({ elements }: LabelTemplate): string[] {
  return [
    ...new Set(elements.flatMap((element) => textsOf(element).flatMap(({ text }) => countersIn(text)))),
  ];
}
