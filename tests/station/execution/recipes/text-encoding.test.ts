import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRecipe, lockRecipe, readRecipe, requireLocked } from '#station';
import { inspectRecipe } from '../../../../station/execution/recipes/parse-recipe.ts';
import { invoke } from '../../../kit/in-process.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { describedRecipe } from '../../../kit/recipes.ts';

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
/** 车间 */
const GBK = Buffer.from([0xb3, 0xb5, 0xbc, 0xe4]);
const STEPS = `- { verb: burn-triple }
- { verb: script, file: own.ts }
- { verb: thing-model, model: model.json, properties: [power], withinMs: 1000 }`;
const SCRIPT = `export default async function (): Promise<void> {} // 车间\n`;
const MODEL = `{"version":"1.0","properties":[{"id":"power","define":{"type":"bool"}}]}\n`;
const RECIPE = describedRecipe(STEPS).replace(
  /device:\n[^]*?phases:/,
  'device: { profile: at-module }\nphases:',
);

let dir: ReturnType<typeof tempDir>;
let path: string;
beforeEach(() => {
  dir = tempDir('encoding');
  path = join(dir.path, 'r.yaml');
  write({});
});
afterEach(() => dir[Symbol.dispose]());

type Files = Partial<Record<'r.yaml' | 'own.ts' | 'model.json', Buffer>>;

function write(files: Files): void {
  const all = {
    'r.yaml': Buffer.from(RECIPE),
    'own.ts': Buffer.from(SCRIPT),
    'model.json': Buffer.from(MODEL),
    ...files,
  };
  for (const [name, bytes] of Object.entries(all)) writeFileSync(join(dir.path, name), bytes);
}

const titleLine = RECIPE.split('\n').findIndex((line) => line.startsWith('title:')) + 1;
const inGbk = Buffer.concat([
  ...RECIPE.split('\n').flatMap((line, at) =>
    at === titleLine - 1
      ? [Buffer.from('title: { zh-CN: '), GBK, Buffer.from(', en: Hall }\n')]
      : [Buffer.from(`${line}\n`)],
  ),
]);

const withLost = {
  'r.yaml': Buffer.from(RECIPE.replace(/^title:.*/m, 'title: { zh-CN: \ufffd\ufffd, en: Hall }')),
};

describe('a recipe in another encoding', () => {
  it.each([
    ['the recipe in GBK', { 'r.yaml': inGbk }, titleLine, /not UTF-8 text; it reads as GB18030/],
    ['the recipe with a character that was lost before', withLost, titleLine, /holds U\+FFFD in place/],
    ['the recipe in UTF-16', { 'r.yaml': Buffer.from(`\ufeff${RECIPE}`, 'utf16le') }, 1, /is UTF-16 text/],
  ])('is refused with its line: %s', async (_name, files: Files, line, what) => {
    write(files);
    const { parsed, issues } = await checkRecipe(path);
    expect(parsed).toBeNull();
    expect(issues).toMatchObject([
      { line, column: expect.any(Number) as number, message: expect.stringMatching(what) as string },
    ]);
    expect(await faultOf(() => readRecipe(path))).toMatchObject({
      code: 'recipe-invalid',
      details: { line },
    });
  });

  it.each([
    ['own.ts', { 'own.ts': Buffer.concat([Buffer.from('// a\n// '), GBK]) }, 'own.ts:2:4'],
    [
      'model.json',
      { 'model.json': Buffer.concat([Buffer.from('{\n\n"name":"'), GBK, Buffer.from('"}')]) },
      'model.json:3:9',
    ],
  ])('is refused when a file of it is not UTF-8: %s', async (_name, files: Files, place) => {
    write(files);
    const { issues } = await checkRecipe(path);
    expect(issues.map(({ message }) => message)).toEqual([
      expect.stringContaining(`${place}: this file is not UTF-8`),
    ]);
  });

  it('is the same recipe with and without byte order marks, and so is its lock', async () => {
    const plain = await readRecipe(path);
    await lockRecipe(path, plain);
    const lock = readFileSync(`${path}.lock`, 'utf8');
    write({
      'r.yaml': Buffer.concat([BOM, Buffer.from(RECIPE)]),
      'own.ts': Buffer.concat([BOM, Buffer.from(SCRIPT)]),
      'model.json': Buffer.concat([BOM, Buffer.from(MODEL)]),
    });
    const marked = await readRecipe(path);
    expect(marked.hash).toBe(plain.hash);
    expect(marked.source.codePointAt(0)).not.toBe(0xfeff);
    // An editor may put one into the lock, too.
    writeFileSync(`${path}.lock`, Buffer.concat([BOM, Buffer.from(lock)]));
    expect(await requireLocked(path, marked)).toBe(true);
    await lockRecipe(path, marked);
    expect(readFileSync(`${path}.lock`, 'utf8')).toBe(lock);
  });

  it('is refused from a page, and accepted in a batch that was made before this check', () => {
    const source = withLost['r.yaml'].toString();
    const files = new Map(
      Object.entries({ 'own.ts': `${SCRIPT}// \ufffd\n`, 'model.json': MODEL }).map(([name, text]) => [
        name,
        Buffer.from(text),
      ]),
    );
    expect(inspectRecipe(source, files).issues).toMatchObject([{ line: titleLine, column: 17 }]);
    expect(inspectRecipe(RECIPE, files).issues).toMatchObject([
      { message: expect.stringContaining('own.ts:2:4: this file holds U+FFFD') as string },
    ]);
    expect(inspectRecipe(source, files, { acceptedBefore: true }).issues).toEqual([]);
  });

  it('has a lock that is read as UTF-8 only', async () => {
    const parsed = await readRecipe(path);
    await lockRecipe(path, parsed);
    writeFileSync(`${path}.lock`, Buffer.concat([Buffer.from('{\n "recipe": "'), GBK, Buffer.from('"}')]));
    expect(await faultOf(() => requireLocked(path, parsed))).toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('r.yaml.lock:2:13: this file is not UTF-8') as string,
    });
  });
});

describe('other files of a person', () => {
  const bytes = (...parts: (string | Buffer)[]): Buffer =>
    Buffer.concat(parts.map((part) => Buffer.from(part)));

  it('are refused by recipe check with the place, on one line', async () => {
    write({ 'r.yaml': inGbk });
    const { status, events, stdout } = await invoke('recipe', 'check', path);
    expect({ status, events }).toEqual({ status: 2, events: [] });
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^${path}:${titleLine}:\\d+: this file is not UTF-8`)),
    ]);
  });

  it('are refused as a file of faults', async () => {
    const file = join(dir.path, 'faults.json');
    writeFileSync(file, bytes('{"units":\n{"', GBK, '":[]}}'));
    const ended = await invoke('sim', 'units', '--profile', 'at-module', '--count', '1', '--faults', file);
    expect(ended.status).toBe(2);
    expect(ended.stderr).toMatch(/faults\.json:2:3: this file is not UTF-8/);
  });

  it('are refused as a file with a token, which is not repeated', async () => {
    const data = join(dir.path, 'data');
    mkdirSync(data);
    const file = join(dir.path, 'token');
    writeFileSync(file, bytes('tok-', GBK));
    const args = [
      'station',
      'configure',
      '--data',
      data,
      '--registry',
      'http://127.0.0.1:9',
      '--station',
      'L1',
      '--token-file',
      file,
    ];
    const ended = await invoke(...args);
    expect(ended.status).toBe(2);
    expect(ended.stderr).toMatch(/token:1:5: this file is not UTF-8/);
    expect(ended.stderr).not.toContain('tok-');
  });
});
