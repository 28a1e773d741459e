import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const ROOMS =
  'shared node-kit station registry simulator kiosk electron cli renderer bench scripts tests docs'.split(
    ' ',
  );
/** Paths of an example, and of another project. */
const EXAMPLES = [/\/beep\.ts$/, /^docs\/YIELD_METRICS_GUIDE\.md$/];

const documents = [
  'README.md',
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
    .filter((path) => ROOMS.includes(path.split('/')[0] ?? ''))
    .map((path) => (/[<>*{}]/.test(path) ? dirname(path.slice(0, path.search(/[<>*{}]/)) + 'x') : path));
}

/** Tests may be named without their folder and without `.test.ts`. */
function exists(path: string): boolean {
  return [path, `${path}.ts`, `tests/${path}`, `${path}.test.ts`, `tests/${path}.test.ts`].some((candidate) =>
    existsSync(join(ROOT, candidate)),
  );
}

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(ROOT, document), 'utf8');

  it('names files that exist', () => {
    const missing = namedPaths(text).filter(
      (path) => !exists(path) && !EXAMPLES.some((example) => example.test(path)),
    );
    expect(missing).toEqual([]);
  });

  it('links to files that exist', () => {
    const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    const missing = links.filter(
      (link) => !/^[a-z]+:/.test(link) && !existsSync(join(ROOT, dirname(document), link)),
    );
    expect(missing).toEqual([]);
  });
});
