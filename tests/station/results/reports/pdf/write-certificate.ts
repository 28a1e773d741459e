import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createYielder } from '../../../../../node-kit/async/index.ts';
import { type CertificateData, certificatePdf } from '../../../../../station/results/reports/pdf/index.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';

export const CODE = '{"v":1,"pid":"GWDEMO0001","dn":"gw000101","sn":"SN000001","mac":"A2B7F218E0B4"}';

/** A certificate with one value. */
export const UNIT: CertificateData = {
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
  files: null,
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

/** Writes a certificate to a file; returns its path. */
export async function writeCertificate(
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
