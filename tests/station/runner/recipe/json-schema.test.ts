import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { recipeJsonSchema } from '#station';
import { recipeText } from '../../support/recipe-text.ts';
import { peerRecipe } from '../../support/peer-line.ts';

const RECIPES = new URL('../../../../resources/recipes/', import.meta.url);
const PUBLISHED = new URL('../../../../docs/recipe.schema.json', import.meta.url);

/** Somebody else's validator, as editors have one. */
const validate = new Ajv2020({ strict: false }).compile(recipeJsonSchema());
const problems = (yaml: string): string[] =>
  validate(parse(yaml))
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);

describe('the JSON Schema of recipes', () => {
  it('is published as it is', () => {
    expect(JSON.parse(readFileSync(PUBLISHED, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(recipeJsonSchema())),
    );
  });

  it.each(readdirSync(RECIPES).filter((name) => name.endsWith('.yaml')))('is content with %s', (name) => {
    expect(problems(readFileSync(new URL(name, RECIPES), 'utf8'))).toEqual([]);
  });

  it('knows loops, and a parameter where a number stands', () => {
    expect(problems(recipeText())).toEqual([]);
    expect(problems(peerRecipe(`- { verb: wait, ms: '\${ms}', forEach: { ms: [1, 2] } }`))).toEqual([]);
  });

  it.each([
    ['a verb that is none', peerRecipe('- { verb: dance }')],
    ['a key that is none', peerRecipe('- { verb: wait, ms: 1, seconds: 1 }')],
    ['a loop that is none', peerRecipe('- { verb: wait, ms: 1, forEach: [1] }')],
    ['a number that is none', peerRecipe('- { verb: wait, ms: soon }')],
  ])('is not content with %s', (_what, yaml) => {
    expect(problems(yaml)).not.toEqual([]);
  });
});
