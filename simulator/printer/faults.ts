import { z } from 'zod';
import { parseCheckedJson, readCheckedJson } from '../json/index.ts';

const times = z.int().positive().optional();

/** The closed list of faults of a simulated printer; docs/simulator.md describes each. */
const printerFault = z.discriminatedUnion('fault', [
  z.strictObject({ fault: z.literal('paper-out') }),
  z.strictObject({ fault: z.literal('ribbon-out') }),
  z.strictObject({ fault: z.literal('head-open') }),
  z.strictObject({ fault: z.literal('paused') }),
  z.strictObject({ fault: z.literal('jam') }),
  /** It answers nothing, as printers do that are connected in one direction only. */
  z.strictObject({ fault: z.literal('silent'), times }),
  /** It answers nothing while it is stopped, as some printers of ZPL do without paper, ribbon or closed head. */
  z.strictObject({ fault: z.literal('silent-when-stopped') }),
  /** A label takes this long, and so does each answer. */
  z.strictObject({
    fault: z.literal('slow'),
    labelMs: z.int().min(0).default(1500),
    answerMs: z.int().min(0).default(0),
  }),
  /** The connection is closed after this number of bytes of a connection. */
  z.strictObject({ fault: z.literal('close'), afterBytes: z.int().min(0).default(0), times }),
  z.strictObject({ fault: z.literal('garbage'), times }),
  /** It cannot be reached: its network is off. */
  z.strictObject({ fault: z.literal('offline') }),
  /** Its power fails while it prints: the label ends after this part of it, and its buffer and its connections are gone. */
  z.strictObject({ fault: z.literal('cut-off'), part: z.number().min(0).max(1).default(0.5), times }),
  /** Each label comes out twice. */
  z.strictObject({ fault: z.literal('double'), times }),
  /** The label before comes out once more in place of this one. */
  z.strictObject({ fault: z.literal('old'), times }),
]);
export type PrinterFault = z.infer<typeof printerFault>;
type PrinterFaultName = PrinterFault['fault'];

const NAMES = printerFault.options.map((option) => option.shape.fault.value) as [
  PrinterFaultName,
  ...PrinterFaultName[],
];

/** A fault as written: with its settings, or the name alone for the defaults. */
const writtenFault = z.union([
  z.enum(NAMES).transform((fault): PrinterFault => printerFault.parse({ fault })),
  printerFault,
]);

/** `{"faults":["paper-out",{"fault":"close","afterBytes":40}]}`: a fault file, and a control line. */
const faultList = z.strictObject({ faults: z.array(writtenFault) });

const HINT = 'docs/simulator.md has the faults of a printer: {"faults":["paper-out"]}.';

/** Faults: `bad-input`, which names the text as `where`. */
export function parsePrinterFaults(text: string, where: string): readonly PrinterFault[] {
  return parseCheckedJson(faultList, text, { where, hint: HINT }).faults;
}

/** Reads the file of `--faults`. Faults: `file-missing`, `bad-input`. */
export async function readPrinterFaults(path: string): Promise<readonly PrinterFault[]> {
  return (await readCheckedJson(faultList, path, { where: `the fault file ${path}`, hint: HINT })).faults;
}

/** The faults that a printer has now. */
export class ActivePrinterFaults {
  #faults: PrinterFault[];

  constructor(faults: readonly PrinterFault[]) {
    this.#faults = [...faults];
  }

  get all(): readonly PrinterFault[] {
    return this.#faults;
  }

  set(faults: readonly PrinterFault[]): void {
    this.#faults = [...faults];
  }

  has(name: PrinterFaultName): boolean {
    return this.find(name) !== null;
  }

  find<N extends PrinterFaultName>(name: N): Extract<PrinterFault, { fault: N }> | null {
    const found = this.#faults.find(({ fault }) => fault === name);
    return (found as Extract<PrinterFault, { fault: N }> | undefined) ?? null;
  }

  /** Counts one occurrence: a fault with `times` is removed after its last. */
  take<N extends PrinterFaultName>(name: N): Extract<PrinterFault, { fault: N }> | null {
    const found = this.find(name);
    if (found === null || !('times' in found) || found.times === undefined) return found;
    const left = found.times - 1;
    this.#faults = this.#faults.flatMap((one) =>
      one !== (found as PrinterFault) ? [one] : left === 0 ? [] : [{ ...one, times: left } as PrinterFault],
    );
    return found;
  }
}
