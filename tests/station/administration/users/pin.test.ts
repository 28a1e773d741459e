import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { hashPin, verifyPin } from '../../../../station/administration/users/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { createNodeRandom } from '../../../../station/devices/drivers/node/random.ts';

const cheap = { random: createNodeRandom(), scryptLog2N: 10 };

describe('a PIN', () => {
  it('is kept as scrypt with its cost and a salt of its own, and nothing of it can be read there', async () => {
    const usual = await hashPin('246813', { random: createNodeRandom() });
    expect(usual).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    await expect(verifyPin('246813', usual)).resolves.toBe(true);
    const [one, two] = [await hashPin('246813', cheap), await hashPin('246813', cheap)];
    expect(one).not.toBe(two);
    expect(one).not.toContain('246813');
    await expect(verifyPin('246813', one)).resolves.toBe(true);
    await expect(verifyPin('246813', two)).resolves.toBe(true);
    await expect(verifyPin('246814', one)).resolves.toBe(false);
    await expect(verifyPin('', one)).resolves.toBe(false);
  });

  it('is what Python makes of the same salt and cost', async () => {
    const [, , , salt = '', hash = ''] = (await hashPin('密码 2468', cheap)).split('$');
    const script = `import base64,hashlib,sys
salt=base64.b64decode(sys.argv[1]+'==')
print(base64.b64encode(hashlib.scrypt('密码 2468'.encode(),salt=salt,n=2**10,r=8,p=1,maxmem=2**28,dklen=32)).decode().rstrip('='))`;
    const peer = execFileSync('python3', ['-X', 'utf8', '-c', script, salt], { encoding: 'utf8' });
    expect(peer.trim()).toBe(hash);
  });

  it('of another cost is still accepted: the vector of RFC 7914 section 12', async () => {
    const expected =
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887';
    const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
    const stored = `$scrypt$ln=14,r=8,p=1$${base64(Buffer.from('SodiumChloride'))}$${base64(Buffer.from(expected, 'hex'))}`;
    await expect(verifyPin('pleaseletmein', stored)).resolves.toBe(true);
    await expect(verifyPin('pleaseletmeout', stored)).resolves.toBe(false);
  });

  it('typed in full width on a Chinese keyboard is the same', async () => {
    const stored = await hashPin('2468', cheap);
    await expect(verifyPin('２４６８', stored)).resolves.toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['plain text', '1234'],
    ['another algorithm', '$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA'],
    ['a cost that would eat the computer', `$scrypt$ln=30,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`],
  ])('kept as %s is said to be damaged and is nobody’s', async (_, stored) => {
    const fault = await faultOf(() => verifyPin('1234', stored));
    expect(fault.code).toBe('database-corrupt');
  });
});
