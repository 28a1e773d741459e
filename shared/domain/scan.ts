/**
 * What came out of the scanner. A scanner is a keyboard that ends with Enter; command codes are printed on a card
 * beside the fixture: `#GW#START#`, `#GW#STOP#`, `#GW#ACK#`, `#GW#SLOT,3#`, and what a recipe's question is answered
 * with: `#GW#PASS#`, `#GW#FAIL#`, `#GW#CHOICE,red#`.
 */
export type Scan =
  | { readonly kind: 'start' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'slot'; readonly slot: number }
  | { readonly kind: 'pass' }
  | { readonly kind: 'fail' }
  | { readonly kind: 'choice'; readonly value: string }
  | { readonly kind: 'serial'; readonly serialNumber: string }
  | { readonly kind: 'blank' }
  | { readonly kind: 'unknown-command'; readonly text: string };

/** Reads one scanned line. Control characters that scanners add are dropped; case of commands does not matter. */
export function parseScan(line: string): Scan {
  // eslint-disable-next-line no-control-regex -- scanners prefix and suffix with control characters (AIM ids, STX, ETX)
  const text = line.replace(/[\u0000-\u001f\u007f\u200b\ufeff]/g, '').trim();
  if (text === '') return { kind: 'blank' };
  if (!text.startsWith('#')) return { kind: 'serial', serialNumber: text };
  const choice = /^#GW#CHOICE,([^#]{1,64})#$/i.exec(text);
  // Some scanners change the case of everything: the value is compared without it.
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
