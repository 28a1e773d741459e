import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { recipeJsonSchema } from '#station';
import { findVerb, VERBS } from '#shared/recipe/index.ts';

const ROOT = new URL('../../../../', import.meta.url);
const SHARED = new URL('shared/recipe/verbs/', ROOT);
const STATION = new URL('station/execution/verbs/', ROOT);
const names = Object.keys(VERBS);

/** Files of the two folders that import a file of this verb. */
function filesThatImport(verb: string): string[] {
  return [SHARED, STATION].flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file !== `${verb}.ts`)
      .filter((file) => readFileSync(new URL(file, folder), 'utf8').includes(`'./${verb}.ts'`))
      .map((file) => `${folder.pathname.slice(ROOT.pathname.length)}${file}`),
  );
}

describe('a verb of recipes', () => {
  it.each(names)('%s has one file in each folder and one import in each list', (verb) => {
    const own = [SHARED, STATION].map((folder) => readdirSync(folder).includes(`${verb}.ts`));
    expect(own).toEqual([true, true]);
    const lists = filesThatImport(verb).filter((file) => file.endsWith('/index.ts'));
    expect(lists).toEqual(['shared/recipe/verbs/index.ts', 'station/execution/verbs/index.ts']);
  });

  it('is named by no other file of shared/recipe without a reason', () => {
    // `shared/recipe` itself and its check read the definitions; only these name a verb, for the reason given.
    const reasons: Record<string, string> = {
      'check/needs.ts': 'identify and burn-triple are what other steps need',
      'check/conditions.ts': 'the answers of a prompt with choices are known',
      'check/guess-verbs.ts': 'the kind of a prompt may be misspelled, too',
      'check/patterns.ts': 'the key model of thing-model is a file and no pattern',
      'check/references.ts': 'placeholders of the unit need an identify step',
      'check/times.ts': 'waits of teardown are added up',
      'recipe.ts': 'a recipe that burns needs triples',
    };
    const folder = new URL('shared/recipe/', ROOT);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => file.endsWith('.ts') && !file.startsWith('verbs/'));
    const naming = files.filter((file) =>
      names.some((verb) =>
        new RegExp(`(?:verb|kind|VERB)\\b[^\\n]*'${verb}'`).test(readFileSync(new URL(file, folder), 'utf8')),
      ),
    );
    expect(naming.toSorted()).toEqual(Object.keys(reasons).toSorted());
  });

  it('is in the JSON Schema and in the reference by its entry in the list alone', () => {
    const schema = JSON.stringify(recipeJsonSchema());
    for (const verb of names) {
      expect(schema).toContain(`"const":"${verb}"`);
      expect(findVerb(verb)?.doc.about).not.toBe('');
    }
    expect(findVerb('toString')).toBe(null);
  });
});
