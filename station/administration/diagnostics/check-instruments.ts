import { type InstrumentSetting, instrumentTitle } from '#shared/domain/instrument.ts';
import { neededInstruments } from '#shared/recipe/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { type Instruments, testInstrument } from '../../devices/instruments/index.ts';
import { readSelectedRecipe } from '../../execution/batches/index.ts';
import { type Check, failure, fine, runCheck } from './check.ts';

export interface InstrumentsToCheck {
  readonly settings: readonly InstrumentSetting[];
  /** Names that the selected batch needs. */
  readonly needed: readonly string[];
  readonly lender: Instruments;
}

/** The instruments that the selected batch needs; none where its recipe cannot be read, which its own check reports. */
export function neededBySelected(database: ReadableDatabase): readonly string[] {
  const recipe = readSelectedRecipe(database);
  return recipe === null ? [] : neededInstruments(recipe);
}

/** Asks each instrument what it is, and names those that are needed and missing. */
export async function* checkInstruments(
  { settings, needed, lender }: InstrumentsToCheck,
  platform: Platform,
  signal: AbortSignal,
): AsyncGenerator<Check> {
  const missing = needed.filter((wanted) => !settings.some(({ name }) => name === wanted));
  if (missing.length > 0)
    yield failure(
      'instruments',
      'instrument-missing',
      `the selected batch needs ${missing.join(', ')}, and this station has no such instrument`,
      'Add it on the page Station, or with "station instrument set".',
    );
  for (const setting of settings) {
    const name = `instrument ${instrumentTitle(setting)}`;
    yield await runCheck(name, async () => {
      if (setting.kind === 'place') return fine(name, 'slots have it in turns');
      if (lender.isLent(setting)) return fine(name, 'a slot has it now');
      const { identification, ms } = await testInstrument(setting, lender, platform, signal);
      return fine(name, `${identification ?? 'connects'} (${ms} ms)`);
    });
  }
}
