import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNodePlatform } from '#station';
import type { FlashProgress } from '../../../../../station/devices/protocols/index.ts';
import { readStoredFirmware } from '../../../../../station/devices/protocols/at-module/index.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { scriptedLink } from './scripted-link.ts';

const { clock } = createNodePlatform('/nowhere');
const hex = (kind: 'md5' | 'sha256', bytes: Uint8Array): string =>
  createHash(kind).update(bytes).digest('hex');

interface Module {
  readonly content: Buffer;
  readonly version?: string;
  readonly md5?: string;
  /** Changes an answer with data; `n` from 0. */
  readonly data?: (answer: string, n: number) => string;
  /** How often it says first that it is busy. */
  readonly busy?: number;
}

/** A module as of the command set V3.2.1, written here: what it has stored for its host. */
function read({ content, version = '2.0', md5 = hex('md5', content), data, busy = 0 }: Module) {
  let [offset, answers, refusals] = [0, 0, busy];
  const link = scriptedLink((line) => {
    if (refusals-- > 0) return '\r\n+CME ERROR:200\r\n';
    if (line === 'AT+TCFWINFO?')
      return `\r\n+TCFWINFO:"${version}",${content.length},"${md5}",716800\r\n\r\nOK\r\n`;
    const length = Number(/^AT\+TCREADFWDATA=(\d+)$/.exec(line)?.[1]);
    const bytes = content.subarray(offset, offset + length);
    offset += bytes.length;
    const answer = `+TCREADFWDATA:${bytes.length},${bytes.toString('hex').toUpperCase()}`;
    return `\r\n${data?.(answer, answers++) ?? answer}\r\n\r\nOK\r\n`;
  });
  const progress: FlashProgress[] = [];
  const request = { version: '2.0', port: link, clock };
  const onProgress = (step: FlashProgress): void => void progress.push(step);
  return { result: readStoredFirmware({ ...request, onProgress }, NEVER_ABORTED), progress, link };
}

describe('the firmware that a module has stored', () => {
  it('is read to its last byte, whatever its size', async () => {
    const sizes = fc.oneof(
      fc.constantFrom(1, 2047, 2048, 2049, 65_536, 65_537),
      fc.integer({ min: 1, max: 9_000 }),
    );
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(255), async (size, seed) => {
        const content = Buffer.from(
          Array.from({ length: size }, (_, n) => (n * 31 + (n >> 8) + seed) & 0xff),
        );
        const { result, progress } = read({ content });
        const expected = {
          version: '2.0',
          bytes: size,
          md5: hex('md5', content),
          sha256: hex('sha256', content),
        };
        expect(await result).toEqual(expected);
        expect(progress.at(-1)).toMatchObject({ stage: 'reading', doneBytes: size, totalBytes: size });
      }),
      { numRuns: 20 },
    );
  });

  it('is asked for again while the module is busy', async () => {
    const content = Buffer.from('firmware');
    expect(await read({ content, busy: 2 }).result).toMatchObject({ bytes: 8 });
  });

  it.each<[what: string, change: Partial<Module>, said: string]>([
    ['of another version', { version: '1.9' }, 'has version 1.9'],
    ['with another MD5', { md5: '0'.repeat(32) }, 'has another MD5 than it says'],
    [
      'that ends early',
      { data: (answer, n) => (n === 0 ? answer : '+TCREADFWDATA:0,') },
      'ends after 2048 of',
    ],
    ['with a wrong length', { data: (answer) => answer.replace(':2048', ':2047') }, 'ends after 0 of'],
    [
      'with more than was asked for',
      { data: (answer) => answer.replace('2048,', '2049,00') },
      'ends after 0 of',
    ],
    ['in no digits', { data: () => '+TCREADFWDATA:4,zzzzzzzz' }, 'ends after 0 of'],
  ])('is refused: one %s', async (_what, change, said) => {
    const content = Buffer.alloc(5_000, 'content');
    const fault = await faultOf(() => read({ content, ...change }).result);
    expect([fault.code, fault.message]).toEqual(['flash-mismatch', expect.stringContaining(said)]);
  });
});
