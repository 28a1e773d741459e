import { FAULT_CLASS, type FaultCode } from '#shared/domain/fault.ts';
import { fill, type Filling, fillWhole, type Values } from '../fill.ts';
import type { Language } from '../language.ts';
import { provisioningStage } from '../provisioning-words.ts';
import { answeredFault, answeredValues } from './answered-fault.ts';
import { FAULT_DICTIONARIES } from './dictionaries.ts';
import { failureDetails } from './failure-details.ts';
import { otherAnswer } from './other-answer.ts';
import { provisioningSeen } from './provisioning-seen.ts';
import { registryRefusal } from './registry-refusal.ts';
import { silentEvent } from './silent-event.ts';
import { terminalFault } from './terminal-fault.ts';

export interface FaultTexts {
  /** What happened. */
  readonly message: string;
  /** What to do now. */
  readonly action: string;
  /** The values of the fault in a sentence; `null` when it has none. */
  readonly more: string | null;
}

/** Faults in the words of one language, on pages and in files for people. */
export interface FaultWording {
  /** The texts of a fault for the operator; `values` fill their placeholders. */
  fault(code: FaultCode, values?: Values): FaultTexts;
  /** A short text for a fault, for tables; an unknown code is unchanged. `values`: those of the fault, where they are known. */
  faultName(code: string, values?: Values): string;
  /** The values of a fault in words, for records: command, answer, limits; `null` when it has none that have words. */
  failureDetails(code: string, values: Values): string | null;
}

export function createFaultWording(language: Language): FaultWording {
  const faults = FAULT_DICTIONARIES[language];
  // Values of a fault are not formatted: codes, ports, measured values.
  const asItIs: Filling = { language, number: String };
  return {
    fault(code, given = {}) {
      const answered = answeredFault(language, given);
      const values = inLanguage(answered === null ? given : answeredValues(language, given), language);
      const own =
        answered ??
        terminalFault(language, values) ??
        registryRefusal(language, code, values) ??
        provisioningSeen(language, code, values) ??
        silentEvent(language, code, values) ??
        otherAnswer(language, code, values);
      const { message, action, more } = own ?? faults[code];
      return {
        message: fill(message, values, asItIs),
        action: fill(action, values, asItIs),
        more: more === undefined ? null : fillWhole(more, values, asItIs),
      };
    },
    faultName(code, values = {}) {
      if (!isFaultCode(code)) return code;
      const own = otherAnswer(language, code, values) ?? silentEvent(language, code, values);
      return (own ?? faults[code]).message.replace(/[.。]$/, '');
    },
    failureDetails(code, given) {
      const values = inLanguage(given, language);
      const answered = answeredFault(language, values);
      // A record of another version may have a code that this one does not know.
      const own = isFaultCode(code) ? faults[code].more : undefined;
      if (answered?.more === undefined) return failureDetails(language, own, values, asItIs);
      return fillWhole(answered.more, answeredValues(language, values), asItIs);
    },
  };
}

/** Values in both languages, as `reason.en` and `reason.zh-CN`, by their names; the stage of a provisioning by its name. */
function inLanguage(values: Values, language: Language): Values {
  const ending = `.${language}`;
  const own = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name.endsWith(ending) ? name.slice(0, -ending.length) : name,
      value,
    ]),
  );
  const stage = own['stage'];
  return typeof stage === 'string' ? { ...own, stage: provisioningStage(language, stage) } : own;
}

function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(FAULT_CLASS, code);
}
