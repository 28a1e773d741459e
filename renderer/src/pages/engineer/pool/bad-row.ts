import type { Speaker } from '../../../i18n/index.ts';
import { isState, stateKey } from './states.ts';

/** The station's reason for refusing a row, in the language of the page; one that is not known here as it came. */
export function badRowWords(say: Speaker, reason: string): string {
  for (const [pattern, words] of KNOWN) {
    const found = pattern.exec(reason);
    if (found !== null) return words(say, found[1] ?? '', found[2] ?? '');
  }
  return reason;
}

const KNOWN: readonly (readonly [RegExp, (say: Speaker, first: string, second: string) => string])[] = [
  [/^short row: (\d+) of (\d+) /, (say, cells, columns) => say.t('badRow.short', { cells, columns })],
  [/^long row: (\d+) cells under (\d+) /, (say, cells, columns) => say.t('badRow.long', { cells, columns })],
  [/^no DeviceName$/, (say) => say.t('badRow.noName')],
  [/^no ProductId$/, (say) => say.t('badRow.noProduct')],
  [/^no DeviceSecret$/, (say) => say.t('badRow.noSecret')],
  [/^ProductId is malformed/, (say) => say.t('badRow.product')],
  [/^DeviceSecret is neither/, (say) => say.t('badRow.secret')],
  [/^duplicate of line (\d+)$/, (say, line) => say.t('badRow.duplicate', { line })],
  [
    /^DeviceName has (\d+) characters, the limit is (\d+)$/,
    (say, length, limit) => say.t('badRow.tooLong', { length, limit }),
  ],
  [/^DeviceName has an illegal character: a blank$/, (say) => say.t('badRow.blank')],
  [/^DeviceName has an illegal character: (.+)$/, (say, character) => say.t('badRow.illegal', { character })],
  [
    /^(\S+) is in the ledger already \(([\w-]+)\)$/,
    (say, deviceName, state) =>
      say.t('badRow.known', { deviceName, state: isState(state) ? say.t(stateKey(state)) : state }),
  ],
];
