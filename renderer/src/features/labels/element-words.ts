import type { Translator } from '#services/i18n/index.ts';
import type { ElementData } from './label-data.ts';

/** What an element is called in lists: its id, else what it shows. */
export function elementName(element: ElementData, i18n: Translator): string {
  if (element.id !== undefined && element.id !== '') return element.id;
  if (element.kind === 'text') return element.lines[0] ?? '';
  return 'value' in element ? element.value : i18n.t(`labels.kind.${element.kind}`);
}
