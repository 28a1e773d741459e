import { z } from 'zod';
import { parseCheckedJson } from '../json/index.ts';

const times = z.int().positive().optional();

/** The closed list of faults of a simulated instrument; docs/simulator.md describes each. */
const instrumentFault = z.discriminatedUnion('fault', [
  /** It executes messages and answers nothing. */
  z.strictObject({ fault: z.literal('silent'), times }),
  /** Each message takes this long. */
  z.strictObject({ fault: z.literal('slow'), ms: z.int().min(0).max(600_000).default(1000), times }),
  /** A message with a question closes its connection, before the answer. */
  z.strictObject({ fault: z.literal('drop'), times }),
  /** Adds an entry to the error queue with each message that is no question about errors. */
  z.strictObject({
    fault: z.literal('error'),
    code: z.enum(['-240', '-222', '-113']).default('-240'),
    times,
  }),
  /** It answers with noise. */
  z.strictObject({ fault: z.literal('garbage'), times }),
  /** Its answers end in the middle. */
  z.strictObject({ fault: z.literal('cut'), times }),
  /**
   * The answer to a question comes this much later. The next message is executed after it; with `overtaken` before it, as a gateway to
   * several instruments does, which waits for what is pending with `*OPC?` alone.
   */
  z.strictObject({
    fault: z.literal('late-answer'),
    ms: z.int().min(0).max(600_000).default(1000),
    overtaken: z.boolean().optional(),
    times,
  }),
  /** An answer has a second line, which comes this much later, whatever is answered until then. */
  z.strictObject({
    fault: z.literal('two-lines'),
    text: z.string().max(100).default('9.999'),
    ms: z.int().min(0).max(600_000).default(0),
    times,
  }),
]);
export type InstrumentFault = z.infer<typeof instrumentFault>;
type InstrumentFaultName = InstrumentFault['fault'];

const NAMES = instrumentFault.options.map((option) => option.shape.fault.value) as [
  InstrumentFaultName,
  ...InstrumentFaultName[],
];
const writtenFault = z.union([
  z.enum(NAMES).transform((fault): InstrumentFault => instrumentFault.parse({ fault })),
  instrumentFault,
]);
const faultList = z.strictObject({ faults: z.array(writtenFault) });

/** Reads `{"faults":["silent",{"fault":"slow","ms":500}]}`. Faults: `bad-input`, which names the text as `where`. */
export function parseInstrumentFaults(text: string, where: string): readonly InstrumentFault[] {
  const hint = 'docs/simulator.md has the faults of an instrument: {"faults":["silent"]}.';
  return parseCheckedJson(faultList, text, { where, hint }).faults;
}

/** The faults that an instrument has now. */
export class ActiveInstrumentFaults {
  #faults: readonly InstrumentFault[];

  constructor(faults: readonly InstrumentFault[]) {
    this.#faults = faults;
  }

  set(faults: readonly InstrumentFault[]): void {
    this.#faults = faults;
  }

  /** Counts one occurrence where the fault `applies`: a fault with `times` is removed after its last. */
  take<N extends InstrumentFaultName>(
    name: N,
    applies: (fault: Extract<InstrumentFault, { fault: N }>) => boolean = () => true,
  ): Extract<InstrumentFault, { fault: N }> | null {
    const found = this.#faults.find(({ fault }) => fault === name);
    if (found === undefined || !applies(found as Extract<InstrumentFault, { fault: N }>)) return null;
    const left = (found.times ?? Infinity) - 1;
    if (found.times !== undefined)
      this.#faults = this.#faults.flatMap((one) =>
        one !== found ? [one] : left === 0 ? [] : [{ ...one, times: left }],
      );
    return found as Extract<InstrumentFault, { fault: N }>;
  }
}
