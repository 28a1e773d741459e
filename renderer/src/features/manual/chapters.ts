import { type Chapter, type ChapterName, CHAPTERS } from '#shared/manual/chapter.ts';
import type { Language } from '#services/i18n/index.ts';

/** The files of the manual, which `scripts/vite/manual.ts` turns into data; each is loaded when it is needed. */
const FILES = import.meta.glob<Chapter>('../../../../manual/*/*.md', { import: 'default' });

export type Manual = ReadonlyMap<ChapterName, Chapter>;

/** All chapters of one language in their order. Rejects when a file cannot be loaded. */
export async function loadManual(language: Language): Promise<Manual> {
  const chapters = await Promise.all(
    CHAPTERS.map(async (name) => {
      const load = FILES[`../../../../manual/${language}/${name}.md`];
      return load === undefined ? null : ([name, await load()] as const);
    }),
  );
  return new Map(chapters.filter((chapter) => chapter !== null));
}
