import type { RecipeDevice } from '#shared/contract/index.ts';
import type { FlashChip } from '#shared/domain/flash.ts';
import type { Translator } from '#services/i18n/index.ts';

/** The device of a recipe: `Module with AT firmware`, `Described device, ESP32-C3`. */
export function deviceWords(
  { profile, chips, bluetooth }: RecipeDevice,
  i18n: Pick<Translator, 't' | 'list'>,
): string {
  const radio = bluetooth ? [i18n.t('recipes.device.bluetooth')] : [];
  return i18n.list([
    i18n.t(`recipes.device.${profile}`),
    ...radio,
    ...chips.map((chip) => chipWords(chip, i18n)),
  ]);
}

/** The name of a chip, as its maker writes it. */
export function chipWords(chip: FlashChip, { t }: Pick<Translator, 't'>): string {
  if (chip === 'auto') return t('recipes.chip.auto');
  return chip.toUpperCase().replace(/^(ESP32)(?=.)/, '$1-');
}
