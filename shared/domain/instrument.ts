import { z } from 'zod';
import { TEXT_ENCODINGS } from '../codec/text-encoding.ts';

/** Name of an instrument, as a recipe writes it: `psu`. */
export const INSTRUMENT_NAME = /^[a-z][a-z0-9-]{0,31}$/;

/**
 * `scpi`: a SCPI instrument (IEEE 488.2), which has `*IDN?` and an error queue. `text`: any device that speaks lines of text. `place`:
 * nothing is sent to it; slots that share its address have it in turns.
 */
export const INSTRUMENT_KINDS = ['scpi', 'text', 'place'] as const;

/**
 * Name of the screen that units of several slots see: a slot that has it shows a Wi-Fi code when its turn has come. A recipe does not name
 * it, because the fixture alone tells which units see the same screen.
 */
export const CODE_SCREEN = 'code-screen';

/** What ends a message to an instrument. */
export const INSTRUMENT_ENDS = ['lf', 'crlf', 'cr', 'none'] as const;

/** A named instrument of a station: how it is reached, and what is sent to it by the station itself. */
export const instrumentSetting = z.strictObject({
  name: z
    .string()
    .regex(
      INSTRUMENT_NAME,
      'begins with a lower-case letter and has lower-case letters, digits and - only, 32 at most',
    ),
  /** The slot that it serves; `null`: every slot that has no instrument of its own under this name. */
  slot: z.int().min(1).max(64).nullable().default(null),
  /** `tcp://host:5025`, or a serial port by its path or USB location; of a place any text. */
  address: z.string().trim().min(1).max(300),
  kind: z.enum(INSTRUMENT_KINDS).default('scpi'),
  end: z.enum(INSTRUMENT_ENDS).default('lf'),
  /** Settings of a serial port; an address on the network ignores them. */
  baudRate: z.int().min(300).max(4_000_000).default(9600),
  encoding: z.enum(TEXT_ENCODINGS).default('utf-8'),
  /** True: the error queue is read after each step, `SYST:ERR?`. Only for `scpi`. */
  checksErrors: z.boolean().default(true),
  /** How long a slot waits for its turn, in milliseconds. */
  turnTimeoutMs: z.int().min(1000).max(3_600_000).default(600_000),
  /** Sent when an instrument is given back, as `OUTP OFF`; `null`: nothing. */
  onRelease: z.string().trim().min(1).max(200).nullable().default(null),
});
export type InstrumentSetting = z.infer<typeof instrumentSetting>;

/** Most instruments of a station. */
export const MAX_INSTRUMENTS = 64;

export const instrumentSettings = z.array(instrumentSetting).max(MAX_INSTRUMENTS);

/** The instrument that a slot uses under a name: its own, else the one of all slots; `null` when there is none. */
export function instrumentFor(
  settings: readonly InstrumentSetting[],
  name: string,
  slot: number,
): InstrumentSetting | null {
  const named = settings.filter((setting) => setting.name === name);
  return (
    named.find((setting) => setting.slot === slot) ?? named.find((setting) => setting.slot === null) ?? null
  );
}

/** An instrument in words: its name, and its slot when it serves one alone. */
export function instrumentTitle({ name, slot }: Pick<InstrumentSetting, 'name' | 'slot'>): string {
  return slot === null ? name : `${name} of slot ${slot}`;
}
