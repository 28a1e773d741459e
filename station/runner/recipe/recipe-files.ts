import { filesInParams, type Recipe } from '#shared/domain/recipe/index.ts';

/** A file that a recipe names, and where it does. */
export interface NamedFile {
  readonly name: string;
  readonly path: readonly (string | number)[];
  /** Its content is sent to the unit. */
  readonly sent: boolean;
}

/** Every file that a recipe is made of besides its own, once each: scripts, thing models, pictures. */
export function filesOf(recipe: Pick<Recipe, 'phases'>): NamedFile[] {
  const found = new Map<string, NamedFile>();
  for (const [p, phase] of recipe.phases.entries()) {
    for (const [s, step] of phase.steps.entries()) {
      for (const key of ['file', 'model', 'image'] as const) {
        // `model` of an identify step is a pattern, not a file.
        if (key === 'model' && step.verb !== 'thing-model') continue;
        const name = (step as Readonly<Record<string, unknown>>)[key];
        if (typeof name !== 'string' || found.has(name)) continue;
        found.set(name, { name, path: ['phases', p, 'steps', s, key], sent: false });
      }
      if (step.verb !== 'ampe') continue;
      for (const file of filesInParams(step.params, ['phases', p, 'steps', s, 'params']))
        if (found.get(file.name)?.sent !== true) found.set(file.name, { ...file, sent: true });
    }
  }
  return [...found.values()];
}

/** By its ending. All other files of a recipe are text. */
export function isPicture(name: string): boolean {
  return /\.(?:png|jpe?g|gif|webp|svg|bmp)$/i.test(name);
}
