import { Fault } from '#shared/domain/fault.ts';
import type { Role } from '#shared/rpc/index.ts';

/** The session's own operator and the station itself: names in the records that are nobody's. */
const RESERVED: ReadonlySet<string> = new Set(['operator', 'station']);
const MOST_CHARACTERS = 64;
const LEAST_OF_OPERATORS = 4;
const LEAST_PIN = 6;

/** Trimmed, in one Unicode form, so that a name typed twice is one name. Faults: `bad-input`. */
export function checkedName(text: string): string {
  const name = text.trim().normalize('NFC');
  if (name === '' || name.length > MOST_CHARACTERS || /\p{C}/u.test(name)) {
    throw new Fault('bad-input', 'that cannot be the name of a person', {
      hint: `Use 1 to ${MOST_CHARACTERS} printable characters.`,
    });
  }
  if (RESERVED.has(name.toLowerCase())) {
    throw new Fault('bad-input', `${name} is a name of the station itself`, { hint: 'Take another name.' });
  }
  return name;
}

/** How short the PIN of a role may be: whoever can change records or settings has a longer one. */
export function leastPin(role: Role): number {
  return role === 'operator' ? LEAST_OF_OPERATORS : LEAST_PIN;
}

/** Whether a PIN was taken when shorter ones were. */
export function isShort(pin: string, role: Role): boolean {
  return pin.normalize('NFKC').length < leastPin(role);
}

/** Faults: `bad-input`, without the PIN in it. */
export function checkedPin(pin: string, role: Role): string {
  const { length } = pin.normalize('NFKC');
  const least = leastPin(role);
  if (length >= least && length <= MOST_CHARACTERS && !/\p{C}/u.test(pin)) return pin;
  throw new Fault('bad-input', `that cannot be a PIN for the role ${role}`, {
    hint: `Use ${least} to ${MOST_CHARACTERS} characters, digits or others.`,
  });
}
