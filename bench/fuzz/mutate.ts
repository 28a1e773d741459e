import type { RandomSource } from './random-source.ts';

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

/** Mutates a valid input by one to four errors that occur in files and on serial lines. */
export function mutate(input: Uint8Array, others: readonly Uint8Array[], random: RandomSource): Uint8Array {
  let bytes = Buffer.from(input);
  for (let times = 1 + random.below(4); times > 0; times--) bytes = Buffer.from(once(bytes, others, random));
  return bytes.subarray(0, LARGEST);
}

function once(bytes: Buffer, others: readonly Uint8Array[], random: RandomSource): Uint8Array {
  const offset = random.below(bytes.length + 1);
  const end = Math.min(bytes.length, offset + random.below(40));
  const put = (middle: Uint8Array | string): Uint8Array =>
    Buffer.concat([bytes.subarray(0, offset), Buffer.from(middle), bytes.subarray(end)]);
  switch (random.below(9)) {
    case 0:
      return put(random.bytes(random.below(8)));
    case 1:
      return put(random.of(EDGES));
    case 2:
      return put(random.of(NUMBERS));
    case 3:
      return put('');
    case 4:
      return bytes.subarray(0, offset);
    case 5: {
      const piece = bytes.subarray(offset, end);
      return put(Buffer.concat(Array.from({ length: 1 + random.below(60) }, () => piece)));
    }
    case 6: {
      const other = Buffer.from(random.of(others));
      const from = random.below(other.length + 1);
      return put(other.subarray(from, from + random.below(400)));
    }
    case 7: {
      const lines = bytes.toString('latin1').split('\n');
      const line = lines.splice(random.below(lines.length), 1);
      lines.splice(random.below(lines.length + 1), 0, ...line);
      return Buffer.from(lines.join('\n'), 'latin1');
    }
    default: {
      if (bytes.length === 0) return random.bytes(4);
      const flipped = Buffer.from(bytes);
      const index = random.below(bytes.length);
      flipped[index] = (flipped[index] ?? 0) ^ (1 << random.below(8));
      return flipped;
    }
  }
}
