import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { TripleNote } from '#shared/contract/index.ts';
import { noteText } from '../../../../station/identity/import/index.ts';
import { secretOf, read, readFault, S1, S2, S3 } from './read-spreadsheet.ts';

describe('one secret under several names', () => {
  it('is refused by line, and the line of the first is named', async () => {
    const { rows } = await read(`DeviceName,Psk\nd1,${S1}\nd2,${S2}\nd3,${S1}\nd4,"=""${S1}"""\n`);
    expect(rows).toEqual([
      '2: d1',
      '3: d2',
      '4: DeviceSecret is that of line 2 under another name',
      '5: DeviceSecret is that of line 2 under another name',
    ]);
  });

  it('is one in either case of its hex digits', async () => {
    const hex = '0123456789abcdef0123456789abcdef';
    const { rows } = await read(`DeviceName,Psk\nd1,${hex}\nd2,${hex.toUpperCase()}\n`);
    expect(rows[1]).toContain('that of line 2');
  });
});

it.each([
  ['masked by a console', `${S1.slice(0, 4)}****************${S1.slice(-4)}`],
  ['of stars', '*'.repeat(24)],
  ['of Chinese letters', '设备密钥设备密钥'],
  ['of base64url', `${S1.slice(0, 10)}-_${S1.slice(12)}`],
  ['with a blank within', `${S1.slice(0, 10)} ${S1.slice(11)}`],
])('a secret %s is none', async (_, text) => {
  expect((await read(`DeviceName,Psk\nd1,${text}\n`)).rows).toEqual([
    '2: DeviceSecret is neither base64 nor 32 hex digits',
  ]);
});

it('base64 that ends in other bits is the same key', async () => {
  const key = 'AAECAwQFBgcICQoLDA0ODw==';
  const { rows } = await read(
    `DeviceName,Psk\nd1,${key}\nd2,${key.replace('w==', 'z==')}\nd3,${key.replace('Dw==', 'Dg==')}\n`,
  );
  expect(rows).toEqual(['2: d1', '3: DeviceSecret is that of line 2 under another name', '4: d3']);
});

it('a NUL in a small file makes no UTF-16 file of it, and no secret is in what is said', async () => {
  const rows = `PID1,lamp1,${S1}\nPID1,la\0mp2,${S2}\n`;
  expect((await read(`ProductId,DeviceName,DeviceSecret\n${rows}`)).rows).toEqual(
    ['2: PID1/lamp1', '3: NUL bytes stand in it: the file is damaged here'].map((row) =>
      row.replace('PID1/', ''),
    ),
  );
  // Taken for UTF-16 by a wrong mark, a secret is Chinese letters, of which it can be made again.
  for (const mark of [
    [0xff, 0xfe],
    [0xfe, 0xff],
  ]) {
    const fault = await readFault(Buffer.concat([Buffer.from(mark), Buffer.from(`a,b,${S1}  \n${S2}\n`)]));
    const told = `${fault.message} ${fault.hint}`;
    const units = [...told].flatMap((letter) => [letter.charCodeAt(0) >> 8, letter.charCodeAt(0) & 0xff]);
    const swapped = [...told].flatMap((letter) => [letter.charCodeAt(0) & 0xff, letter.charCodeAt(0) >> 8]);
    for (const bytes of [units, swapped])
      expect(Buffer.from(bytes.filter((byte) => byte > 0)).toString('latin1')).not.toContain(S1.slice(4, 14));
  }
});

describe('columns that are not what their header says', () => {
  const hex = (n: number): string => createHash('md5').update(`h${n}`).digest('hex');

  it('a second header in another order refuses the file: names below it would be secrets', async () => {
    for (const other of ['DeviceSecret,DeviceName', 'Psk,设备名称', '\uFEFFdevice_secret,DN']) {
      const fault = await readFault(
        `DeviceName,DeviceSecret\nlamp0001,${hex(1)}\n${other}\n${hex(2)},lamp0002\n`,
      );
      expect(fault).toMatchObject({ code: 'csv-invalid', details: { line: 3 } });
      expect(fault.message).toBe('line 3 is another header, with its columns in another order');
    }
    const fault = await readFault(
      `ProductId,DeviceName,Psk\nPID1,d1,${S1}\nDeviceName,ProductId,DeviceSecret\nd2,PID1,${S2}\n`,
    );
    expect(fault.details).toEqual({ line: 3 });
  });

  it('a second header in other words and the same order is refused as a row', async () => {
    const { rows } = await read(
      `DeviceName,Psk\nd1,${S1}\n设备名称,设备密钥\nd2,${S2}\ndevname,psk\nDN,Secret\n`,
    );
    expect(rows).toEqual([
      '2: d1',
      ...[3, 5, 6].map((line) => `${line}: the header stands here again`).toSpliced(1, 0, '4: d2'),
    ]);
  });

  it('a secret that stands where the unit should is refused: it would be kept in clear', async () => {
    const twice = 'DeviceSecret stands in another column of the row, too, in which it would be kept in clear';
    const { rows } = await read(
      `DeviceName,Psk,MAC,SN\nd1,${hex(1)},${hex(1).toUpperCase()},\nd2,${hex(2)},,${hex(2)}\n${hex(3)},${hex(3)},,\n` +
        `d4,${S1},,${S2}\nd5,${S3},,${hex(5)}\n`,
    );
    expect(rows).toEqual([
      ...[2, 3, 4].map((line) => `${line}: ${twice}`),
      '5: serial number looks like a secret: the columns may be exchanged',
      `6: d5 ${hex(5)}`,
    ]);
  });

  it('a name that looks like a secret beside a secret that is too short for one is refused', async () => {
    const { rows } = await read(`DeviceName,Psk\n${hex(1)},lamp0001\n${hex(2)},${S1}\nlamp0002,abcdefgh\n`);
    expect(rows).toEqual([
      '2: DeviceName or ProductId looks like a secret, and DeviceSecret is shorter than a secret: the columns may be exchanged',
      `3: ${hex(2)}`,
      '4: lamp0002',
    ]);
  });
});

describe('units as scanners and input methods write them', () => {
  it('a serial number is what a scan of the same text is', async () => {
    const { rows } = await read(
      `DeviceName,Psk,SN\nd1,${S1},ＳＮ０００００１\nd2,${S2},]C0SN000002\nd3,${S3},SN000001\n`,
    );
    expect(rows).toEqual([
      '2: d1 SN000001',
      '3: d2 SN000002',
      '4: serial number is that of line 2: two rows for one unit',
    ]);
  });

  it('the text of a label is its serial number, and nothing when it has none', async () => {
    const label = (sn: string): string => `"${`{"v":1,"pid":"P1","dn":"d9"${sn}}`.replaceAll('"', '""')}"`;
    const { rows } = await read(
      `DeviceName,Psk,SN\nd1,${S1},${label(',"sn":"SN000077"')}\nd2,${S2},${label('')}\n`,
    );
    expect(rows).toEqual([
      '2: d1 SN000077',
      '3: serial number is the text of a label that has no serial number',
    ]);
  });

  it('a MAC in wide characters is a MAC; a serial number with a lost character is none', async () => {
    const { rows } = await read(
      `DeviceName,Psk,MAC,SN\nd1,${S1},ＡＡ：ｂｂ：cc:00:00:01,\nd2,${S2},,SN\uFFFD1\n`,
    );
    expect(rows).toEqual(['2: d1 AABBCC000001', '3: serial number has an illegal character: U+FFFD']);
  });
});

describe('what spreadsheets do to cells', () => {
  it('the marks that keep digits as text are left out, and it is said', async () => {
    const { rows, notes } = await read(
      `DeviceName;Psk;SN\n"=""000123""";${S1};'000456\n'000124;'${S2};="000457"\n"""000125""";\t${S3}\t;\n`,
    );
    expect(rows).toEqual(['2: 000123 000456', '3: 000124 000457', '4: 000125']);
    expect(notes).toContainEqual({ kind: 'marks', count: 6 });
  });

  it('what nobody sees is left out, and it is said', async () => {
    const { rows, notes } = await read(
      `Device\u200BName,Psk,MAC\nd\u200B1\uFEFF,\u200E${S1}\u00A0,\u3000a2b700000001\u00AD\n\u00A0,\u3000,\u200B\n`,
    );
    expect(rows).toEqual(['2: d1 A2B700000001']);
    expect(notes).toContainEqual({ kind: 'invisible', count: 3 });
  });

  it('numbers in short form have lost their digits, and are refused', async () => {
    const { rows } = await read(
      `DeviceName,Psk,SN,MAC\n8.61235E+16,${S1},,\nd2,${S2},"1,23457E+11",\n12E5,${S3},,\nd4,${secretOf(4)},,1.02E+11\n`,
    );
    expect(rows[0]).toMatch(/^2: DeviceName is a number that a spreadsheet shortened/);
    expect(rows[1]).toMatch(/^3: serial number is a number that a spreadsheet shortened/);
    // May be a name.
    expect(rows[2]).toBe('4: 12E5');
    expect(rows[3]).toMatch(/^5: MAC is a number that a spreadsheet shortened/);
  });

  it('rounded numbers are told, unless chance would explain them', async () => {
    const rounded = `DeviceName,Psk\n86123456789000200,${S1}\n86123456789000300,${S2}\n`;
    expect((await read(rounded)).notes).toContainEqual({ kind: 'rounded', count: 2, line: 2 });
    const whole = `DeviceName,Psk\n86123456789012341,${S1}\n86123456789012342,${S2}\n86123456789012300,${S3}\n`;
    expect((await read(whole)).notes).toEqual([]);
    expect((await read(`DeviceName,Psk\n861234567890120,${S1}\n`)).notes).toEqual([]);
  });
});

describe('rows for one unit', () => {
  it('are told by MAC in any form, by serial number, or by both', async () => {
    const { rows, notes } = await read(
      `DeviceName,Psk,MAC地址,SN\nd1,${S1},a2:b7:00:00:00:01,\nd2,${S2},A2B7.0000.0002,SN2\nd3,${S3},,SN3\nd4,${secretOf(4)},,\nd5,${secretOf(5)},a2-b7-00-00-00-05,\n`,
    );
    expect(rows).toEqual([
      '2: d1 A2B700000001',
      '3: d2 A2B700000002 SN2',
      '4: d3 SN3',
      '5: d4',
      '6: d5 A2B700000005',
    ]);
    expect(notes).toEqual([{ kind: 'bound', count: 4, columns: ['MAC地址', 'SN'] }]);
  });

  it('are refused when two are for one unit, and when the MAC is none', async () => {
    const { rows } = await read(
      [
        'DeviceName,Psk,MAC,SN',
        `d1,${S1},A2:B7:00:00:00:01,S1`,
        `d2,${S2},a2b700000001,`,
        `d3,${S3},,S1`,
        `d4,${secretOf(4)},A2:B7:00:00:01,`,
        `d5,${secretOf(5)},00:00:00:00:00:00,`,
        `d6,${secretOf(6)},11223344556,`,
      ].join('\n'),
    );
    expect(rows).toEqual([
      '2: d1 A2B700000001 S1',
      '3: MAC is that of line 2: two rows for one unit (A2:B7:00:00:00:01)',
      '4: serial number is that of line 2: two rows for one unit',
      '5: MAC is malformed: 12 hex digits are expected, or the 12 to 32 of a chip id',
      '6: MAC is blank: all zeros or all ones are of no unit',
      '7: MAC is malformed: 12 hex digits are expected, or the 12 to 32 of a chip id',
    ]);
  });

  it('are for any unit when that is said, of one column or of all', async () => {
    const text = `DeviceName,Psk,MAC,SN\nd1,${S1},A2:B7:00:00:00:01,S1\n`;
    expect(await read(text, { bind: false })).toEqual({
      rows: ['2: d1'],
      notes: [{ kind: 'unused', columns: ['MAC', 'SN'] }],
    });
    expect((await read(text, { map: { serial: '#0' } })).rows).toEqual(['2: d1 A2B700000001']);
  });

  it('are told where a column only numbers the rows', async () => {
    const { notes } = await read(`SN,DeviceName,Psk\n1,d1,${S1}\n2,d2,${S2}\n`);
    expect(notes).toContainEqual({ kind: 'counted', columns: ['SN'] });
    expect((await read(`SN,DeviceName,Psk\n1,d1,${S1}\n3,d2,${S2}\n`)).notes).toHaveLength(1);
  });

  it('are not guessed when two columns could say it', async () => {
    const text = `DeviceName,Psk,WiFi MAC,BT MAC\nd1,${S1},A2:B7:00:00:00:01,A2:B7:00:00:00:02\n`;
    const fault = await readFault(text);
    expect(fault.message).toBe('"WiFi MAC" and "BT MAC" could both be the MAC');
    expect(fault.hint).toContain('--no-bind');
    expect((await read(text, { map: { mac: 'BT MAC' } })).rows).toEqual(['2: d1 A2B700000002']);
  });
});

it('every note is one sentence with its figures', () => {
  const notes: readonly TripleNote[] = [
    { kind: 'encoding', encoding: 'gb18030' },
    { kind: 'titles', count: 1, line: 2 },
    { kind: 'unused', columns: ['a', 'b'] },
    { kind: 'bound', count: 2, columns: ['MAC'] },
    { kind: 'end-mark', mark: 'nul', line: 9 },
  ];
  expect(notes.map(noteText)).toEqual([
    'the file is GB18030 (GBK, "ANSI" of a Chinese Windows); it was converted',
    '1 row above the header in line 2 left out',
    'columns that are not used: a, b',
    '2 rows for one unit each, by column MAC; --no-bind imports them for any unit',
    'NUL bytes behind the last row left out, from line 9',
  ]);
});
