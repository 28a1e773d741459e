import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createYielder } from '../../../../../node-kit/async/index.ts';
import { type CertificateData, certificatePdf } from '../../../../../station/results/reports/pdf/index.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { tempDir } from '../../../../support/temp-dir.ts';
import { drawPdfPage, readCode } from '../../labels/readers.ts';
import { infoOf, overlapsOf, textOf, wordsOf } from './poppler.ts';

const CODE = '{"v":1,"pid":"GWDEMO0001","dn":"gw000101","sn":"SN000001","mac":"A2B7F218E0B4"}';

const UNIT: CertificateData = {
  serialNumber: 'SN000001',
  unitId: { kind: 'mac', text: 'A2:B7:F2:18:E0:B4' },
  productId: 'GWDEMO0001',
  deviceName: 'gw000101',
  outcome: 'PASS',
  unproven: false,
  proof: { readBack: 'bcc8', online: 'registry' },
  batchName: '工单 17',
  recipe: { name: 'speaker', version: '1.4', hash: '9f2c'.repeat(16) },
  firmware: { sha256: 'ab12'.repeat(16), name: 'speaker', version: '2.1.7' },
  reportedFirmware: '2.1.7',
  station: 'L3-07',
  slot: 4,
  operator: '刘堃',
  appVersion: '1.0.0',
  runId: 'run-1',
  startedAtMs: Date.UTC(2026, 10, 28, 1, 2, 3),
  finishedAtMs: Date.UTC(2026, 10, 28, 1, 2, 17),
  titles: { 'test/supply': { en: 'Supply voltage', 'zh-CN': '测量电源' } },
  measured: 1,
  measurements: [
    {
      phase: 'test',
      step: 'supply',
      name: 'supply',
      value: 3.3017,
      unit: 'V',
      limits: '3.1 … 3.5 V',
      outcome: 'PASS',
    },
  ],
  deviceCode: CODE,
  signature: {
    station: 'L3-07',
    by: 'Chen',
    atMs: Date.UTC(2026, 10, 28, 2),
    keySha256: '12ab'.repeat(16),
    digest: 'fe98'.repeat(16),
    file: Buffer.from('{}'),
  },
};

async function write(
  dir: string,
  data: CertificateData,
  language: 'en' | 'zh-CN' = 'zh-CN',
): Promise<string> {
  const path = join(dir, `${language}.pdf`);
  const style = { language, paper: 'A4', timeZone: 'Asia/Shanghai' } as const;
  const pieces: Uint8Array[] = [];
  for await (const piece of certificatePdf(data, style, createYielder(NEVER_ABORTED))) pieces.push(piece);
  writeFileSync(path, Buffer.concat(pieces));
  return path;
}

describe('the certificate of a unit', () => {
  it('has on one page who the unit is, what made it and what was measured, and its code', async () => {
    using dir = tempDir('certificate');
    const path = await write(dir.path, UNIT);
    expect(infoOf(path)['Pages']).toBe('1');
    const text = textOf(path);
    for (const part of [
      '产品合格证明', 'SN000001', 'A2:B7:F2:18:E0:B4', 'GWDEMO0001', 'gw000101', '工单 17', 'speaker 1.4', '9f2c'.repeat(16),
      'ab12'.repeat(16), 'L3-07，治具位 4', '刘堃', '已按 1 字节校验和回读核对', '注册中心看到其登录', '2026-11-28 09:02:17', 'test › 测量电源（supply） 3.3017 V 3.1 … 3.5 V 合格',
      'fe98'.repeat(16), '12ab'.repeat(16),
    ]) expect(text).toContain(part); // prettier-ignore
    expect(readCode(drawPdfPage(path, 150))).toBe(CODE);
    const english = textOf(await write(dir.path, UNIT, 'en'));
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
    const path = await write(dir.path, hostile, 'en');
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
    const path = await write(
      dir.path,
      { ...bare, deviceCode: null, signature: null, measured: 0, measurements: [] },
      'en',
    );
    const text = textOf(path);
    expect(text).toContain('Nothing was measured.');
    expect(text).not.toContain('Signed by');
  });
});
