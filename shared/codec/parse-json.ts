/**
 * The value of a JSON text; null when the text is not JSON, as for the text `null`. For texts that a schema checks next, which
 * then rejects both.
 */
export function parseJsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
