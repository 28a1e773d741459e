import { z } from 'zod';
import { PRINTER_LANGUAGES, PRINTER_PROBLEMS, PRINTER_RESOLUTIONS } from '../domain/label-printer.ts';
import { call, topic } from '../rpc/contract.ts';
import { empty, EVERYONE, faultView } from './common.ts';

/** The label printer of a station. */
export const printerSetting = z.object({
  /** `tcp://host:9100`, `queue:NAME` for a queue of the operating system, else a port: `usb:1-1.4`, `COM3`, `/dev/usb/lp0`. */
  place: z.string().trim().min(1).max(300),
  language: z.enum(PRINTER_LANGUAGES),
  dpi: z.literal(PRINTER_RESOLUTIONS),
  /** Size of one label, mm. */
  widthMm: z.number().min(10).max(250),
  heightMm: z.number().min(5).max(500),
  /** Gap between two labels, mm; 0 for a roll without gaps. */
  gapMm: z.number().min(0).max(20),
  /** Bit rate of a serial port; other places ignore it. */
  baudRate: z.int().min(300).max(1_000_000),
});
export type PrinterSetting = z.infer<typeof printerSetting>;

/** A printer, or a port that may have one, as this computer has it now. */
export const printerPlace = z.object({
  place: z.string(),
  kind: z.enum(['queue', 'usb', 'serial']),
  /** The name that the system or the adapter reports. */
  title: z.string().nullable(),
});
export type PrinterPlace = z.infer<typeof printerPlace>;

export const printerView = z.object({
  setting: printerSetting.nullable(),
  /** What can be chosen. An address on the network is typed. */
  places: z.array(printerPlace),
});
export type PrinterView = z.infer<typeof printerView>;

/**
 * What a printer says. `ready`: it prints. `stopped`: it does not, by `problems`. `silent`: it takes data and does not
 * answer, so that nothing is known of it, as with most queues.
 */
export const printerState = z.object({
  condition: z.enum(['ready', 'stopped', 'silent']),
  problems: z.array(z.enum(PRINTER_PROBLEMS)),
  /** Labels that it has received and not printed; null where it does not say. */
  waiting: z.int().nullable(),
});
export type PrinterState = z.infer<typeof printerState>;

const ENGINEER = ['engineer'] as const;

export const printerCalls = {
  'printer.get': call(ENGINEER, empty, printerView, { automatic: true, atOnce: false }),
  /** `null`: this station has none. Faults: `bad-input` for an address that is none. */
  'printer.set': call(ENGINEER, z.strictObject({ setting: printerSetting.nullable() }), printerView, {
    automatic: false,
    atOnce: false,
  }),
  /** Asks the printer. Faults: `not-configured`, `printer-unreachable`. */
  'printer.state': call(ENGINEER, empty, printerState, { automatic: false, atOnce: false }),
  /**
   * Prints a label that shows the set size. `isConfirmed`: the printer says that it came out; false where it says nothing.
   * Faults: `not-configured`, `printer-unreachable`, `printer-not-ready`, `printer-lost`.
   */
  'printer.test': call(ENGINEER, empty, z.object({ isConfirmed: z.boolean(), state: printerState }), {
    automatic: false,
    atOnce: false,
  }),
};

/** The station's printer as it was asked last; both `null` for none, and until it was asked. */
export const printerHealth = z.object({
  state: printerState.nullable(),
  /** Why it could not be asked. */
  fault: faultView.nullable(),
});
export type PrinterHealth = z.infer<typeof printerHealth>;

export const printerTopics = {
  printer: topic(EVERYONE, { snapshot: printerHealth, delta: printerHealth, apply: (_, next) => next }),
};
