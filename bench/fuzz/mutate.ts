import type { Dice } from './random-source.ts';

const LARGEST = 20_000;
const EDGES = [
  '\0',
  '\r\n',
  '\r',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '#',
  '&a',
  '*a',
  '!!js',
  '${',
  '%',
  '\ufeff',
  '😀',
  '\ud800',
];
const NUMBERS = ['-1', '0', '1e309', '99999999999999999999', '0.1', 'NaN', '-0', '0x41', '1_000'];

/** An input made of a good one by a few of the accidents that files and wires have. */
export function mutate(input: Uint8Array, others: readonly Uint8Array[], dice: Dice): Uint8Array {
  let bytes = Buffer.from(input);
  for (let times = 1 + dice.below(4); times > 0; times--) bytes = Buffer.from(once(bytes, others, dice));
  return bytes.subarray(0, LARGEST);
}

function once(bytes: Buffer, others: readonly Uint8Array[], dice: Dice): Uint8Array {
  const at = dice.below(bytes.length + 1);
  const end = Math.min(bytes.length, at + dice.below(40));
  const put = (middle: Uint8Array | string): Uint8Array =>
    Buffer.concat([bytes.subarray(0, at), Buffer.from(middle), bytes.subarray(end)]);
  switch (dice.below(9)) {
    case 0:
      return put(dice.bytes(dice.below(8)));
    case 1:
      return put(dice.of(EDGES));
    case 2:
      return put(dice.of(NUMBERS));
    case 3:
      return put('');
    case 4:
      return bytes.subarray(0, at);
    case 5: {
      const piece = bytes.subarray(at, end);
      return put(Buffer.concat(Array.from({ length: 1 + dice.below(60) }, () => piece)));
    }
    case 6: {
      const other = Buffer.from(dice.of(others));
      const from = dice.below(other.length + 1);
      return put(other.subarray(from, from + dice.below(400)));
    }
    case 7: {
      const lines = bytes.toString('latin1').split('\n');
      const line = lines.splice(dice.below(lines.length), 1);
      lines.splice(dice.below(lines.length + 1), 0, ...line);
      return Buffer.from(lines.join('\n'), 'latin1');
    }
    default: {
      if (bytes.length === 0) return dice.bytes(4);
      const flipped = Buffer.from(bytes);
      const index = dice.below(bytes.length);
      flipped[index] = (flipped[index] ?? 0) ^ (1 << dice.below(8));
      return flipped;
    }
  }
}
