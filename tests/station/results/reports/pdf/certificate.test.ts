import { describe, expect, it } from 'vitest';
import type { CertificateData } from '../../../../../station/results/reports/pdf/index.ts';
import { tempDir } from '../../../../support/temp-dir.ts';
import { drawPdfPage, readCode } from '../../labels/readers.ts';
import { infoOf, overlapsOf, textOf, wordsOf } from './poppler.ts';
import { CODE, UNIT, writeCertificate } from './write-certificate.ts';

describe('the certificate of a unit', () => {
  it('has on one page who the unit is, what made it and what was measured, and its code', async () => {
    using dir = tempDir('certificate');
    const path = await writeCertificate(dir.path, UNIT);
    expect(infoOf(path)['Pages']).toBe('1');
    const text = textOf(path);
    for (const part of [
      '产品合格证明', 'SN000001', 'A2:B7:F2:18:E0:B4', 'GWDEMO0001', 'gw000101', '工单 17', 'speaker 1.4', '9f2c'.repeat(16),
      'ab12'.repeat(16), 'L3-07，治具位 4', '刘堃', '已按 1 字节校验和回读核对', '注册中心看到其登录', '2026-11-28 09:02:17', 'test › 测量电源（supply） 3.3017 V 3.1 … 3.5 V 合格',
      'fe98'.repeat(16), '12ab'.repeat(16),
    ]) expect(text).toContain(part); // prettier-ignore
    expect(readCode(drawPdfPage(path, 150))).toBe(CODE);
    const english = textOf(await writeCertificate(dir.path, UNIT, 'en'));
    expect(english).toContain('Certificate of a unit');
    expect(english).toContain('test › Supply voltage (supply) 3.3017 V 3.1 … 3.5 V PASS');
    expect(english).toContain('read back as a 1-byte checksum');
    expect(english).toContain('Login seen by the registry');
    expect(english).not.toContain('合格');
  });

  it('stays one page with any number of values and the longest texts, and shows the failed values first', async () => {
    using dir = tempDir('certificate');
    const long = '长=1+1😀'.repeat(100);
    const value = {
      phase: long,
      step: long,
      name: 'value',
      value: 'x'.repeat(900),
      unit: long,
      limits: long,
    } as const;
    const hostile: CertificateData = {
      ...UNIT,
      serialNumber: 'S'.repeat(500),
      deviceName: long,
      operator: long,
      batchName: long,
      station: long,
      outcome: 'FAIL',
      measured: 201,
      measurements: [
        ...Array.from({ length: 200 }, () => ({ ...value, outcome: 'PASS' as const })),
        { ...value, name: 'the failed one', outcome: 'FAIL' },
      ],
    };
    const path = await writeCertificate(dir.path, hostile, 'en');
    expect(infoOf(path)['Pages']).toBe('1');
    const text = textOf(path);
    expect(text).toContain('Test record of a unit');
    expect(text).toContain('the failed one');
    expect(text).toMatch(/\d+ further values are in the record of the run/);
    expect(overlapsOf(wordsOf(path))).toEqual([]);
  });

  it('has no code and no signature where there is none', async () => {
    using dir = tempDir('certificate');
    const bare = { ...UNIT, unitId: null, productId: null, deviceName: null, proof: null, firmware: null };
    const path = await writeCertificate(
      dir.path,
      { ...bare, deviceCode: null, signature: null, measured: 0, measurements: [] },
      'en',
    );
    const text = textOf(path);
    expect(text).toContain('Nothing was measured.');
    expect(text).not.toContain('Signed by');
  });
});
