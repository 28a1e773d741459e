import { expect, it } from 'vitest';
import { spellsSecret } from '../../../../../station/devices/protocols/described/spells-secret.ts';

const SECRET = 'IyXmUW5sU/q1vnb5yzTkeQ==';

it('a secret is found in other case, with blanks between, and in hex', () => {
  const hex = Buffer.from(SECRET).toString('hex');
  for (const answer of [
    `ERR VALUE ${SECRET.toLowerCase()}`,
    SECRET.toUpperCase(),
    [...SECRET].join(' '),
    hex.toUpperCase().replaceAll(/../g, '$& '),
  ])
    expect(spellsSecret(Buffer.from(answer), SECRET)).toBe(true);
});

it('other answers, a part of a secret and short secrets are not taken for it', () => {
  for (const answer of ['OK', 'ERR VALUE', SECRET.slice(0, 12), ''])
    expect(spellsSecret(Buffer.from(answer), SECRET)).toBe(false);
  expect(spellsSecret(Buffer.from('ERR abc'), 'abc')).toBe(false);
});
