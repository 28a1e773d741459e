import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifySignedFile } from '../../../../station/core/signed-files/index.ts';
import { canonicalJson } from '../../../../shared/codec/canonical-json.ts';
import { documentFile } from '../../../../shared/signed/index.ts';
import { depth, LONG } from '../../../support/depth.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { BALANCE, CERTIFICATE, KEY_A, KEY_B, signature, signed, signedText } from './sample-documents.ts';

const FILES = {
  certificate: signed(CERTIFICATE),
  balance: signed(BALANCE),
  'balance as text': signedText(BALANCE),
};
const kinds = Object.entries(FILES);

/** The first changed files that were accepted, for a short message. */
function accepted(file: Buffer, bits: Iterable<number>): number[] {
  const found: number[] = [];
  for (const bit of bits) {
    const changed = Buffer.from(file);
    const at = bit >> 3;
    changed[at] = (changed[at] ?? 0) ^ (1 << (bit & 7));
    if (verifySignedFile(changed).whole) found.push(bit);
  }
  return found;
}

/** Numbers of a linear congruential generator (Knuth, MMIX), so that a failure can be repeated. */
function* randomBits(count: number, below: number): Generator<number> {
  let state = 20261201n;
  for (let n = 0; n < count; n += 1) {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    yield Number((state >> 33n) % BigInt(below));
  }
}

describe('a signed file', () => {
  it.each(kinds)('is whole as it was written: %s', (_, file) => {
    expect(verifySignedFile(file)).toMatchObject({ whole: true, station: 'Montage é 一号' });
  });

  it.each(kinds)('is not whole after any change of one bit: %s', (_, file) => {
    const count = depth({ short: 300, long: 10_000 });
    expect(accepted(file, randomBits(count, file.length * 8))).toEqual([]);
  });

  it.runIf(LONG)('is not whole after a change of any bit of a small certificate', () => {
    const file = signed({ ...CERTIFICATE, measured: 0, measurements: [] });
    expect(accepted(file, Array.from({ length: file.length * 8 }).keys())).toEqual([]);
  });

  it.each(kinds)(
    'is not whole when it is cut, doubled, or has something before or after it: %s',
    (_, file) => {
      const text = file.toString();
      const cuts = Array.from({ length: 40 }, (_, n) => file.subarray(0, Math.floor((file.length * n) / 40)));
      const others = [
        file.subarray(0, -1),
        file.subarray(1),
        Buffer.concat([file, file]),
        Buffer.from(`\uFEFF${text}`),
        Buffer.from(`${text}\n`),
        Buffer.from(`${text} `),
        Buffer.from(text.replace('\n', '\r\n')),
        Buffer.from(text, 'utf16le'),
        Buffer.from(text.normalize('NFD')),
        Buffer.from(text.replace('Montage', ' Montage')),
        Buffer.concat([file, Buffer.of(0)]),
      ];
      for (const changed of [...cuts, ...others]) expect(verifySignedFile(changed).whole).toBe(false);
    },
  );

  it('is not whole with other blanks, another order or a doubled member, although the values are the same', () => {
    const text = FILES.certificate.toString();
    const value = JSON.parse(text) as object;
    const others = [
      `${JSON.stringify(value, null, 2)}\n`,
      `${JSON.stringify(Object.fromEntries(Object.entries(value).reverse()))}\n`,
      text.replace('{"document":{', '{"document":{"kind":"birth-certificate",'),
      text.replace('"document":', '"document": '),
      text.replace('"algorithm"', '"algorithm":"Ed25519","algorithm"'),
      text.replace('}\n', ',"note":"x"}\n'),
      text.replace('{"document":', '{"document":{},"document":'),
      text.replace('é', '\\u00e9'),
      // The last letter of Base64 has bits that no byte has.
      text.replace(/(.)=="\}/, (_, letter: string) => `${String.fromCharCode(letter.charCodeAt(0) + 1)}=="}`),
      text.replace(
        /(.)=","value"/,
        (_, letter: string) => `${String.fromCharCode(letter.charCodeAt(0) + 1)}=","value"`,
      ),
    ];
    expect(new Set([text, ...others]).size).toBe(others.length + 1);
    for (const changed of others) expect(verifySignedFile(Buffer.from(changed)).whole, changed).toBe(false);
  });

  it('with doubled members is not whole even when somebody signed it so', () => {
    const content = canonicalJson(CERTIFICATE).replace('{', '{"appVersion":"2",');
    const file = documentFile(content, signature('birth-certificate', content, KEY_A));
    expect(verifySignedFile(Buffer.from(file))).toEqual({ whole: false, problem: 'malformed' });
  });

  it('is not whole with the signature or the key of another one', () => {
    const certificate = canonicalJson(CERTIFICATE);
    const of = (...made: Parameters<typeof signature>): Buffer =>
      Buffer.from(documentFile(certificate, signature(...made)));
    // The same bytes, signed as a document of another kind.
    for (const kind of ['batch-balance', 'batch-balance-text', 'station-key'] as const)
      expect(verifySignedFile(of(kind, certificate, KEY_A))).toEqual({ whole: false, problem: 'changed' });
    const foreign = signature('birth-certificate', certificate, KEY_B);
    const own = signature('birth-certificate', certificate, KEY_A);
    const { keyId, publicKey } = own;
    const mixed = documentFile(certificate, { ...foreign, keyId, publicKey });
    expect(verifySignedFile(Buffer.from(mixed))).toEqual({ whole: false, problem: 'changed' });
    const named = documentFile(certificate, { ...foreign, keyId });
    expect(verifySignedFile(Buffer.from(named))).toEqual({ whole: false, problem: 'key-mismatch' });
    // Whole, with the key of its signer: only a comparison of keys shows whose it is.
    expect(verifySignedFile(of('birth-certificate', certificate, KEY_B))).toMatchObject({
      whole: true,
      keyId: foreign.keyId,
    });
  });

  it('of another program is not signed', () => {
    for (const text of ['', '{}', '{"document":1}', 'runId,outcome\n1,PASS\n', '\u0000\u0001'])
      expect(verifySignedFile(Buffer.from(text)).whole).toBe(false);
    const future = canonicalJson({ ...CERTIFICATE, version: 2 });
    const file = documentFile(future, signature('birth-certificate', future, KEY_A));
    expect(verifySignedFile(Buffer.from(file))).toEqual({ whole: false, problem: 'version' });
  });

  it('of two megabytes is verified', () => {
    const registered = Array.from({ length: 10_000 }, (_, n) => ({
      ...(BALANCE.lists.registered[0] ?? never()),
      deviceName: `dev_${n}`,
    }));
    const file = signed({ ...BALANCE, lists: { ...BALANCE.lists, registered } });
    expect(file.length).toBeGreaterThan(1_500_000);
    expect(verifySignedFile(file).whole).toBe(true);
  });
});

describe('the commands of docs/certificates.md', () => {
  it.each(kinds.filter(([kind]) => kind !== 'balance'))(
    'verify with python3 and openssl alone, and refuse a changed file: %s',
    (_, file) => {
      using dir = tempDir();
      const script = join(dir.path, 'verify.sh');
      writeFileSync(script, commandsOfDocs());
      const run = (content: Uint8Array): string => {
        writeFileSync(join(dir.path, 'FILE'), content);
        try {
          return execFileSync('sh', [script], { cwd: dir.path, encoding: 'utf8', stdio: 'pipe' });
        } catch (error) {
          return String((error as { stdout: string }).stdout);
        }
      };
      const { keyId } = signature('birth-certificate', '', KEY_A);
      expect(run(file)).toMatch(/Signature Verified Successfully/);
      expect(run(file)).toContain(keyId);
      expect(run(Buffer.from(file.toString().replace('SN0001', 'SN0002')))).not.toMatch(
        /Verified Successfully/,
      );
    },
  );
});

/** The first block of commands for a shell that the document has. */
function commandsOfDocs(): string {
  const text = readFileSync(join(import.meta.dirname, '../../../../docs/certificates.md'), 'utf8');
  return /```sh\n([^]*?)```/.exec(text)?.[1] ?? never();
}

function never(): never {
  throw new Error('missing');
}
