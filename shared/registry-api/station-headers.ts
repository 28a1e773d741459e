import { z } from 'zod';

/** The station's name, percent-encoded (RFC 3986), because headers are ASCII and names may be Chinese. */
export const STATION_HEADER = 'x-gongwei-station';

/**
 * Valid station names: 1 to 64 printable characters, no blanks at the ends, no line breaks (also U+2028, which is no control
 * character), and no letters that look empty: the Hangul fillers, the Braille blank.
 */
export const stationName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^(?!.*[\p{Zl}\p{Zp}\u115F\u1160\u2800\u3164\uFFA0])[^\p{C}\s](?:[^\p{C}]*[^\p{C}\s])?$/su);

/** The two headers of every request except `health`. */
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
