import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkRecipe, inspectRecipe } from '#station';
import { partOf } from '../../../support/rotation.ts';

const DIR = 'resources/recipes';
const RECIPES = readdirSync(DIR).filter((name) => name.endsWith('.yaml'));

/** Mistakes as engineers make them. */
const MISTAKES: readonly ((line: string) => string)[] = [
  () => '',
  (line) => line.replace(/^(\s*(?:- )?)(\w{3,}):/, '$1$2x:'),
  (line) => line.replace(/: .*$/, ': 17'),
  (line) => line.replace(/: .*$/, ': [1, 2]'),
  (line) => line.replace(/: .*$/, ': wrong'),
  (line) => line.replace(/: .*$/, ': &wrong'),
  (line) => line.replace(/: .*$/, ': "wrong'),
  (line) => line.replace(/\b\d+\b/, '-5'),
  (line) => line.replace(/\b\d+\b/, '99999999999999999999'),
  (line) => line.replace('}', ''),
  (line) => line.replace(/'$/, ''),
  (line) => line.replace('(', ''),
  (line) => line.replace(')', ''),
  (line) => line.replace('[', ''),
  (line) => line.replace('\\', '\\Q'),
  (line) => line.replace('^', '/^').replace('$', '$/i'),
  (line) => line.replace(': ', '：'),
  (line) => `\t${line}`,
  (line) => ` ${line}`,
];
/** Each line gets a few of them in turn, so that the test stays short. */
const OF_EACH_LINE = 1;
/** Codes for messages of libraries that have no text of their own. */
const WITHOUT_TEXT = ['shape-other', 'yaml-other', 'engine-other'];
/** Chinese text apart from the path before it. */
const CHINESE = /[一-鿿]/;

it.each(partOf(RECIPES, 4))('every mistake in %s has a code and a text in both languages', async (name) => {
  const path = join(DIR, name);
  const { parsed } = await checkRecipe(path);
  const lines = readFileSync(path, 'utf8').split('\n');
  const found = new Map<string, string>();
  const without = new Set<string>();
  for (const [index, line] of lines.entries())
    for (let turn = 0; turn < OF_EACH_LINE; turn += 1) {
      const changed = MISTAKES[(index * OF_EACH_LINE + turn) % MISTAKES.length]?.(line) ?? line;
      if (changed === line) continue;
      const source = lines.with(index, changed).join('\n');
      for (const { text, message } of inspectRecipe(source, parsed?.files).issues) {
        expect(message).toBe(text.en);
        found.set(text.code, text['zh-CN']);
        if (WITHOUT_TEXT.includes(text.code)) without.add(text.en);
      }
    }
  expect([...without]).toEqual([]);
  expect(found.size).toBeGreaterThan(10);
  for (const [code, text] of found) expect(text.replace(/^工艺：/, ''), code).toMatch(CHINESE);
});
