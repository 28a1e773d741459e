import { UNDECODED } from '#shared/codec/text-encoding.ts';
import { Fault } from '#shared/domain/fault.ts';

/** What a disturbed line leaves between characters, and no text has. */
const NUL = '\0';

/** A text that can be recorded. Faults: `device-garbled` for one with bytes that its encoding has no character for, or NUL. */
export function decoded(text: string, name: string, what: string): string {
  if (!text.includes(UNDECODED) && !text.includes(NUL)) return text;
  throw new Fault('device-garbled', `${what}: ${name} has bytes that are no text: "${text}"`, {
    hint: 'Say in device.serial.encoding how the unit writes its text (gb18030), or check the wires to the unit.',
    details: { measurement: name, value: text },
  });
}
