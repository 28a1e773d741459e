import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseColumnMap, previewTripleCsv } from '../../../../station/identity/import/index.ts';

const fixture = (name: string): string =>
  new URL(`../../../fixtures/triples/${name}`, import.meta.url).pathname;
const never = new AbortController().signal;

describe('a preview', () => {
  it('shows dialect, columns, first rows with masked secrets, and counts', async () => {
    const preview = await previewTripleCsv(fixture('any-order.csv'), { shownRows: 1 }, never);
    expect(preview).toMatchObject({
      dialect: { delimiter: ';', bom: true },
      header: ['备注', 'DeviceSecret', 'DeviceName', 'ProductID', 'Extra'],
      columns: { product: 3, deviceName: 2, secret: 1 },
      rows: [{ line: 2, productId: 'GW0TEST001', deviceName: 'any_0001' }],
      rejected: [],
      counts: { rows: 8, good: 8, rejected: 0 },
    });
    expect(preview.rows[0]?.maskedSecret).toMatch(/^.{3}\*{9}$/);
  });

  it('lists what an import would refuse', async () => {
    const preview = await previewTripleCsv(fixture('with-errors.csv'), {}, never);
    expect(preview.counts).toEqual({ rows: 15, good: 3, rejected: 12 });
    expect(preview.rejected).toHaveLength(12);
  });

  it('holds no secret of the file', async () => {
    for (const name of ['tencent.csv', 'aliyun.csv', 'with-errors.csv']) {
      const shown = JSON.stringify(await previewTripleCsv(fixture(name), {}, never));
      const secrets =
        readFileSync(fixture(name), 'utf8').match(/[A-Za-z0-9+/]{22}==|\b[0-9a-f]{32}\b/g) ?? [];
      expect(secrets.length).toBeGreaterThan(3);
      for (const secret of secrets) expect(shown).not.toContain(secret);
    }
  });
});

describe('the column map of the command line', () => {
  it('is read in any order, with any names', () => {
    expect(parseColumnMap('secret=密钥, dn=Device Name')).toEqual({ secret: '密钥', dn: 'Device Name' });
    expect(parseColumnMap('')).toEqual({});
  });

  it.each(['dn', 'dn=', 'name=x', 'dn=a,dn=b'])('refuses %j', (text) => {
    expect(() => parseColumnMap(text)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });
});
