import { Fault } from '#shared/domain/fault.ts';

/** The seat's own operator and the station itself: names in the records that are nobody's. */
const RESERVED: ReadonlySet<string> = new Set(['operator', 'station']);
const MOST_CHARACTERS = 64;
const LEAST_PIN = 4;

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

/** Faults: `bad-input`, without the PIN in it. */
export function checkedPin(pin: string): string {
  const { length } = pin.normalize('NFKC');
  if (length >= LEAST_PIN && length <= MOST_CHARACTERS && !/\p{C}/u.test(pin)) return pin;
  throw new Fault('bad-input', 'that cannot be a PIN', {
    hint: `Use ${LEAST_PIN} to ${MOST_CHARACTERS} characters; six digits are a good PIN.`,
  });
}
