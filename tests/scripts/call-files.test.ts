import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { contract } from '#shared/contract/index.ts';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

/** The lines that a diff in Markdown adds, by file. */
function addedLines(diff: string): Map<string, string[]> {
  const files = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of diff.split('\n')) {
    if (line.startsWith('--- ')) files.set(line.slice(4), (lines = []));
    else if (line.startsWith('+')) lines.push(line.slice(1));
  }
  return files;
}

const FOLDERS = ['shared', 'station', 'renderer/src', 'renderer/dev', 'node-kit', 'kiosk', 'electron'];
/** Read once: there are two hundred calls, and a thousand files. */
const SOURCES: readonly (readonly [path: string, source: string])[] = FOLDERS.flatMap((folder) =>
  readdirSync(new URL(folder, ROOT), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(fileURLToPath(ROOT), join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .map((path) => [path, read(path)] as const),
);

/** The files of the product, and of the mock station of its pages, that have `name` in quotes. */
function filesThatName(name: string): string[] {
  return SOURCES.filter(([, source]) => source.includes(`'${name}'`))
    .map(([path]) => path)
    .toSorted();
}

const SECTION = /### Adding a call[\s\S]*?(?=\n### )/.exec(read('CONTRIBUTING.md'))?.[0] ?? '';
const DIFFS = [...SECTION.matchAll(/```diff\n([\s\S]*?)```/g)].map(([, diff = '']) => addedLines(diff));

describe('the examples of a new call in CONTRIBUTING', () => {
  it('are in the repository, as they are there', () => {
    expect(DIFFS.map((diff) => diff.size)).toEqual([6, 3]);
    for (const [path, lines] of DIFFS.flatMap((diff) => [...diff])) {
      const source = read(path).split('\n');
      for (const line of lines) expect(source, path).toContain(line);
    }
  });

  it('show every file that names the call: contract, handler, page and mock answer', () => {
    const [diff] = DIFFS;
    const naming = [...(diff ?? [])].filter(([, lines]) =>
      lines.some((line) => line.includes("'sync.retryAll'")),
    );
    expect(filesThatName('sync.retryAll')).toEqual(naming.map(([path]) => path).toSorted());
  });

  it('use only what they show or what the page has already', () => {
    const page = DIFFS[0]?.get('renderer/src/features/sync/SyncPage.vue')?.join('\n') ?? '';
    const called = [...page.matchAll(/@click="(\w+)\(/g)].map(([, name = '']) => name);
    expect(called).not.toEqual([]);
    for (const name of called) expect(page).toContain(`function ${name}(`);
  });
});

describe('a call of the contract', () => {
  it.each(Object.keys(contract.calls))('%s is in one file of the contract and has one handler', (name) => {
    const files = filesThatName(name);
    expect(files.filter((file) => file.startsWith('shared/contract/'))).toHaveLength(1);
    expect(files.filter((file) => file.endsWith('/handlers.ts'))).toHaveLength(1);
  });

  it.each(Object.keys(contract.topics))('the topic %s is in one file of the contract', (name) => {
    const declared = filesThatDeclare(name);
    expect(declared).toHaveLength(1);
  });
});

function filesThatDeclare(topic: string): string[] {
  const declarations = [`  '${topic}': topic(`, `  ${topic}: topic(`];
  return SOURCES.filter(
    ([path, source]) =>
      path.startsWith('shared/contract/') &&
      source.split('\n').some((line) => declarations.some((declaration) => line.startsWith(declaration))),
  ).map(([path]) => path);
}
