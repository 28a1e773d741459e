import type { Translator } from '#services/i18n/index.ts';

/** Where the unit is, in words: on its slot, or near over Bluetooth; a dash for a unit that was found by a search. */
export function placeText(
  { slot, address }: { readonly slot: number | null; readonly address: string | null },
  { t }: Pick<Translator, 't'>,
): string {
  if (address !== null) return t('returns.place.near', { address });
  return t('returns.place.slot', { slot: slot ?? '—' });
}
