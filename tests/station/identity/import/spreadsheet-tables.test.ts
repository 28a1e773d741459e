import { describe, expect, it } from 'vitest';
import { read, readFault, S1, S2, S3 } from './read-spreadsheet.ts';

describe('names', () => {
  it('may have what Aliyun allows', async () => {
    const { rows } = await read(`DeviceName,Psk\nhall.lamp@a-1:x_y,${S1}\n..,${S2}\na#b,${S3}\n`);
    expect(rows).toEqual([
      '2: hall.lamp@a-1:x_y',
      '3: DeviceName has an illegal character: "."',
      '4: DeviceName has an illegal character: "#"',
    ]);
  });

  it('that no AT module takes with their product are told before anybody tries', async () => {
    const { notes } = await read(`DeviceName,Psk,ProductKey\nd1,${S1},a1B2c3D4e5F\nd2,${S2},PID1\n`);
    expect(notes).toEqual([{ kind: 'too-long-for-at', count: 1, line: 2 }]);
  });
});

describe('columns', () => {
  it('are chosen by place where two have one name, or none has one', async () => {
    const twice = `DeviceName,DeviceName,Psk\n灯1,d1,${S1}\n`;
    expect((await readFault(twice)).message).toBe(
      '"DeviceName" (column 1) and "DeviceName" (column 2) could both be the DeviceName',
    );
    expect((await readFault(twice)).hint).toContain('--map dn=#1');
    expect((await read(twice, { map: { dn: '#2' } })).rows).toEqual(['2: d1']);
    expect((await read(`,\nd1,${S1}\n`, { map: { dn: '#1', secret: '#2' } })).rows).toEqual(['2: d1']);
    expect((await readFault(twice, { map: { dn: '#4' } })).message).toBe(
      'the file has no column #4; it has 3 columns',
    );
  });

  it('are those of the map in a file without a header', async () => {
    const { rows, notes } = await read(`d1,${S1}\nd2,${S2}\n`, { map: { dn: '#1', secret: '#2' } });
    expect(rows).toEqual(['1: d1', '2: d2']);
    expect(notes).toEqual([{ kind: 'no-header' }]);
  });

  it('whose names say it best are taken', async () => {
    const { rows } = await read(`设备代号(DeviceName),DeviceName,Psk\nx y,d1,${S1}\n`);
    expect(rows).toEqual(['2: d1']);
  });

  it('of a damaged file show no part of a secret', async () => {
    const { message } = await readFault(`P1,d1,${S1.slice(0, 15)}䰵礀\n`);
    expect(message).toContain('the file has: P1, d1, (looks like data)');
  });

  it('that nobody can tell are explained where it can be told why', async () => {
    for (const [text, words] of [
      [`设备名称，设备密钥\nd1，${S1}\n`, 'full-width signs'],
      [`"DeviceName,Psk"\n"d1,${S1}"\n`, 'in quotes as a whole'],
    ] as const)
      expect((await readFault(text)).hint).toContain(words);
  });

  it('that are not used are named', async () => {
    const { notes } = await read(`DeviceName,Psk,备注,型号,\nd1,${S1},a,b,\n`);
    expect(notes).toEqual([{ kind: 'unused', columns: ['备注', '型号'] }]);
  });

  it('that have no name are named by place when they hold something', async () => {
    const { notes } = await read(`DeviceName,Psk,,\nd1,${S1},,\nd2,${S2},A2B700000001,\n`);
    expect(notes).toEqual([{ kind: 'unused', columns: ['#3'] }]);
  });

  it('with names in two languages or of two tools are known', async () => {
    const products = [
      '产品ID ProductId',
      'ProductId_产品ID',
      '产品ID\nProduct ID',
      '产品ID（10位）',
      'ProductId/ProductKey',
      '<ProductId>',
    ];
    const secrets = ['设备密钥(DeviceSecret/PSK)', '密钥：DevicePsk', '设备密钥（必填，16-44字符）'];
    for (const product of products)
      for (const secret of secrets)
        expect((await read(`"${product}",DeviceName,"${secret}"\nP7,d1,${S1}\n`)).rows).toEqual([
          `${product.split('\n').length + 1}: d1`,
        ]);
  });
});

describe('rows around the table', () => {
  it('titles are left out, and it is said', async () => {
    const { rows, notes } = await read(
      `设备密钥清单（机密）,,\n导出：2026-03-01,,\n设备名称,设备密钥\nd1,${S1}\n`,
    );
    expect(rows).toEqual(['4: d1']);
    expect(notes).toEqual([{ kind: 'titles', count: 2, line: 3 }]);
  });

  it('a header in two languages may have two rows; where it stands again it is named', async () => {
    const { rows } = await read(
      `DeviceName,DeviceSecret\n设备名称,设备密钥\nd1,${S1}\nDeviceName,DeviceSecret\nd2,${S2}\n`,
    );
    expect(rows).toEqual(['3: d1', '4: the header stands here again', '5: d2']);
  });

  it('a mark at the end is told', async () => {
    const { rows, notes } = await read(`DeviceName,Psk\nd1,${S1}\n\u001a`);
    expect(rows).toEqual(['2: d1']);
    expect(notes).toEqual([{ kind: 'end-mark', mark: 'ctrl-z', line: 3 }]);
  });

  it('a quote that closes only in a later row is named where it opens', async () => {
    const { rows } = await read(`DeviceName,Psk,note\n"d1,${S1},a\nd2,${S2},"b"\nd3,${S3},c\n`);
    expect(rows).toEqual(['2: short row: 1 of 3 columns; a quote opens in it and closes in line 3', '4: d3']);
  });

  it('NULs within the file are damage', async () => {
    const { rows } = await read(`DeviceName,Psk\n\0\0\0\0\nd1,${S1}\n`);
    expect(rows).toEqual(['2: NUL bytes stand in it: the file is damaged here', '3: d1']);
  });
});
