import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS =
  'shared node-kit station registry simulator kiosk electron cli renderer bench scripts tests docs'.split(
    ' ',
  );
/** Paths of an example, and of another project. */
const EXAMPLES = [/\/beep\.ts$/, /^docs\/YIELD_METRICS_GUIDE\.md$/];

const documents = [
  'README.md',
  'README.zh-CN.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...globSync('docs/**/*.md', { cwd: ROOT }),
]
  // A decision names the files of its day.
  .filter((path) => !path.startsWith('docs/adr/'));

/** Paths of the project in backticks; of one with a placeholder (`<verb>`, `*`), the folder before it. */
function namedPaths(text: string): string[] {
  return [...text.matchAll(/`([\w.\/@{}*<>-]+\/[\w.\/@{}*<>-]*)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => FOLDERS.includes(path.split('/')[0] ?? ''))
    .map((path) => (/[<>*{}]/.test(path) ? dirname(path.slice(0, path.search(/[<>*{}]/)) + 'x') : path));
}

/** Tests may be named without their folder and without `.test.ts`. */
function exists(path: string): boolean {
  return [path, `${path}.ts`, `tests/${path}`, `${path}.test.ts`, `tests/${path}.test.ts`].some((candidate) =>
    existsSync(join(ROOT, candidate)),
  );
}

it('leads from both languages of the front page to the same documents', () => {
  const linksOf = (file: string): Set<string> =>
    new Set(
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(/[^!]\[[^\]]*\]\(([^)]+)\)/g)].map(
        ([, link = '']) => link.replace(/^manual\/[^/]+\/.*/, 'manual').replace(/^README.*/, 'README'),
      ),
    );
  expect([...linksOf('README.zh-CN.md')].sort()).toEqual([...linksOf('README.md')].sort());
});

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(ROOT, document), 'utf8');

  it('names files that exist', () => {
    const missing = namedPaths(text).filter(
      (path) => !exists(path) && !EXAMPLES.some((example) => example.test(path)),
    );
    expect(missing).toEqual([]);
  });

  it('names tests with their folders', () => {
    const tests = [...text.matchAll(/`([\w./-]+\.test\.ts)`/g)].map(([, path = '']) => path);
    expect(tests.filter((path) => !exists(path))).toEqual([]);
  });

  it('links to files that exist', () => {
    const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    const missing = links.filter(
      (link) => !/^[a-z]+:/.test(link) && !existsSync(join(ROOT, dirname(document), link)),
    );
    expect(missing).toEqual([]);
  });
});

/** The rows of the tables of a document, each as its cells; without the heads. */
function tableRows(document: string): string[][] {
  const lines = readFileSync(join(ROOT, document), 'utf8').split('\n');
  return lines
    .filter(
      (line, at) => line.startsWith('|') && !line.startsWith('|--') && !lines[at + 1]?.startsWith('|--'),
    )
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('docs/field-cases.md', () => {
  it.each(tableRows('docs/field-cases.md'))('names tests that exist for: %s', (...cells) => {
    const tests = [...(cells.at(-1) ?? '').matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
    expect(tests).not.toEqual([]);
    expect(tests.filter((path) => !exists(path))).toEqual([]);
  });
});

describe('docs/glossary.md', () => {
  const pages = globSync('renderer/src/**/*zh-cn.ts', { cwd: ROOT })
    .map((path) => readFileSync(join(ROOT, path), 'utf8'))
    .join('\n')
    .replaceAll(/\{\w+\}/g, '{n}');
  const words = tableRows('docs/glossary.md').flatMap(([word = '', chinese = '']) =>
    chinese.split('、').map((one) => [word, one] as const),
  );

  it.each(words.filter(([, chinese]) => chinese !== '—'))('calls %s %s, as the pages do', (_, chinese) => {
    expect(chinese).not.toBe('');
    expect(pages).toContain(chinese);
  });
});
