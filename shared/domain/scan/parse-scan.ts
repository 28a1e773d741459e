import { decodeLabelText, serialCandidates } from './serial-candidates.ts';
import { withoutInvisible } from './plain-text.ts';

/**
 * A parsed scan. A scanner types like a keyboard and ends with Enter. Command codes are printed on a card at the fixture:
 * `#GW#START#`, `#GW#STOP#`, `#GW#ACK#`, `#GW#SLOT,3#`; prompts are answered with `#GW#PASS#`, `#GW#FAIL#`,
 * `#GW#CHOICE,red#`.
 */
export type Scan =
  | { readonly kind: 'start' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'slot'; readonly slot: number }
  | { readonly kind: 'pass' }
  | { readonly kind: 'fail' }
  | { readonly kind: 'choice'; readonly value: string }
  | {
      readonly kind: 'serial';
      /** The most likely serial number. */
      readonly serialNumber: string;
      /** The possible serial numbers, the most likely first; none for a label without one. */
      readonly candidates: readonly string[];
    }
  | { readonly kind: 'blank' }
  | { readonly kind: 'unknown-command'; readonly text: string };

/**
 * Parses one scanned line. Removes the additions of scanners and input methods (see `serialCandidates`); commands are
 * accepted in upper and lower case.
 */
export function parseScan(line: string): Scan {
  const candidates = serialCandidates(line);
  const [likeliest] = candidates;
  if (likeliest === undefined) {
    const text = withoutInvisible(line);
    return text === '' ? { kind: 'blank' } : { kind: 'serial', serialNumber: text, candidates };
  }
  // A serial number from a label of Gongwei is never a command.
  if (!likeliest.startsWith('#') || decodeLabelText(line) !== null)
    return { kind: 'serial', serialNumber: likeliest, candidates };
  return parseCommand(likeliest);
}

/** A text that is the same for all forms in which scanners send the same code. */
export function normalizedScanText(scan: Scan): string {
  switch (scan.kind) {
    case 'serial':
      return scan.serialNumber;
    case 'slot':
      return `#slot ${scan.slot}`;
    case 'choice':
      return `#choice ${scan.value.toLowerCase()}`;
    case 'unknown-command':
      return scan.text;
    case 'start':
    case 'stop':
    case 'acknowledge':
    case 'pass':
    case 'fail':
    case 'blank':
      return `#${scan.kind}`;
  }
}

function parseCommand(text: string): Scan {
  const choice = /^#GW#CHOICE,([^#]{1,64})#$/i.exec(text);
  // Some scanners change the case: the value is compared without case.
  if (choice?.[1] !== undefined) return { kind: 'choice', value: choice[1].trim() };
  const command = /^#GW#([A-Z]+)(?:,(\d{1,2}))?#$/.exec(text.toUpperCase());
  switch (command?.[1]) {
    case 'START':
      return { kind: 'start' };
    case 'STOP':
      return { kind: 'stop' };
    case 'ACK':
      return { kind: 'acknowledge' };
    case 'PASS':
      return { kind: 'pass' };
    case 'FAIL':
      return { kind: 'fail' };
    case 'SLOT':
      if (command[2] !== undefined) return { kind: 'slot', slot: Number(command[2]) };
      break;
    default:
      break;
  }
  return { kind: 'unknown-command', text };
}
