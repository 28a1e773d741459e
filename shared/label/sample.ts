import { encodeDeviceQr } from '../codec/qr/index.ts';
import type { LabelValues, LabelWord } from './placeholders.ts';

/** A sample unit with values of common lengths, for the check and the preview of a template. */
const WORDS: Readonly<Record<Exclude<LabelWord, 'deviceCode'>, string>> = {
  mac: 'AA:BB:CC:DD:01:02',
  macHex: 'AABBCCDD0102',
  macTail: 'DD0102',
  chipId: '',
  serialNumber: 'SN00000001',
  productId: 'CS0SLTKSYA',
  deviceName: 'line1_0001',
  batch: 'sample-2026-01',
  'recipe.name': 'at-wifi-module',
  'recipe.version': '1.0.0',
  'recipe.title': 'Wi-Fi module',
  'recipe.title.zh': '无线模组',
  station: 'line-1',
  operator: 'operator',
  copy: '1',
};

/** @param measurements names of the measurements in the template, which a sample has all */
export function sampleLabelValues(measurements: Iterable<string>, counters: Iterable<string>): LabelValues {
  const { productId, deviceName, serialNumber, macHex } = WORDS;
  return {
    words: {
      ...WORDS,
      deviceCode: encodeDeviceQr({ productId, deviceName, serialNumber, chipId: macHex }),
    },
    measurements: Object.fromEntries([...measurements].map((name) => [name, '3.30 V'])),
    time: { year: 2026, month: 1, day: 31, hour: 13, minute: 45, second: 9 },
    counters: Object.fromEntries([...counters].map((name) => [name, 1])),
  };
}
