import { describe, expect, it } from 'vitest';
import { compareVersions, isVersion } from '#shared/domain/version.ts';

describe('versions', () => {
  it('are ordered as Semantic Versioning 2.0.0 orders them', () => {
    // The example of its paragraph 11, and numbers that are longer than others.
    const ascending = [
      '0.9.10',
      '0.10.0',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
      '2.0.0',
      '10.0.0',
    ];
    for (const [left, one] of ascending.entries())
      for (const [right, other] of ascending.entries())
        expect(Math.sign(compareVersions(one, other)), `${one} ${other}`).toBe(Math.sign(left - right));
    expect(compareVersions('1.2.3+one', '1.2.3+other')).toBe(0);
  });

  it('are told from other texts', () => {
    for (const text of ['', '1', '1.2', 'latest', '1.2.3.4', '1.2.x', '99999999999.0.0'])
      expect(isVersion(text), text).toBe(false);
    expect(() => compareVersions('1.0.0', 'latest')).toThrow(RangeError);
  });
});
