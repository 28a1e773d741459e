import { join } from 'node:path';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const eslint = new ESLint({ cwd: join(import.meta.dirname, '../..') });

async function rulesBrokenBy(source: string, filePath: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(source, { filePath });
  return result?.messages.map(({ ruleId }) => ruleId) ?? [];
}

test.each<[string, string, string, string[]]>([
  ['an enum', 'export enum A { B }', 'shared/a.ts', ['no-restricted-syntax']],
  ['a default export', 'export default function a(): void {}', 'shared/a.ts', ['no-restricted-syntax']],
  [
    'any',
    'export function a(b: any): unknown { return b; }',
    'shared/a.ts',
    ['@typescript-eslint/no-explicit-any'],
  ],
  [
    'SQL outside of a store',
    'export const a = "SELECT x FROM y";',
    'station/runner/a.ts',
    ['no-restricted-syntax'],
  ],
  [
    'SQL in a template',
    'export const a = `\n  UPDATE runs SET x = ${1}`;',
    'cli/a.ts',
    ['no-restricted-syntax'],
  ],
  ['a raw line on a terminal', "process.stdout.write('a');", 'cli/commands/a.ts', ['no-restricted-syntax']],
  [
    'the terminal by another name',
    'const { stderr: b } = process; export const a = b;',
    'cli/a.ts',
    ['no-restricted-syntax'],
  ],
  [
    'the terminal passed on',
    'export const a = [process.stdout];',
    'station/runner/a.ts',
    ['no-restricted-syntax'],
  ],
  ['the console', 'console.error(1);', 'registry/store/a.ts', ['no-restricted-syntax']],
  ['a swallowed error', 'export function a(): void { try { a(); } catch {} }', 'shared/a.ts', ['no-empty']],
  [
    'a value import for a type',
    "import { B } from './b.ts';\nexport type A = B;",
    'shared/a.ts',
    ['@typescript-eslint/consistent-type-imports'],
  ],
  ['an unused variable', 'const a = 1;\nexport {};', 'shared/a.ts', ['@typescript-eslint/no-unused-vars']],
  [
    'a directive for nothing',
    '// eslint-disable-next-line no-eval\nexport const a = 1;',
    'shared/a.ts',
    [null as never],
  ],
])('%s is pointed out', async (_, source, path, rules) => {
  expect(await rulesBrokenBy(source, path)).toEqual(rules);
});

test.each<[string, string, string]>([
  ['SQL in a store', 'export const a = "SELECT x FROM y";', 'station/store/a.ts'],
  [
    'words that are no SQL',
    'export const a = "Select a unit from the list, update it and delete it";',
    'cli/a.ts',
  ],
  [
    'a line on a terminal where it is made visible',
    'export const a = (): boolean => process.stdout.write("a");',
    'cli/output.ts',
  ],
  ['whether there is a terminal', 'export const a = process.stderr.isTTY;', 'cli/a.ts'],
  ['a default export of a configuration', 'export default { a: 1 };', 'vitest.config.ts'],
  ['null by ==', 'export const a = (b: number | null | undefined): boolean => b == null;', 'shared/a.ts'],
])('%s is fine', async (_, source, path) => {
  expect(await rulesBrokenBy(source, path)).toEqual([]);
});
