import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecipeExample } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { checkRecipe, type ParsedRecipe } from '../recipes/index.ts';
import { deviceOf } from './recipe-equipment.ts';

/** The recipes that ship with Gongwei. They are read once, when they are first needed. */
export class RecipeExamples {
  readonly #dir: string | undefined;
  #all: Promise<ReadonlyMap<string, ParsedRecipe>> | null = null;

  /** @param dir folder of the examples; `undefined`: there are none */
  constructor(dir: string | undefined) {
    this.#dir = dir;
  }

  async list(): Promise<RecipeExample[]> {
    return [...(await this.#read())].map(([example, { recipe, hash }]) => ({
      example,
      hash,
      name: recipe.name,
      version: recipe.version,
      title: recipe.title,
      productId: recipe.product,
      device: deviceOf(recipe),
    }));
  }

  /** Faults: `not-found`. */
  async get(example: string): Promise<ParsedRecipe> {
    const found = (await this.#read()).get(example);
    if (found !== undefined) return found;
    throw new Fault('not-found', `there is no example ${example}`, { hint: 'Choose one of the list.' });
  }

  #read(): Promise<ReadonlyMap<string, ParsedRecipe>> {
    return (this.#all ??= this.#dir === undefined ? Promise.resolve(new Map()) : readExamples(this.#dir));
  }
}

/** An example that this version cannot read is left out. */
async function readExamples(dir: string): Promise<ReadonlyMap<string, ParsedRecipe>> {
  const names = (await readdir(dir).catch(() => [])).filter((name) => name.endsWith('.yaml')).sort();
  const read = await Promise.all(
    names.map(async (name) => [name.slice(0, -5), (await checkRecipe(join(dir, name))).parsed] as const),
  );
  return new Map(read.flatMap(([name, parsed]) => (parsed === null ? [] : [[name, parsed] as const])));
}
