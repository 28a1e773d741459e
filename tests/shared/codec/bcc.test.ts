import { describe, expect, it } from 'vitest';
import { bcc } from '../../../shared/codec/bcc.ts';

describe('the block check character of a secret', () => {
  it.each([
    ['ZHNkIGRzZCA=', 116],
    ['IyXmUW5sU/q1vnb5yzTkeQ==', 60],
    ['', 0],
  ])('of %j is %i', (secret, expected) => {
    expect(bcc(secret)).toBe(expected);
  });
});
