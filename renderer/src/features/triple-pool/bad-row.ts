import type { Speaker } from '../../services/i18n/index.ts';
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
  [/; a quote opens in it and closes in line (\d+)$/, (say, line) => say.t('badRow.quote', { line })],
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
  [/^the header stands here again$/, (say) => say.t('badRow.header')],
  [/^NUL bytes stand in it/, (say) => say.t('badRow.nul')],
  [
    /^DeviceSecret is that of line (\d+) under another name$/,
    (say, line) => say.t('badRow.sameSecret', { line }),
  ],
  [
    /^DeviceSecret is that of (\S+) in the ledger \(([\w-]+)\)$/,
    (say, deviceName, state) => say.t('badRow.secretKnown', { deviceName, state: stateWords(say, state) }),
  ],
  [
    /^a row for its unit is in the ledger already: (\S+) \(([\w-]+)\)$/,
    (say, deviceName, state) => say.t('badRow.unitKnown', { deviceName, state: stateWords(say, state) }),
  ],
  [
    /^its unit has (\S+) already \(([\w-]+)\)$/,
    (say, deviceName, state) => say.t('badRow.unitHolds', { deviceName, state: stateWords(say, state) }),
  ],
  [/^MAC is that of line (\d+):/, (say, line) => say.t('badRow.sameMac', { line })],
  [/^serial number is that of line (\d+):/, (say, line) => say.t('badRow.sameSerial', { line })],
  [/^MAC is malformed/, (say) => say.t('badRow.mac')],
  [/^MAC is blank/, (say) => say.t('badRow.macBlank')],
  [/^(DeviceName) is a number that a spreadsheet/, (say, what) => say.t('badRow.short-number', { what })],
  [
    /^serial number is a number that a spreadsheet/,
    (say) => say.t('badRow.short-number', { what: say.t('triples.serial') }),
  ],
  [/^serial number has /, (say) => say.t('badRow.serial')],
  [
    /^(\S+) is in the ledger already \(([\w-]+)\)$/,
    (say, deviceName, state) => say.t('badRow.known', { deviceName, state: stateWords(say, state) }),
  ],
];

function stateWords(say: Speaker, state: string): string {
  return isState(state) ? say.t(stateKey(state)) : state;
}
