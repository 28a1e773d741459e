import { type PageDefaults, pageDefaults } from '#shared/contract/settings.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';

/** Key in the table `meta`; persisted. */
export const PAGES = 'pages.defaults';

const NONE: PageDefaults = { language: null, theme: null, sound: true };

/** What pages use until their browser has a choice of its own. A stored text of a later version counts as none. */
export function readPageDefaults(database: ReadableDatabase): PageDefaults {
  const text = database.meta.get(PAGES);
  if (text === null) return NONE;
  return pageDefaults.safeParse(JSON.parse(text)).data ?? NONE;
}
