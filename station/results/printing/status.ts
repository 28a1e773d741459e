import type { PrinterState } from '#shared/contract/index.ts';
import type { PrinterLanguage, PrinterProblem } from '#shared/domain/label-printer.ts';

/** How a printer of a language is asked about its state, and how its answer is read. */
export interface StatusQuestion {
  readonly bytes: Uint8Array;
  /** `null`: the answer is not complete yet. `garbled`: it is none of this language. */
  read(answer: Uint8Array): PrinterState | null | 'garbled';
}

export const STATUS_QUESTIONS: Readonly<Record<PrinterLanguage, StatusQuestion>> = {
  zpl: { bytes: Buffer.from('~HS\r\n', 'latin1'), read: readHostStatus },
  tspl: { bytes: Buffer.from('\x1b!?', 'latin1'), read: readStatusByte },
};

const STX = '\x02';
const ETX = '\x03';
const isFlag = (field: string | undefined): boolean => /^ *[01] *$/.test(field ?? '');
const isCount = (field: string | undefined): boolean => /^ *\d{1,8} *$/.test(field ?? '');
const isSet = (field: string | undefined): boolean => field?.trim() === '1';

/**
 * Reads the three strings of `~HS`, each between STX and ETX. String 1: paper out (2nd field), pause (3rd), formats in the
 * receive buffer (5th), buffer full (6th), configuration lost (10th), too cold, too hot. String 2: head up (3rd), ribbon
 * out (4th), labels that remain of a batch (9th). Source: Zebra, ZPL II Programming Guide, `~HS`.
 */
function readHostStatus(answer: Uint8Array): PrinterState | null | 'garbled' {
  const text = Buffer.from(answer).toString('latin1');
  const strings = text.split(ETX).slice(0, -1);
  if (!text.trimStart().startsWith(STX)) return text.trim() === '' ? null : 'garbled';
  if (strings.length < 3) return null;
  const [first = [], second = []] = strings.map((one) => one.slice(one.indexOf(STX) + 1).split(','));
  if (first.length < 12 || second.length < 11) return 'garbled';
  // A damaged field must not be read as "nothing is wrong, nothing waits": the label would count as printed.
  const fields = [1, 2, 5, 9, 10, 11].map((at) => first[at]).concat(second[2], second[3]);
  if (!fields.every(isFlag) || !isCount(first[4]) || !isCount(second[8])) return 'garbled';
  const flags: readonly (readonly [boolean, PrinterProblem])[] = [
    [isSet(second[2]), 'head-open'],
    [isSet(first[1]), 'paper-out'],
    [isSet(second[3]), 'ribbon-out'],
    [isSet(first[2]), 'paused'],
    [isSet(first[5]), 'buffer-full'],
    [isSet(first[9]), 'memory-lost'],
    [isSet(first[10]), 'too-cold'],
    [isSet(first[11]), 'too-hot'],
  ];
  const waiting = Number(first[4]) + Number(second[8]);
  return stateOf(
    flags.filter(([is]) => is).map(([, problem]) => problem),
    waiting,
  );
}

/**
 * Reads the byte of `<ESC>!?`. Bits: 0 head open, 1 paper jam, 2 out of paper, 3 out of ribbon, 4 pause, 5 printing; 6
 * cover open and 7 another error, which not all printers have. Source: TSC, TSPL/TSPL2 Programming Manual, `<ESC>!?`;
 * Gprinter's manual for the bits 6 and 7.
 */
function readStatusByte(answer: Uint8Array): PrinterState | null | 'garbled' {
  const [byte] = answer;
  if (byte === undefined) return null;
  // A longer answer is a text of another language.
  if (answer.length > 4) return 'garbled';
  const bits = ['head-open', 'jam', 'paper-out', 'ribbon-out', 'paused', null, 'head-open', 'other'] as const;
  const problems = bits.filter((problem, bit) => problem !== null && (byte & (1 << bit)) !== 0);
  const isPrinting = (byte & 0x20) !== 0;
  return stateOf(
    [...new Set(problems)].filter((one) => one !== null),
    isPrinting ? 1 : 0,
  );
}

function stateOf(problems: PrinterProblem[], waiting: number | null): PrinterState {
  return { condition: problems.length === 0 ? 'ready' : 'stopped', problems, waiting };
}

/** A printer that says nothing. */
export const SILENT: PrinterState = { condition: 'silent', problems: [], waiting: null };
