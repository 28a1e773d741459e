import {
  REFUSAL_REASONS,
  REFUSAL_WORDS,
  REFUSED_ACTS,
  REFUSED_ACT_WORDS,
  type RefusalReason,
  type RefusedAct,
} from '#shared/domain/mqtt-refusal.ts';
import { counted } from '#shared/words/index.ts';
import type { RegistryLog, RegistryLogEntry } from '#registry';
import { printError, type Output } from './output.ts';

/**
 * Prints each error of the registry (repeats only once) and each refused request of a device; the registry limits how many
 * refusals it logs.
 */
export function createRegistryLogPrinter(out: Output): RegistryLog {
  let last = '';
  return (entry) => {
    const { level, event, details } = entry;
    if (event === 'mqtt.refused') return printRefusal(out, entry);
    if (event === 'mqtt.refusals-counted') {
      out.event('registry.refusals-counted', details);
      printError(
        `registry: ${counted(Number(details['count']), 'further refusal')} within 10 s ${Number(details['count']) === 1 ? 'was' : 'were'} only counted`,
      );
      return;
    }
    const message = `${event} ${JSON.stringify(details)}`;
    if (level !== 'error' || message === last) return;
    last = message;
    out.event('registry.error', { what: event, ...details });
    printError(`registry: ${message}`);
  };
}

function printRefusal(out: Output, { details }: RegistryLogEntry): void {
  const message = formatRefusal({
    act: oneOf(REFUSED_ACTS, details['act']),
    reason: oneOf(REFUSAL_REASONS, details['reason']),
    detail: String(details['detail']),
    count: Number(details['count']),
  });
  out.event('registry.refused', { ...details, message });
  const who = details['clientId'] === '' ? 'an unnamed client' : String(details['clientId']);
  printError(`registry: refused ${who} at ${String(details['address'])}: ${message}`);
}

/** One line for a refused request: `login: the password is not of this DeviceSecret, 12 times`. */
export function formatRefusal(refusal: {
  readonly act: RefusedAct;
  readonly reason: RefusalReason;
  readonly detail: string;
  readonly count: number;
}): string {
  const { act, reason, detail, count } = refusal;
  const what = detail === '' ? '' : ` (${detail})`;
  const times = count === 1 ? '' : `, ${count} times`;
  return `${REFUSED_ACT_WORDS[act].en}${what}: ${REFUSAL_WORDS[reason].en}${times}`;
}

function oneOf<T extends string>(list: readonly T[], value: unknown): T {
  const found = list.find((one) => one === value);
  if (found === undefined) throw new Error(`unknown act or reason in the registry's log: ${String(value)}`);
  return found;
}
