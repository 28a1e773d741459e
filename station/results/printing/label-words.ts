import type { OldLabel } from '#shared/contract/index.ts';
import { Fault, type FaultView } from '#shared/domain/fault.ts';
import { PRINTER_PROBLEMS, type PrinterProblem } from '#shared/domain/label-printer.ts';
import type { LocalizedText } from '#shared/recipe/index.ts';
import { createFaultWording } from '#shared/words/faults/index.ts';
import { PRINTER_PROBLEM_WORDS } from '#shared/words/index.ts';
import type { LabelVerdict } from './judge-label.ts';

const isProblem = (text: unknown): text is PrinterProblem =>
  (PRINTER_PROBLEMS as readonly unknown[]).includes(text);

/** Why a label was not printed, as a part of a sentence without its full stop. */
export function problemWords({ code, details }: Pick<FaultView, 'code' | 'details'>): LocalizedText {
  const { problem } = details;
  if (code === 'printer-not-ready' && isProblem(problem)) return PRINTER_PROBLEM_WORDS[problem];
  const words = (language: 'zh-CN' | 'en'): string => createFaultWording(language).faultName(code, details);
  // It follows a colon.
  return { 'zh-CN': words('zh-CN'), en: words('en').replace(/^The /, 'the ') };
}

/** What a scanned label is that is not the one of this unit, and what to do. */
export function verdictWords(verdict: Exclude<LabelVerdict, { kind: 'own' }>): LocalizedText {
  switch (verdict.kind) {
    case 'old': {
      const since = minuteOf(verdict.sinceMs);
      const { because, deviceName } = verdict;
      return {
        'zh-CN': `这是旧标签（${deviceName}），${since} 起作废${because === '' ? '' : `，原因：${because}`}。请撕掉它。`,
        en: `This is an old label (${deviceName}), void since ${since}${because === '' ? '' : ` because: ${because}`}. Take it off.`,
      };
    }
    case 'void': {
      const since = minuteOf(verdict.sinceMs);
      return {
        'zh-CN': `这张标签（${verdict.deviceName}）${since} 起作废，原因：${verdict.because}。`,
        en: `This label (${verdict.deviceName}) is void since ${since} because: ${verdict.because}.`,
      };
    }
    case 'other-unit': {
      const of = verdict.serialNumber ?? verdict.deviceName;
      return verdict.isOnItsUnit
        ? {
            'zh-CN': `这是 ${of} 的标签，而 ${of} 上已经有一张：它被打印了两次。请撕掉这一张。`,
            en: `This is the label of ${of}, which has one already: it was printed twice. Take this one off.`,
          }
        : {
            'zh-CN': `这是 ${of} 的标签：标签可能贴反了。请检查这两个产品。`,
            en: `This is the label of ${of}: two labels may be swapped. Check both units.`,
          };
    }
    case 'unknown':
      return { 'zh-CN': '这不是本产品的标签。', en: 'This is no label of this unit.' };
  }
}

/** A scan that cannot start anything, of a label that is valid no more. */
export function oldLabelFault({ deviceName, sinceMs, because }: OldLabel): Fault {
  const since = minuteOf(sinceMs);
  return new Fault('label-old', `this is an old label (${deviceName}), void since ${since}`, {
    hint: 'Take it off; take the unit to the returns desk if it has no other label.',
    details: { deviceName, since, ...(because === '' ? {} : { because }) },
  });
}

/** `2026-12-01 14:05`, in the time of this computer. */
function minuteOf(atMs: number): string {
  const at = new Date(atMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
