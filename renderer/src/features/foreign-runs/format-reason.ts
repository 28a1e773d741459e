import type { Translator } from '#services/i18n/index.ts';

/** The station's reason for a rejected record, in the language of the page; a reason without words is unchanged. */
export function formatReason(i18n: Translator, reason: string): string {
  for (const [pattern, format] of KNOWN) {
    const found = pattern.exec(reason);
    if (found !== null) return format(i18n, found[1] ?? '');
  }
  return reason;
}

const KNOWN: readonly (readonly [RegExp, (i18n: Translator, first: string) => string])[] = [
  [/^it is no JSON$/, (i18n) => i18n.t('foreign.reason.json')],
  [/^it is no XML/, (i18n) => i18n.t('foreign.reason.xml')],
  [/^it has a document type/, (i18n) => i18n.t('foreign.reason.doctype')],
  [/^it has no dut_id/, (i18n) => i18n.t('foreign.reason.openhtf')],
  [
    /^the run (\S+) is here already, with other content$/,
    (i18n, id) => i18n.t('foreign.reason.known', { id }),
  ],
  [/^\w+ is no time of the given form: (.*)$/, (i18n, text) => i18n.t('foreign.reason.time', { text })],
  [/^no such outcome: (.*)$/, (i18n, text) => i18n.t('foreign.reason.outcome', { text })],
  [/^it has no outcome$/, (i18n) => i18n.t('foreign.reason.noOutcome')],
  [/too long$/, (i18n) => i18n.t('foreign.reason.long')],
  [/^it ended before it began$/, (i18n) => i18n.t('foreign.reason.order')],
];
