/** The end of a day as a date field writes it (`2026-11-30`), in the time of this computer; `null` for another text. */
export function endOfDay(text: string): number | null {
  const [year, month, day] = text.split('-').map(Number);
  if (year === undefined || month === undefined || day === undefined) return null;
  const atMs = new Date(year, month - 1, day + 1).getTime();
  return Number.isNaN(atMs) || atMs < 0 ? null : atMs;
}

/** The day that ends at this time, as a date field writes it. */
export function dayBefore(atMs: number): string {
  const day = new Date(atMs - 1);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${String(day.getFullYear()).padStart(4, '0')}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
