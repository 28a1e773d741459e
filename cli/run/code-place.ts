import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { asFileFault } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { CODE_SCREEN, instrumentFor } from '#shared/domain/instrument.ts';
import type { Recipe } from '#shared/recipe/index.ts';
import type { Station } from '#station';

/** Where `run` shows the Wi-Fi codes of its slots: on its terminal, or as pictures in a folder. */
export type CodePlace = { readonly kind: 'terminal' } | { readonly kind: 'folder'; readonly dir: string };

export interface CodePlaceOptions {
  readonly slots: readonly number[];
  /** The folder that the user has named; `null` for none. */
  readonly folder: string | null;
  /** Standard output is a terminal, on which nothing else is expected. */
  readonly isTerminal: boolean;
}

/** The picture of the code of a slot in a folder. */
export const pictureOfSlot = (dir: string, slot: number): string => join(dir, `${slot}.png`);

/**
 * Where the Wi-Fi codes of a recipe are shown; `null` for a recipe without them. Faults: `bad-input` when there is no place, and for a
 * terminal with several slots that do not have turns; those of files.
 */
export function codePlaceOf(
  { phases }: Pick<Recipe, 'phases'>,
  { lending }: Pick<Station, 'lending'>,
  { slots, folder, isTerminal }: CodePlaceOptions,
): CodePlace | null {
  if (!phases.some(({ steps }) => steps.some(({ verb }) => verb === 'wifi-code'))) return null;
  if (folder !== null) {
    const dir = resolve(folder);
    try {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      // Of a command that was killed.
      for (const slot of slots) rmSync(pictureOfSlot(dir, slot), { force: true });
    } catch (cause) {
      throw asFileFault(cause, dir, 'written');
    }
    return { kind: 'folder', dir };
  }
  if (!isTerminal)
    throw new Fault('bad-input', 'the recipe shows Wi-Fi codes, and standard output is no terminal', {
      hint: 'Name a folder for their pictures with --codes, run it at a terminal without --json, or use the pages.',
    });
  const stored = lending.instrumentSettings.all();
  const screens = slots.map((slot) => instrumentFor(stored, CODE_SCREEN, slot)?.address ?? `slot ${slot}`);
  if (new Set(screens).size > 1)
    throw new Fault('bad-input', 'a terminal shows one Wi-Fi code at a time, and several slots show one', {
      hint: `Let them have turns with "station instrument set ${CODE_SCREEN} --kind place", or name a folder with --codes.`,
    });
  return { kind: 'terminal' };
}
