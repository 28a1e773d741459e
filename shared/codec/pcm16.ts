import { decodeBase64 } from './base64.ts';

/** Levels of sound that are measured of PCM, in dBFS. */
export const PCM_LEVELS = ['pcm16-rms', 'pcm16-peak'] as const;
export type PcmLevel = (typeof PCM_LEVELS)[number];

/** Level of samples that are all the same: they are no sound. One step of 16 bit has −90.3 dBFS. */
export const PCM_SILENCE_DBFS = -120;
const FULL_SCALE = 32_768;

export function isPcmLevel(as: string): as is PcmLevel {
  return PCM_LEVELS.some((level) => level === as);
}

/**
 * Level of PCM with 16 bit, signed, little-endian, one channel, in dBFS with two decimals; null for a text that is no such PCM.
 * The mean is subtracted first, because an input that is stuck at one value is silent. `pcm16-rms`: root of the mean square, where
 * a sine of full scale has −3.01 (ITU-R, as `sox stat`); `pcm16-peak`: the largest sample.
 *
 * @param text base64, also with line breaks, or a list of bytes as `[-106,-1,194,0]`, signed or not (document 004, microphone)
 */
export function levelOfPcm16(text: string, level: PcmLevel): number | null {
  const bytes = bytesOf(text.trim());
  if (bytes === null || bytes.length === 0 || bytes.length % 2 !== 0) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = bytes.length / 2;
  let sum = 0;
  for (let i = 0; i < count; i += 1) sum += view.getInt16(2 * i, true);
  const mean = sum / count;
  let squares = 0;
  let peak = 0;
  for (let i = 0; i < count; i += 1) {
    const value = view.getInt16(2 * i, true) - mean;
    squares += value * value;
    peak = Math.max(peak, Math.abs(value));
  }
  const value = level === 'pcm16-rms' ? Math.sqrt(squares / count) : peak;
  if (value === 0) return PCM_SILENCE_DBFS;
  return Math.round(2000 * Math.log10(value / FULL_SCALE)) / 100;
}

function bytesOf(text: string): Uint8Array | null {
  if (text.startsWith('[')) return byteList(text);
  return decodeBase64(text.replaceAll(/\s/g, ''));
}

function byteList(text: string): Uint8Array | null {
  const items = text.endsWith(']') ? text.slice(1, -1).split(',') : [];
  const bytes = new Uint8Array(items.length);
  for (const [index, item] of items.entries()) {
    const value = /^\s*-?\d{1,3}\s*$/.test(item) ? Number(item) : NaN;
    if (!(value >= -128 && value <= 255)) return null;
    bytes[index] = value & 0xff;
  }
  return bytes;
}
