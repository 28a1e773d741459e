import { join } from 'node:path';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const eslint = new ESLint({ cwd: join(import.meta.dirname, '../..') });

async function rulesBrokenBy(source: string, filePath: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(source, { filePath });
  return result?.messages.map(({ ruleId }) => ruleId) ?? [];
}

const SYNTAX = ['no-restricted-syntax'];

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
    'station/execution/executor/a.ts',
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
    'station/execution/executor/a.ts',
    ['no-restricted-syntax'],
  ],
  ['the clock of the system', 'export const a = Date.now;', 'station/execution/a.ts', SYNTAX],
  ['the date of today', 'export const a = new Date();', 'shared/a.ts', SYNTAX],
  ['the monotonic clock', 'export const a = performance.now();', 'registry/mqtt/a.ts', SYNTAX],
  ['random bytes', "import { randomBytes } from 'node:crypto';\nrandomBytes(1);", 'registry/a.ts', SYNTAX],
  [
    'random bytes by another name',
    "import * as crypto from 'node:crypto';\ncrypto.createHash('md5');",
    'station/identity/a.ts',
    SYNTAX,
  ],
  ['a random id', 'export const a = globalThis.crypto ?? crypto.randomUUID();', 'shared/a.ts', SYNTAX],
  ['a random number', 'export const a = Math.random();', 'station/core/database/a.ts', SYNTAX],
  ['the name of the computer', "import { hostname } from 'os';\nhostname();", 'station/a.ts', SYNTAX],
  ['the console', 'console.error(1);', 'registry/store/a.ts', ['no-restricted-syntax']],
  ['more than 400 lines', '\n'.repeat(401), 'station/a.ts', ['max-lines']],
  [
    'a component of more than 250 lines',
    `<template><p /></template>\n${'\n'.repeat(250)}`,
    'renderer/src/A.vue',
    ['max-lines'],
  ],
  ['a swallowed error', 'export function a(): void { try { a(); } catch {} }', 'shared/a.ts', ['no-empty']],
  [
    'a value import for a type',
    "import { B } from './b.ts';\nexport type A = B;",
    'shared/a.ts',
    ['@typescript-eslint/consistent-type-imports'],
  ],
  [
    'a pattern out of data',
    "export const a = (b: string) => new RegExp(b, 'u');",
    'station/execution/executor/a.ts',
    SYNTAX,
  ],
  ['a pattern without new', 'export const a = (b: string) => RegExp(b);', 'registry/a.ts', SYNTAX],
  [
    'a pattern by another name',
    'const A = RegExp;\nexport const a = (b: string) => new A(b);',
    'cli/a.ts',
    SYNTAX,
  ],
  [
    'a pattern of the global',
    'export const a = (b: string) => new globalThis.RegExp(b);',
    'kiosk/a.ts',
    SYNTAX,
  ],
  [
    'a pattern in a store',
    'export const a = (b: string) => new RegExp(b);',
    'station/core/database/a.ts',
    SYNTAX,
  ],
  [
    'a pattern in a page',
    '<script setup lang="ts">\nconst p = defineProps<{ b: string }>();\nnew RegExp(p.b).test("x");\n</script>\n',
    'renderer/src/A.vue',
    SYNTAX,
  ],
  [
    'a text matched as a pattern',
    'export const a = (b: string, c: string) => b.match(c);',
    'shared/a.ts',
    SYNTAX,
  ],
  [
    'a text searched as one',
    'export const a = (b: string, c: string) => b.search(c);',
    'shared/a.ts',
    SYNTAX,
  ],
  [
    'all matches of one',
    "export const a = (b: string, c: string) => b['matchAll'](c);",
    'shared/a.ts',
    SYNTAX,
  ],
  [
    'a test that measures how long the computer takes',
    'export const a = (b: number) => expect(performance.now() - b).toBeLessThan(100);',
    'tests/cli/a.test.ts',
    SYNTAX,
  ],
  [
    'a test that measures it by the other clock',
    'export const a = (b: number) => expect(Date.now() - b, "took").not.toBeLessThanOrEqual(100);',
    'tests/cli/a.ts',
    SYNTAX,
  ],
  [
    'a test that sleeps',
    'export const a = () => new Promise((resolve) => setTimeout(resolve, 20));',
    'tests/cli/a.test.ts',
    SYNTAX,
  ],
  [
    'a test that sleeps in more words',
    'export const a = () => new Promise<void>((resolve) => { setTimeout(() => resolve(), 20); });',
    'tests/cli/a.test.ts',
    SYNTAX,
  ],
  [
    'a test that sleeps by a promise of Node',
    "import { setTimeout as b } from 'node:timers/promises';\nexport const a = () => b(20);",
    'tests/support/a.ts',
    SYNTAX,
  ],
  [
    'a test that sleeps by the clock of the product',
    'export async function a(b: { sleep(ms: number): Promise<void> }) { await b.sleep(20); }',
    'tests/cli/a.test.ts',
    SYNTAX,
  ],
  ['an unused variable', 'const a = 1;\nexport {};', 'scripts/a.mjs', ['@typescript-eslint/no-unused-vars']],
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
  [
    'a lower bound of a time',
    'export const a = (b: number) => expect(performance.now() - b).toBeGreaterThanOrEqual(100);',
    'tests/cli/a.test.ts',
  ],
  [
    'a device that answers later',
    'export const a = (say: (b: string) => void) => setTimeout(() => say("OK"), 20);',
    'tests/cli/a.test.ts',
  ],
  [
    'the wait of all tests',
    "import { setTimeout as b } from 'node:timers/promises';\nexport const a = () => b(20);",
    'tests/support/until.ts',
  ],
  [
    'the clock of the system in a driver',
    'export const a = Date.now();',
    'station/devices/drivers/node/a.ts',
  ],
  ['the clock of the system of a registry', 'export const a = Date.now();', 'registry/platform.ts'],
  ['a given date', 'export const a = (b: number) => new Date(b);', 'station/a.ts'],
  ['SQL in a store', 'export const a = "SELECT x FROM y";', 'station/core/database/a.ts'],
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
  ['a literal pattern', 'export const a = (b: string) => b.match(/x/g) ?? b.search(/y/);', 'shared/a.ts'],
  [
    'a named one',
    'const NAME = /x/g;\nexport const a = (b: string) => [...b.matchAll(NAME)];',
    'shared/a.ts',
  ],
  ['asking for one', 'export const a = (b: unknown): b is RegExp => b instanceof RegExp;', 'shared/a.ts'],
  ['the place for patterns', 'export const a = (b: string) => new RegExp(b);', 'shared/pattern/a.ts'],
  ['null by ==', 'export const a = (b: number | null | undefined): boolean => b == null;', 'shared/a.ts'],
])('%s is fine', async (_, source, path) => {
  expect(await rulesBrokenBy(source, path)).toEqual([]);
});
