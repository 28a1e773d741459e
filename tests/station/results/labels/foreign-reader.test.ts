import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { beforeAll, expect, test } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { renderCode } from '../../../../station/results/labels/index.ts';

/** A second, independent decoder (ZXing C++): zbar reads no DataMatrix. */
beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  const wasmBinary = (await readFile(wasm)).buffer as ArrayBuffer;
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
});

const PAYLOADS = [
  '{"v":1,"pid":"GWDEMO0001","dn":"demo_000001","sn":"SN000001","mac":"A2B7F1266E0A"}',
  '12Tencent-WiFi01132v3_00d02b0248546d5a5fbf95a5812e4',
  '18工厂无线网络08密码😀32v3_00d02b0248546d5a5fbf95a5812e4',
];

test.each(['datamatrix', 'qr'] as const)('ZXing reads a %s code back byte for byte', async (symbology) => {
  for (const payload of PAYLOADS) {
    const png = await renderCode(payload, 'png', { symbology });
    const [code] = await readBarcodes(png, {
      tryHarder: true,
      formats: [symbology === 'qr' ? 'QRCode' : 'DataMatrix'],
    });
    expect(code?.text).toBe(payload);
  }
});
