/**
 * Times of tables and messages, to the second: `2026-11-21 08:00:00`. The header of a column, or the message, names the zone.
 */

/** The time in UTC; a dash for `null`. */
export function formatUtcTime(atMs: number | null): string {
  return atMs === null ? '-' : new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** The time in the time zone of this computer. */
export function formatLocalTime(atMs: number): string {
  return formatUtcTime(atMs - new Date(atMs).getTimezoneOffset() * 60_000);
}
