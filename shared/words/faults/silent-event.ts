import type { FaultCode } from '#shared/domain/fault.ts';
import type { FaultWords } from './fault-dictionary.ts';
import type { Values } from '../fill.ts';
import type { Language } from '../language.ts';

const WORDS: Readonly<Record<Language, FaultWords>> = {
  'zh-CN': {
    message: '设备注册中心没有收到产品的事件。',
    action: '请再测一次。仍收不到，放到不良区。',
    more: '事件 {event}',
  },
  en: {
    message: 'The registry received no such event of the unit.',
    action: 'Test it again. If it stays so, put it with the bad units.',
    more: 'Event {event}',
  },
};

/** The texts for a unit whose event the registry did not receive: its cable is not the cause. `null` for any other fault. */
export function silentEvent(language: Language, code: FaultCode, { event }: Values): FaultWords | null {
  return code === 'device-silent' && typeof event === 'string' ? WORDS[language] : null;
}
