import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../../shared/domain/fault.ts';
import { openTripleFile, readTripleCsv } from '../../../../station/identity/import/index.ts';
import { DEVICE_NAME, DEVICE_SECRET } from '#shared/domain/triple.ts';
import { digest, SECRET, secretOf, fixture, chunksOf, read, collect, faultOf } from './read-rows.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

describe('files that are not what they should be', () => {
  it.each([
    ['an empty file', '', 'the file is empty'],
    ['blank lines only', '\n\n', 'only blank lines'],
    ['a zip archive', Buffer.from('504b0304140006000800', 'hex'), 'a zip archive'],
    [
      'an Excel workbook',
      Buffer.from('504b030414000600080000005b436f6e74656e745f54797065735d', 'hex'),
      '(.xlsx)',
    ],
    ['an old Excel workbook', Buffer.from('d0cf11e0a1b11ae10000', 'hex'), 'an old Excel workbook (.xls)'],
    [
      'an old Excel workbook of a web server',
      Buffer.from('0908080000050500', 'hex'),
      'an old Excel workbook (.xls)',
    ],
    ['an Excel 2 workbook', Buffer.from('0900040002001000', 'hex'), 'an old Excel workbook (.xls)'],
    ['a web page called .xls', '\uFEFF \n<html xmlns:x="urn:x"><table><tr><td>a</td>', 'a web page (HTML)'],
    ['a web page that begins with a comment', '<!-- export --><table>', 'a web page (HTML)'],
    ['a part of a web page', '<thead><tr><th>DeviceName', 'a web page (HTML)'],
    ['a web page of an XML kind', '<?xml version="1.0"?>\n<!DOCTYPE html><html>', 'a web page (HTML)'],
    ['a web page in one file', 'MIME-Version: 1.0\r\nContent-Type: multipart/related', 'MHTML'],
    ['an XML workbook', '<?xml version="1.0"?>\n<Workbook>', 'an XML file'],
    ['JSON', '[{"DeviceName":"dev1"}]', 'a JSON file'],
    ['only a header', `DeviceName,Psk,ProductId`, 'no row below its header in line 1'],
    [
      'a quote never closed',
      `DeviceName,Psk,ProductId\ndev0,${SECRET},PID1\n"dev1,${secretOf(1)},PID1\ndev2,${secretOf(2)},PID1\n`,
      'line 3: a quote opens there and is never closed',
    ],
    [
      'a quote never closed in a long file',
      `DeviceName,Psk,ProductId\nx,"y,z\n${'x,y,z\n'.repeat(20000)}`,
      'line 2: a quote opens',
    ],
    [
      'NULs in the middle',
      Buffer.concat([Buffer.from('DeviceName,Psk\nab'), Buffer.alloc(2 ** 21), Buffer.from('x')]),
      'NUL bytes in the middle',
    ],
  ])('%s gets one clear fault', async (_name, content, words) => {
    for (const size of [13, 4096]) {
      const fault = await faultOf(read(content, {}, size));
      expect(fault.code).toBe('csv-invalid');
      expect(fault.message).toContain(words);
      expect(fault.hint).not.toBeNull();
      expect(fault.message).not.toContain(SECRET);
    }
  });

  it('a malformed product for all rows is refused before anything is read', async () => {
    const options = { defaultProductId: 'no good' };
    expect(await faultOf(read('', options))).toMatchObject({ code: 'bad-input' });
  });

  it('a path that leads nowhere, or to a folder, is said so', async () => {
    expect(await faultOf(openTripleFile(fixture('none.csv')))).toMatchObject({ code: 'file-missing' });
    expect(await faultOf(openTripleFile(fixture('.')))).toMatchObject({ code: 'bad-input' });
  });
});

describe('secrets', () => {
  it('are found however the file is cut into chunks, beside long names, marks and other columns', async () => {
    const secret = fc.oneof(
      fc.constantFrom(SECRET, 'ABCD', 'a'.repeat(2000), '0123456789abcdef0123456789ABCDEF', `${SECRET}=`, ''),
      fc.base64String({ minLength: 4, maxLength: 52 }),
    );
    const name = fc.constantFrom(
      'dev',
      'a-very_LONG-name0123456789',
      'x'.repeat(46),
      'A\u0001B',
      'RGV2aWNlMQ==',
    );
    const remark = fc.constantFrom(
      '',
      '"a, ""quote"',
      'AAAABBBBCCCC\u0001000000\u0001',
      '备注ABCDEFGHIJ',
      '\u0001',
    );
    const row = fc.record({ name, secret, remark });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 6 }),
        fc.integer({ min: 1, max: 90 }),
        async (all, size) => {
          fc.pre(all.length > 0);
          const rows = all.map((one, n) => ({ ...one, name: one.name + String(n) }));
          const lines = rows.map((one, n) => `${one.remark},${one.secret},${one.name},PRODUCTID${n}`);
          const result = await read(`remark,psk,DeviceName,ProductId\r\n${lines.join('\r\n')}`, {}, size);
          const found = result.map((one) =>
            'triple' in one ? [one.triple.productId, one.triple.deviceName, one.triple.deviceSecret] : null,
          );
          const seen = new Set<string>();
          expect(found).toEqual(
            rows.map((one, n) => {
              if (!DEVICE_NAME.test(one.name) || !DEVICE_SECRET.test(one.secret)) return null;
              // Of rows with one secret the first is right.
              if (seen.has(one.secret.toLowerCase())) return null;
              seen.add(one.secret.toLowerCase());
              return [`PRODUCTID${n}`, one.name, one.secret];
            }),
          );
        },
      ),
    );
  });

  it('are in no reason, whatever is wrong with the row', async () => {
    const cell = fc.constantFrom(
      '',
      'dev1',
      'bad name',
      'PID1',
      SECRET,
      `${SECRET}!`,
      `x"${SECRET}`,
      `${SECRET}\n`,
    );
    const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const content = `DeviceName,Psk,ProductId\n${rows.map((row) => row.join(',')).join('\n')}`;
        const outcome = await read(content).catch((error: unknown) => [String(error)]);
        const shown = outcome.filter((row) => typeof row === 'string' || 'reason' in row);
        expect(JSON.stringify(shown)).not.toContain(SECRET.slice(0, 8));
      }),
    );
  });
});

describe('a reader that stops', () => {
  it('closes the file when the consumer has seen enough', async () => {
    const content = `DeviceName,Psk,ProductId\n${`dev1,${SECRET},PID1\n`.repeat(50000)}`;
    const opened: Readable[] = [];
    const source = (): Readable => {
      const file = Readable.from(chunksOf(content, 4096));
      opened.push(file);
      return file;
    };
    for await (const row of readTripleCsv(source, { digest }, NEVER_ABORTED)) {
      expect(row.line).toBe(2);
      break;
    }
    expect(opened.length).toBeGreaterThan(1);
    expect(opened.every((file) => file.destroyed)).toBe(true);
  });

  it('ends with the reason of the signal, even when the source never says another byte', async () => {
    const stop = new AbortController();
    const source = new Readable({ read: () => undefined });
    source.push(`DeviceName,Psk,ProductId\ndev1,${SECRET},PID1\n`);
    const reading = collect(readTripleCsv(() => source, { digest }, stop.signal));
    queueMicrotask(() => stop.abort(new Fault('interrupted', 'the page was closed')));
    expect(await faultOf(reading)).toMatchObject({ code: 'interrupted' });
    expect(source.destroyed).toBe(true);
  });

  it('does not begin when it is stopped already', async () => {
    const source = (): Readable => Readable.from(chunksOf('x'));
    expect(await faultOf(collect(readTripleCsv(source, { digest }, AbortSignal.abort())))).toMatchObject({
      code: 'cancelled',
    });
  });
});
