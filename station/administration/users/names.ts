import { Fault } from '#shared/domain/fault.ts';
import { isWeakPin } from '#shared/domain/weak-pin.ts';
import type { Role } from '#shared/rpc/index.ts';

/** Names that the records use for a session without a user and for the station itself. */
const RESERVED: ReadonlySet<string> = new Set(['operator', 'station']);
const MAX_CHARACTERS = 64;
const MIN_PIN_OF_OPERATORS = 4;
const MIN_PIN = 6;

/** Trims a name and normalizes its Unicode form, so that a name that is typed twice is the same. Faults: `bad-input`. */
export function checkedName(text: string): string {
  const name = text.trim().normalize('NFC');
  if (name === '' || name.length > MAX_CHARACTERS || /\p{C}/u.test(name)) {
    throw new Fault('bad-input', 'this cannot be the name of a user', {
      hint: `Use 1 to ${MAX_CHARACTERS} printable characters.`,
    });
  }
  if (RESERVED.has(name.toLowerCase())) {
    throw new Fault('bad-input', `${name} is a name of the station itself`, { hint: 'Take another name.' });
  }
  return name;
}

/** The minimum length of a PIN. Roles that can change records or settings have a longer one. */
export function minPinLength(role: Role): number {
  return role === 'operator' ? MIN_PIN_OF_OPERATORS : MIN_PIN;
}

/** Whether the PIN is shorter than is accepted today. */
export function isShort(pin: string, role: Role): boolean {
  return pin.normalize('NFKC').length < minPinLength(role);
}

/** Faults: `bad-input`, without the PIN in it, also for a PIN that is guessed first. */
export function checkedPin(pin: string, role: Role): string {
  const { length } = pin.normalize('NFKC');
  const minLength = minPinLength(role);
  const isText = length >= minLength && length <= MAX_CHARACTERS && !/\p{C}/u.test(pin);
  if (isText && isWeakPin(pin)) {
    throw new Fault('bad-input', 'this PIN is one of those that are guessed first', {
      hint: 'Use no sequence of digits and not one digit repeated.',
    });
  }
  if (isText) return pin;
  throw new Fault('bad-input', `this cannot be a PIN for the role ${role}`, {
    hint: `Use ${minLength} to ${MAX_CHARACTERS} characters, digits or others.`,
  });
}
