import type { RecipeServices } from './handlers.ts';
import { RecipeExamples } from './examples.ts';
import { RecipeDrafts } from './recipe-drafts.ts';
import { RecipeLibrary, type RecipeLibraryOptions } from './recipe-library.ts';

export interface RecipesOptions extends Omit<RecipeLibraryOptions, 'drafts' | 'platform'> {
  readonly platform: ConstructorParameters<typeof RecipeDrafts>[1];
  /** Folder of the shipped examples. */
  readonly examplesDir: string | undefined;
}

/** The recipes of a station: versions, drafts and examples. */
export function createRecipes({
  examplesDir,
  ...options
}: RecipesOptions): Pick<RecipeServices, 'recipes' | 'recipeDrafts' | 'recipeExamples'> {
  const recipeDrafts = new RecipeDrafts(options.database, options.platform, options.audit);
  return {
    recipeDrafts,
    recipes: new RecipeLibrary({ ...options, drafts: recipeDrafts }),
    recipeExamples: new RecipeExamples(examplesDir),
  };
}
