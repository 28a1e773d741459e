import type { Translator } from '#services/i18n/index.ts';
import { isState, stateKey } from './states.ts';

/** The station's reason for a rejected row, in the language of the page; an unknown reason is unchanged. */
export function formatBadRow(i18n: Translator, reason: string): string {
  for (const [pattern, format] of KNOWN) {
    const found = pattern.exec(reason);
    if (found !== null) return format(i18n, found[1] ?? '', found[2] ?? '');
  }
  return reason;
}

const KNOWN: readonly (readonly [RegExp, (i18n: Translator, first: string, second: string) => string])[] = [
  [
    /; a quote opens in it and closes in line (\d+)$/,
    (i18n, line) => i18n.t('triples.badRow.quote', { line }),
  ],
  [
    /^short row: (\d+) of (\d+) /,
    (i18n, cells, columns) => i18n.t('triples.badRow.short', { cells, columns }),
  ],
  [
    /^long row: (\d+) cells under (\d+) /,
    (i18n, cells, columns) => i18n.t('triples.badRow.long', { cells, columns }),
  ],
  [/^no DeviceName$/, (i18n) => i18n.t('triples.badRow.noName')],
  [/^no ProductId$/, (i18n) => i18n.t('triples.badRow.noProduct')],
  [/^no DeviceSecret$/, (i18n) => i18n.t('triples.badRow.noSecret')],
  [/^ProductId is malformed/, (i18n) => i18n.t('triples.badRow.product')],
  [/^DeviceSecret is neither/, (i18n) => i18n.t('triples.badRow.secret')],
  [/^duplicate of line (\d+)$/, (i18n, line) => i18n.t('triples.badRow.duplicate', { line })],
  [
    /^DeviceName has (\d+) characters, the limit is (\d+)$/,
    (i18n, length, limit) => i18n.t('triples.badRow.tooLong', { length, limit }),
  ],
  [/^DeviceName has an illegal character: a blank$/, (i18n) => i18n.t('triples.badRow.blank')],
  [
    /^DeviceName has an illegal character: (.+)$/,
    (i18n, character) => i18n.t('triples.badRow.illegal', { character }),
  ],
  [/^the header stands here again$/, (i18n) => i18n.t('triples.badRow.header')],
  [/^NUL bytes stand in it/, (i18n) => i18n.t('triples.badRow.nul')],
  [
    /^DeviceSecret is that of line (\d+) under another name$/,
    (i18n, line) => i18n.t('triples.badRow.sameSecret', { line }),
  ],
  [
    /^DeviceSecret is that of (\S+) in the ledger \(([\w-]+)\)$/,
    (i18n, deviceName, state) =>
      i18n.t('triples.badRow.secretKnown', { deviceName, state: formatState(i18n, state) }),
  ],
  [
    /^a row for its unit is in the ledger already: (\S+) \(([\w-]+)\)$/,
    (i18n, deviceName, state) =>
      i18n.t('triples.badRow.unitKnown', { deviceName, state: formatState(i18n, state) }),
  ],
  [
    /^its unit has (\S+) already \(([\w-]+)\)$/,
    (i18n, deviceName, state) =>
      i18n.t('triples.badRow.unitHolds', { deviceName, state: formatState(i18n, state) }),
  ],
  [/^MAC is that of line (\d+):/, (i18n, line) => i18n.t('triples.badRow.sameMac', { line })],
  [/^serial number is that of line (\d+):/, (i18n, line) => i18n.t('triples.badRow.sameSerial', { line })],
  [/^MAC is malformed/, (i18n) => i18n.t('triples.badRow.mac')],
  [/^MAC is blank/, (i18n) => i18n.t('triples.badRow.macBlank')],
  [
    /^(DeviceName) is a number that a spreadsheet/,
    (i18n, what) => i18n.t('triples.badRow.short-number', { what }),
  ],
  [
    /^serial number is a number that a spreadsheet/,
    (i18n) => i18n.t('triples.badRow.short-number', { what: i18n.t('triples.serial') }),
  ],
  [/^serial number has /, (i18n) => i18n.t('triples.badRow.serial')],
  [
    /^(\S+) is in the ledger already \(([\w-]+)\)$/,
    (i18n, deviceName, state) =>
      i18n.t('triples.badRow.known', { deviceName, state: formatState(i18n, state) }),
  ],
];

function formatState(i18n: Translator, state: string): string {
  return isState(state) ? i18n.t(stateKey(state)) : state;
}
