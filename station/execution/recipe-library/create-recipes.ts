import { LabelTemplates } from '../../results/labels/index.ts';
import { DryRuns, type DryRunOptions } from '../dry-run/index.ts';
import type { RecipeServices } from './handlers.ts';
import { RecipeExamples } from './examples.ts';
import { RecipeDrafts } from './recipe-drafts.ts';
import { RecipeLibrary, type RecipeLibraryOptions } from './recipe-library.ts';

export interface RecipesOptions extends Omit<RecipeLibraryOptions, 'drafts' | 'platform'> {
  readonly platform: DryRunOptions['platform'];
  readonly config: {
    readonly examplesDir?: string | undefined;
    readonly labelsDir?: string | undefined;
    readonly dryRunCommand?: readonly string[] | undefined;
  };
  /** Publishes the state of the dry run. */
  readonly publish: DryRunOptions['publish'];
}

/** The recipes of a station: versions, drafts, examples and dry runs; and the templates of labels that they use. */
export function createRecipes({ config, publish, ...options }: RecipesOptions): Pick<
  RecipeServices,
  'recipes' | 'recipeDrafts' | 'recipeExamples'
> & {
  readonly dryRuns: DryRuns;
  readonly labelTemplates: LabelTemplates;
} {
  const { database, platform, audit } = options;
  const recipeDrafts = new RecipeDrafts(database, platform, audit);
  return {
    recipeDrafts,
    recipes: new RecipeLibrary({ ...options, drafts: recipeDrafts }),
    recipeExamples: new RecipeExamples(config.examplesDir),
    labelTemplates: new LabelTemplates(database, { audit, clock: platform.clock, dir: config.labelsDir }),
    dryRuns: new DryRuns({ platform, command: config.dryRunCommand, publish }),
  };
}
