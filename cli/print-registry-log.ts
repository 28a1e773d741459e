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
 * Prints errors of a registry (a repeated one only once) and refused requests of devices, whose number the registry limits.
 */
export function createRegistryLogPrinter(out: Output): RegistryLog {
  let last = '';
  return (entry) => {
    const { level, event, details } = entry;
    if (event === 'mqtt.refused') return printRefusal(out, entry);
    if (event === 'mqtt.refusals-counted') {
      out.event('registry.refusals-counted', details);
      printError(
        `registry: ${counted(Number(details['count']), 'more refusal')} in ten seconds, not told one by one`,
      );
      return;
    }
    const said = `${event} ${JSON.stringify(details)}`;
    if (level !== 'error' || said === last) return;
    last = said;
    out.event('registry.trouble', { what: event, ...details });
    printError(`registry: ${said}`);
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

/** `login: the password is not of this DeviceSecret, 12 times`. */
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
  if (found === undefined) throw new Error(`the registry told of ${String(value)}`);
  return found;
}
