import type { ChapterName } from '#shared/manual/chapter.ts';

/** The chapters of the manual by the beginning of a route's name: `batch` and `batches` are in the same one. */
const CHAPTER_OF: readonly (readonly [prefix: string, chapter: ChapterName])[] = [
  ['operator', 'line'],
  ['batch', 'batches'],
  ['run', 'runs'],
  ['foreign-run', 'runs'],
  ['recipe', 'recipes'],
  ['label', 'labels'],
  ['return', 'returns'],
  ['unit', 'returns'],
  ['pool', 'triples'],
  ['firmware', 'firmware'],
  ['sync', 'sync'],
  ['user', 'users'],
  ['setup', 'setup'],
  ['station', 'station'],
  ['verify', 'certificates'],
];

/** The chapter about a page; the first one for a page without a chapter of its own. */
export function helpChapterOf(routeName: unknown): ChapterName {
  return CHAPTER_OF.find(([prefix]) => String(routeName).startsWith(prefix))?.[1] ?? 'first-day';
}
