import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contract } from '#shared/contract/index.ts';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

/** The files of a diff in Markdown, each with the lines that it adds. */
function addedLines(diff: string): Map<string, string[]> {
  const files = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of diff.split('\n')) {
    if (line.startsWith('--- ')) files.set(line.slice(4), (lines = []));
    else if (line.startsWith('+')) lines.push(line.slice(1));
  }
  return files;
}

/** The files of the product that have `name` in quotes, by room. */
function filesThatName(name: string): string[] {
  const rooms = ['shared', 'station', 'renderer/src', 'node-kit', 'kiosk', 'electron'];
  return execFileSync('grep', ['-rlF', `'${name}'`, ...rooms], { cwd: ROOT, encoding: 'utf8' })
    .trim()
    .split('\n')
    .toSorted();
}

const diff = addedLines(
  /### Adding a call[\s\S]*?```diff\n([\s\S]*?)```/.exec(read('CONTRIBUTING.md'))?.[1] ?? '',
);

describe('the example of a new call in CONTRIBUTING', () => {
  it('is in the repository, line by line', () => {
    expect(diff.size).toBe(5);
    for (const [path, lines] of diff) {
      const present = read(path).split('\n');
      for (const line of lines) expect(present, path).toContain(line);
    }
  });

  it('shows every file that names the call: contract, handler, page, and a text in each language', () => {
    expect(filesThatName('sync.retryAll')).toEqual([...diff.keys()].toSorted());
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
