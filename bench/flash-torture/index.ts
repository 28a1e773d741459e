/** `npm run torture -- flash`: flashes with random faults of line, supply and flash. See docs/torture.md. */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';

import { type FlashTortureOptions, type FlashTortureResult, tortureFlashes } from './flash-torture.ts';

export const FLASH_USAGE = `npm run torture -- flash [options]
  --flashes N     number of flashes (200)
  --slots N       units that are flashed at once (4)
  --seed S        determines images and faults; printed, and random by default
`;

/** Throws an error with one line for people when an argument is wrong. */
export function readFlashOptions(args: readonly string[]): FlashTortureOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      flashes: { type: 'string', default: '200' },
      slots: { type: 'string', default: '4' },
      seed: { type: 'string', default: randomBytes(4).toString('hex') },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    flashes: whole('flashes', values.flashes, 100_000),
    slots: whole('slots', values.slots, 32),
    seed: values.seed,
  };
}

/** Runs it, and gives the result with the seconds it took. */
export async function runFlashTorture(
  options: FlashTortureOptions,
  log: (text: string) => void,
): Promise<FlashTortureResult & { readonly seconds: number }> {
  const startedMs = performance.now();
  const result = await tortureFlashes(options, log);
  return { ...result, seconds: Math.round((performance.now() - startedMs) / 100) / 10 };
}

function whole(name: string, text: string, high: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= high) return value;
  throw new Error(`--${name} is a whole number from 1 to ${high}, not ${text}`);
}
