import { MAX_SLOTS } from '../../shared/domain/slots.ts';

/** The commands that are the same at every station (`shared/domain/scan/parse-scan.ts`), for the card of the manual. */
export const COMMAND_CODES: readonly string[] = [
  ...['START', 'STOP', 'ACK', 'PASS', 'FAIL'].map((command) => `#GW#${command}#`),
  ...Array.from({ length: MAX_SLOTS }, (_, at) => `#GW#SLOT,${at + 1}#`),
];

/** `#GW#SLOT,3#` is `GWSLOT-3.svg` as a QR code, and `GWSLOT-3.bars.svg` as a Code 128. */
export function filesOfCommand(code: string): { readonly square: string; readonly bars: string } {
  const name = code.replaceAll('#', '').replace(',', '-');
  return { square: `${name}.svg`, bars: `${name}.bars.svg` };
}
