import type { LocalizedText } from '#shared/recipe/index.ts';
import type { LabelPrintRow } from '../../core/database/index.ts';
import type { PromptRequest } from '../run-context/index.ts';

/** Name by which a terminal gives an answer in advance: `--answer label=retry`. */
const STEP = 'label';

const PRINT = { value: 'print', title: { 'zh-CN': '打印', en: 'Print' } };
const SKIP = { value: 'skip', title: { 'zh-CN': '不打印', en: 'Do not print' } };
const RETRY = { value: 'retry', title: { 'zh-CN': '重试', en: 'Try again' } };
const LATER = { value: 'later', title: { 'zh-CN': '以后打印，先放一边', en: 'Later: put it aside' } };
const OUT = { value: 'out', title: { 'zh-CN': '出来了', en: 'It came out' } };
const AGAIN = { value: 'again', title: { 'zh-CN': '没有，再打印', en: 'It did not: print it' } };

/** The questions about a label, by the state of its print. */
export const promptFor = {
  asked: () => choice({ 'zh-CN': '打印标签吗？', en: 'Print the label?' }, [PRINT, SKIP]),
  /** @param goesOn the station prints it as soon as the printer is ready */
  failed: (why: LocalizedText, goesOn: boolean) =>
    choice(
      {
        'zh-CN': `产品合格，标签没有打印：${why['zh-CN']}。${goesOn ? '打印机就绪后会自动打印。' : ''}`,
        en: `The unit passed. Its label was not printed: ${why.en}.${goesOn ? ' It is printed by itself as soon as the printer is ready.' : ''}`,
      },
      [RETRY, LATER],
    ),
  unconfirmed: () =>
    choice(
      {
        'zh-CN': '产品合格。不知道标签是否打印了：请看打印机，标签出来了吗？',
        en: 'The unit passed. It is not known whether its label came out. Look at the printer: is it there?',
      },
      [OUT, AGAIN, LATER],
    ),
  held: (why: LocalizedText) =>
    choice(
      {
        'zh-CN': `打印机已收到标签，还没有打印：${why['zh-CN']}。打印机就绪后标签会自己出来。`,
        en: `The printer has the label and did not print it: ${why.en}. It comes out by itself as soon as the printer is ready.`,
      },
      [OUT, AGAIN, LATER],
    ),
};

/** Asks for a scan of the printed label; `refused` says what the label was that was scanned last. */
export function scanPrompt(
  { serialNumber, deviceName }: LabelPrintRow,
  refused: LocalizedText | null,
): PromptRequest {
  const of = serialNumber ?? deviceName ?? '';
  return {
    step: STEP,
    kind: 'scan',
    ask: {
      'zh-CN': `产品合格。请把 ${of} 的标签贴上，再扫描它。`,
      en: `The unit passed. Put the label of ${of} on it, then scan it.`,
    },
    ...(refused === null ? {} : { refused }),
    image: null,
    choices: [],
    unit: null,
  };
}

function choice(ask: LocalizedText, choices: PromptRequest['choices']): PromptRequest {
  return { step: STEP, kind: 'choice', ask, image: null, choices, unit: null };
}
