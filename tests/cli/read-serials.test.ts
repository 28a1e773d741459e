import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import { readSerials } from '../../cli/run/read-serials.ts';
import { tempDir } from '../support/temp-dir.ts';
import { NEVER_ABORTED } from '../support/never-aborted.ts';

const dir = tempDir('read-serials');
afterAll(() => dir[Symbol.dispose]());

function file(content: string | Uint8Array): string {
  const path = join(dir.path, 'list.txt');
  writeFileSync(path, content);
  return path;
}
const silent = (): void => undefined;
const read = (path: string) => readSerials(path, silent, NEVER_ABORTED);

async function faultOf(path: string): Promise<Fault> {
  try {
    await read(path);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('a list of serial numbers', () => {
  it('counts lines as an editor does: with empty ones, any line end, without the byte order mark', async () => {
    expect(await read(file('\uFEFFSN000001\r\n\r\n \t\n  SN000002 \nSN000003'))).toEqual([
      { line: 1, serialNumber: 'SN000001' },
      { line: 4, serialNumber: 'SN000002' },
      { line: 5, serialNumber: 'SN000003' },
    ]);
  });

  it.each([
    ['GBK', Uint8Array.of(0x53, 0x4e, 0x31, 0x0a, 0xb9, 0xa4, 0xce, 0xbb, 0x0a), 2],
    ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x53, 0x00, 0x4e, 0x00, 0x0a, 0x00), 1],
    ['UTF-16 without a mark', Uint8Array.of(0x53, 0x00, 0x4e, 0x00, 0x0a, 0x00), 1],
  ])('refuses %s with the line', async (_name, bytes, line) => {
    const path = file(bytes);
    const { code, message } = await faultOf(path);
    expect({ code, message }).toEqual({
      code: 'bad-input',
      message: expect.stringMatching(/list\.txt:\d+:\d+: this file is .*UTF-8/) as string,
    });
    expect(message).toContain(`${path}:${line}:`);
  });

  it('is read from standard input as it arrives, and only while the command runs', async () => {
    const slow = new PassThrough();
    const listed = readSerials('-', silent, NEVER_ABORTED, slow);
    slow.write('SN0000');
    setImmediate(() => slow.end('01\n'));
    expect(await listed).toEqual([{ line: 1, serialNumber: 'SN000001' }]);

    const ctrlC = new AbortController();
    const never = readSerials('-', silent, ctrlC.signal, new PassThrough());
    ctrlC.abort(new Fault('cancelled', 'stopped by Ctrl-C at the terminal'));
    await expect(never).rejects.toThrow('stopped by Ctrl-C');
  });

  it('refuses a list without numbers, and a path that is not a file', async () => {
    expect((await faultOf(file('\r\n \n'))).code).toBe('bad-input');
    expect((await faultOf(dir.path)).code).toBe('file-missing');
  });
});
