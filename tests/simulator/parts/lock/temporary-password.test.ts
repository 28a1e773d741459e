import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isPassword, passwordAt, passwordOf } from '../../../../simulator/parts/lock/temporary-password.ts';

const SECRET = 'IyXmUW5sU/q1vnb5yzTkeQ==';

describe("a lock's temporary password", () => {
  it('is the HOTP of RFC 4226, appendix D', () => {
    const key = Buffer.from('12345678901234567890');
    const printed = [
      '755224',
      '287082',
      '359152',
      '969429',
      '338314',
      '254676',
      '287922',
      '162583',
      '399871',
      '520489',
    ];
    expect(printed.map((_, counter) => passwordOf(key, counter))).toEqual(printed);
  });

  it('has the secret in base64 as its key and half minutes as its counter', () => {
    expect(passwordAt(SECRET, 1_700_000_000_000)).toBe('953284');
    expect(passwordAt(SECRET, 1_700_000_030_000)).toBe('989204');
  });

  it('is valid for one period before and after, and not for two', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.integer({ min: -3, max: 3 }),
        (timeS, aside) => {
          const password = passwordAt(SECRET, timeS * 1_000, aside);
          const near = [-1, 0, 1].map((n) => passwordAt(SECRET, timeS * 1_000, n));
          expect(isPassword(SECRET, password, timeS * 1_000)).toBe(near.includes(password));
          if (Math.abs(aside) <= 1) expect(near).toContain(password);
        },
      ),
    );
  });
});
