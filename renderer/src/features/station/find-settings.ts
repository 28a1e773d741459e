import type { PlainMessageKey } from '#services/i18n/index.ts';
import { type Section, SECTIONS } from './sections.ts';

export interface FoundSetting {
  readonly section: Section;
  readonly setting: Section['settings'][number];
}

const plain = (text: string): string => text.normalize('NFKC').toLowerCase();

/** The settings whose texts, or those of their section, have each word of the search. */
export function findSettings(search: string, text: (key: PlainMessageKey) => string): FoundSetting[] {
  const words = plain(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return SECTIONS.flatMap((section) =>
    section.settings
      .filter(({ title, about }) => {
        const all = plain([section.title, title, about].map((key) => (key ? text(key) : '')).join(' '));
        return words.every((word) => all.includes(word));
      })
      .map((setting) => ({ section, setting })),
  );
}
