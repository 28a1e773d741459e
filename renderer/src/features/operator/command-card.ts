import type { Translator } from '#services/i18n/index.ts';

/** The keys of the line and what they do. */
export function keysOf({ t }: Translator): readonly (readonly [key: string, meaning: string])[] {
  return [
    [t('key.space'), t('help.space')],
    ['Esc', t('help.esc')],
    ['Enter', t('help.enter')],
    ['Enter Y', t('help.answerGood')],
    ['⌫ N', t('help.answerNotGood')],
    ['1 … 9', t('help.answerChoice')],
    ['Tab', t('help.answerNext')],
    ['F1', t('help.f1')],
    ['F2', t('help.f2')],
    ['F3', t('help.f3')],
    ['F6', t('help.f6')],
    ['F7', t('help.f7')],
    ['F8', t('help.f8')],
    ['F9', t('help.f9')],
  ];
}

/** The codes that a scanner reads as commands (`shared/domain/scan/parse-scan.ts`), and what they do. */
export function commandsOf({ t }: Translator): readonly (readonly [code: string, meaning: string])[] {
  return [
    ['#GW#START#', t('help.start')],
    ['#GW#STOP#', t('help.stop')],
    ['#GW#ACK#', t('help.ack')],
    ['#GW#SLOT,3#', t('help.slot')],
    ['#GW#PASS#', t('help.codePass')],
    ['#GW#FAIL#', t('help.codeFail')],
    ['#GW#CHOICE,red#', t('help.codeChoice')],
  ];
}
