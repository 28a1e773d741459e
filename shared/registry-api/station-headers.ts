import { z } from 'zod';

/** The station's name, percent-encoded (RFC 3986): headers carry no Chinese, names may. */
export const STATION_HEADER = 'x-gongwei-station';

/**
 * What a station may be called: 1 to 64 printable characters, no blanks at the ends, no line breaks (U+2028 is one, and
 * no control character), and none of the letters that look like nothing: the fillers of Hangul, the blank of Braille.
 */
export const stationName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^(?!.*[\p{Zl}\p{Zp}\u115F\u1160\u2800\u3164\uFFA0])[^\p{C}\s](?:[^\p{C}]*[^\p{C}\s])?$/su);

/** The two headers every call but `health` carries. */
export function stationHeaders(stationToken: string, station: string): Record<string, string> {
  return { authorization: `Bearer ${stationToken}`, [STATION_HEADER]: encodeURIComponent(station) };
}

/** The station's name from its header; null when it is missing, garbled or not allowed. */
export function readStationHeader(value: string | undefined): string | null {
  if (value === undefined) return null;
  try {
    const parsed = stationName.safeParse(decodeURIComponent(value));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
