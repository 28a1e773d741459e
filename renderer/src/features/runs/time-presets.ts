import type { RunFilter } from '#shared/contract/index.ts';

export const TIME_PRESETS = ['shift', 'today', 'week', 'month'] as const;
export type TimePreset = (typeof TIME_PRESETS)[number];

const HOUR_MS = 3_600_000;
const DAYS_BACK = { today: 0, week: 6, month: 29 } as const;

/** When a preset begins: 8 hours ago, or at the midnight of today, of the day 6 days before it, or 29 days before it. */
export function beginOf(preset: TimePreset, nowMs: number): number {
  if (preset === 'shift') return nowMs - 8 * HOUR_MS;
  const now = new Date(nowMs);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - DAYS_BACK[preset]).getTime();
}

/** The preset of a filter; 'all' without times, 'days' for times that are no preset. */
export function presetOf({ fromAtMs, toAtMs }: RunFilter, nowMs: number): TimePreset | 'all' | 'days' {
  if (fromAtMs === undefined) return toAtMs === undefined ? 'all' : 'days';
  const same = TIME_PRESETS.find((preset) => preset !== 'shift' && beginOf(preset, nowMs) === fromAtMs);
  return toAtMs === undefined && same !== undefined ? same : 'days';
}
