import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { yamlLanguage } from '@codemirror/lang-yaml';
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { describe, expect, it } from 'vitest';
import { outlineOf } from '../../renderer/src/features/recipes/editor/outline.ts';
import { RecipeSchema } from '../../renderer/src/features/recipes/editor/recipe-schema.ts';
import { yamlPlaceAt } from '../../renderer/src/features/recipes/editor/yaml-place.ts';

const ROOT = join(import.meta.dirname, '../..');
const schema = new RecipeSchema(readFileSync(join(ROOT, 'docs/recipe.schema.json'), 'utf8'));
const RECIPES = join(ROOT, 'resources/recipes');
const recipes = readdirSync(RECIPES).filter((name) => name.endsWith('.yaml'));
/** Keys of a recipe's own names: variables, options, parameters. */
const FREE = new Set(['capture', 'set', 'with', 'forEach', 'params', 'expect']);

/** Labels that are proposed where `|` stands in the text. */
function proposals(marked: string): string[] {
  const before = marked.slice(0, marked.indexOf('|')).split('\n');
  const lines = marked.replace('|', '').split('\n');
  const place = yamlPlaceAt(lines, before.length - 1, before.at(-1)?.length ?? 0);
  if (place === null) return [];
  return (place.writes === 'key' ? schema.keysAt(place) : schema.valuesAt(place)).map(({ label }) => label);
}

/** Every key of a document with its position, except below keys whose names are free. */
function keysOf(source: string): { key: string; line: number; column: number }[] {
  const counter = new LineCounter();
  const document = parseDocument(source, { lineCounter: counter });
  const found: { key: string; line: number; column: number }[] = [];
  const look = (node: unknown): void => {
    if (isSeq(node)) node.items.forEach(look);
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      if (!isScalar(key) || key.range == null) continue;
      const { line, col } = counter.linePos(key.range[0]);
      found.push({ key: String(key.value), line: line - 1, column: col - 1 });
      if (!FREE.has(String(key.value))) look(value);
    }
  };
  look(document.contents);
  return found;
}

describe('the schema of recipes', () => {
  it.each(recipes)('explains every key of %s at its place', (name) => {
    const source = readFileSync(join(RECIPES, name), 'utf8');
    const lines = source.split('\n');
    const unknown = keysOf(source).flatMap(({ key, line, column }) => {
      const place = yamlPlaceAt(lines, line, column);
      return place !== null && place.writes === 'key' && (schema.aboutKey(place, key)?.about ?? '') !== ''
        ? []
        : [`${line + 1}:${column + 1} ${key}`];
    });
    expect(unknown).toEqual([]);
  });

  it('proposes what can be written at a place of an unfinished text', () => {
    const head = 'gongwei: recipe/1\nname: a\n';
    expect(proposals(`${head}|`)).toEqual(expect.arrayContaining(['version', 'phases']));
    expect(proposals(`${head}|`)).not.toContain('name');
    expect(proposals(`${head}device:\n  profile: |`)).toEqual(['at-module', 'described']);
    const steps = `${head}phases:\n  - name: test\n    steps:\n`;
    expect(proposals(`${steps}      - verb: |`)).toEqual(
      expect.arrayContaining(['identify', 'script', 'wait']),
    );
    expect(proposals(`${steps}      - verb: script\n        |`)).toEqual(
      expect.arrayContaining(['file', 'with', 'timeoutMs']),
    );
    expect(proposals(`${steps}      - verb: script\n        |`)).not.toContain('ms');
    expect(proposals(`${steps}      - { verb: wait, | }`)).toEqual(expect.arrayContaining(['ms', 'retries']));
    expect(proposals(`${steps}      - { verb: wait, | }`)).not.toContain('verb');
    expect(proposals(`${head}phases:\n- name: test\n  kind: |`)).toEqual(['setup', 'main', 'teardown']);
    expect(proposals(`${steps}      - {\n          verb: wait,\n          |\n        }`)).toContain('ms');
    // Neither in a comment nor for a free text.
    expect(proposals(`${head}# vers|`)).toEqual([]);
    expect(proposals(`${head}version: |`)).toEqual([]);
  });
});

it('the outline of a recipe has phases and steps with their lines, in every way of writing', () => {
  const source = `phases:
  - name: one
    title: { zh-CN: 一, en: One }
    kind: setup
    steps:
      - verb: identify
        title: { en: Who }
      - { verb: wait, name: 'rest', ms: 5 }
  - name: two
    steps: [{ verb: label }]
`;
  const lines = source.split('\n');
  const lineAt = (offset: number): number => source.slice(0, offset).split('\n').length;
  const outline = outlineOf(yamlLanguage.parser.parse(source), {
    slice: (from, to) => source.slice(from, to),
    lineAt,
  });
  const step = (label: string, kind: string, fromLine: number, toLine: number) => ({
    label,
    title: label === 'identify' ? { 'zh-CN': '', en: 'Who' } : null,
    kind,
    fromLine,
    toLine,
    children: [],
  });
  expect(outline).toEqual([
    {
      label: 'one',
      title: { 'zh-CN': '一', en: 'One' },
      kind: 'setup',
      fromLine: 2,
      toLine: 8,
      children: [step('identify', 'identify', 6, 7), step('rest', 'wait', 8, 8)],
    },
    {
      label: 'two',
      title: null,
      kind: '',
      fromLine: 9,
      toLine: 10,
      children: [step('label', 'label', 10, 10)],
    },
  ]);
  expect(lines).toHaveLength(11);
});
