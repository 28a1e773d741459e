import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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

/** The files of the product, and of the mock station of its pages, that have `name` in quotes. */
function filesThatName(name: string): string[] {
  const folders = ['shared', 'station', 'renderer/src', 'renderer/dev', 'node-kit', 'kiosk', 'electron'];
  return execFileSync('grep', ['-rlF', `'${name}'`, ...folders], { cwd: ROOT, encoding: 'utf8' })
    .trim()
    .split('\n')
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
  const files = execFileSync('grep', ['-rlE', `^  ('${topic}'|${topic}): topic\\(`, 'shared/contract'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return files.trim().split('\n');
}
