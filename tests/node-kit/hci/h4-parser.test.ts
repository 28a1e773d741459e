import fc from 'fast-check';
import { expect, test } from 'vitest';
import { H4Parser } from '#node-kit/hci/index.ts';

const bytes = (max: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength: max }).map((b) => Buffer.from(b));
const command = fc
  .tuple(fc.integer({ min: 0, max: 0xffff }), bytes(255))
  .map(([opcode, p]) => Buffer.concat([Buffer.of(1, opcode & 255, opcode >> 8, p.length), p]));
const event = bytes(255).map((p) => Buffer.concat([Buffer.of(4, 0x0e, p.length), p]));
const acl = bytes(600).map((p) =>
  Buffer.concat([Buffer.of(2, 0x40, 0x20, p.length & 255, p.length >> 8), p]),
);

test('packets are complete, however the bytes are split', () => {
  const stream = fc.tuple(
    fc.array(fc.oneof(command, event, acl), { maxLength: 8 }),
    fc.infiniteStream(fc.nat(40)),
  );
  fc.assert(
    fc.property(stream, ([packets, cuts]) => {
      const parser = new H4Parser();
      const out: Buffer[] = [];
      let rest: Buffer = Buffer.concat(packets);
      for (const cut of cuts) {
        out.push(...parser.push(rest.subarray(0, cut + 1)));
        rest = rest.subarray(cut + 1);
        if (rest.length === 0) break;
      }
      expect(out).toEqual(packets);
    }),
  );
});

test('bytes that cannot begin a packet are skipped', () => {
  const reset = Buffer.from('01030c00', 'hex');
  expect(new H4Parser().push(Buffer.concat([Buffer.from('00ff7e', 'hex'), reset]))).toEqual([reset]);
});
