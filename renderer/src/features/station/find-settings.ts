import type { PlainMessageKey } from '#services/i18n/index.ts';
import { ELSEWHERE, SEARCH_WORDS } from './search-words.ts';
import { SECTIONS } from './sections.ts';
import { stationEn } from './words.en.ts';
import { stationZhCN } from './words.zh-cn.ts';

export interface FoundSetting {
  readonly id: string;
  readonly title: PlainMessageKey;
  /** The section that it is in; `null` for a page of its own. */
  readonly section: PlainMessageKey | null;
  /** Where a click leads. */
  readonly to: { readonly name: string; readonly query?: { readonly at: string } };
}

const plain = (text: string): string => text.normalize('NFKC').toLowerCase();
const LANGUAGES: readonly Readonly<Record<string, string>>[] = [stationEn, stationZhCN];

/**
 * The settings that have each word of the search in their texts, in those of their section, or among their other words: in both
 * languages, because the names of parts are read on adapters and printers. Settings whose own title has the search come first.
 */
export function findSettings(search: string, text: (key: PlainMessageKey) => string): FoundSetting[] {
  const words = plain(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found = [...ofThisPage(), ...ELSEWHERE.map((other) => ofAnotherPage(other))]
    .map(({ keys, more, ...setting }) => ({ setting, all: plain([allTexts(keys, text), more].join(' ')) }))
    .filter(({ all }) => words.every((word) => all.includes(word)))
    .map(({ setting }) => setting);
  const isByTitle = ({ title }: FoundSetting): boolean =>
    words.every((word) => plain(text(title)).includes(word));
  return [...found.filter(isByTitle), ...found.filter((setting) => !isByTitle(setting))];
}

interface Searched extends FoundSetting {
  /** The texts in which it is looked for. */
  readonly keys: readonly (PlainMessageKey | undefined)[];
  readonly more: string;
}

function ofThisPage(): Searched[] {
  return SECTIONS.flatMap((section) =>
    section.settings.map(({ id, title, about }) => ({
      id,
      title,
      section: section.title,
      to: { name: `station-${section.id}`, query: { at: id } },
      keys: [section.title, title, about],
      more: SEARCH_WORDS[`${section.id}/${id}`] ?? '',
    })),
  );
}

function ofAnotherPage({ id, title, route, words }: (typeof ELSEWHERE)[number]): Searched {
  return { id, title, section: null, to: { name: route }, keys: [title], more: words };
}

function allTexts(
  keys: readonly (PlainMessageKey | undefined)[],
  text: (key: PlainMessageKey) => string,
): string {
  return keys
    .flatMap((key) => (key === undefined ? [] : [text(key), ...LANGUAGES.map((texts) => texts[key] ?? '')]))
    .join(' ');
}
