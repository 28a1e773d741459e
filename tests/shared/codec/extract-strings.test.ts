import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isExtracted, extractStrings } from '#shared/codec/extract-strings.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('strings taken out of JSON', () => {
  it('are the values of the key in order; the rest is unchanged, whatever its layout', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9+/=]{0,40}$/);
    const row = fc.record({
      deviceName: fc.string(),
      deviceSecret: secret,
      other: fc.jsonValue({ maxDepth: 2 }),
      'a "deviceSecret" : ': fc.string(),
    });
    fc.assert(
      fc.property(fc.array(row), fc.constantFrom(0, 2, '\t'), fc.boolean(), (triples, indent, escaped) => {
        const text = JSON.stringify({ deviceName: 'deviceSecret', triples }, null, indent);
        const json = bytesOf(escaped ? text.replaceAll('/', '\\/') : text);
        const taken = extractStrings(json, 'deviceSecret').map(textOf);
        // What jsonValue made up may have the key by chance; then it is taken as well.
        fc.pre(!JSON.stringify(triples.map(({ other }) => other)).includes('deviceSecret'));
        expect(taken).toEqual(triples.map(({ deviceSecret }) => deviceSecret));
        const left = JSON.parse(textOf(json)) as { triples: typeof triples };
        const normal = JSON.parse(text) as { triples: typeof triples };
        expect(left.triples.map((one) => ({ ...one, deviceSecret: '' }))).toEqual(
          normal.triples.map((one) => ({ ...one, deviceSecret: '' })),
        );
        for (const { deviceSecret } of left.triples) expect(isExtracted(deviceSecret)).toBe(true);
      }),
    );
  });

  it('are unchanged if they are not secrets (other types, escapes, controls); malformed input ends', () => {
    for (const value of ['12', 'null', '{"a":"b"}', '["b"]', '"a\\u0041"', '"a\\"b"', '"é"']) {
      const text = `{"deviceSecret": ${value}, "x": "y"}`;
      const json = bytesOf(text);
      expect(extractStrings(json, 'deviceSecret')).toEqual([]);
      expect(textOf(json)).toBe(text);
    }
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void extractStrings(bytes, 'a')));
    expect(extractStrings(bytesOf('{"deviceSecret":"cut off'), 'deviceSecret')).toHaveLength(1);
  });
});
