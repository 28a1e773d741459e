import type { BatchNeeds } from '#shared/contract/index.ts';
import { neededPrograms, type Recipe } from '#shared/recipe/index.ts';
import { batchNeeds, type Station } from '#station';
import type { Output } from './output.ts';

/** What a recipe needs and this station does not have now. A relay board is given to `run`, so that it is not known before. */
export function needsOf(
  recipe: Recipe,
  { slots, lending, tools, networks, printerSettings, batches: { quotas } }: Station,
): BatchNeeds {
  const { instruments } = lending;
  return batchNeeds(recipe, { slots, instruments, tools, networks, printerSettings, quotas });
}

/** Prints a note for each instrument, program and Wi-Fi network that is missing, for a missing label printer, and for a quota that comes to its end. */
export function notifyMissing(
  { instruments, programs, networks, printer, quota }: BatchNeeds,
  out: Output,
): void {
  for (const name of instruments)
    out.notice(`note: this station has no instrument "${name}"; add it with "station instrument set"`);
  for (const name of programs)
    out.notice(`note: this station does not list the program "${name}"; add it with "station tools add"`);
  for (const name of networks)
    out.notice(
      `note: this station has no Wi-Fi network "${name}"; add it with "station network set ${name} --ssid TEXT"`,
    );
  if (quota !== null && quota.warning !== null)
    out.notice(
      `note: the quota of Bluetooth units of this product has ${quota.left} of ${quota.limit} left (${quota.warning}); see "station quota list"`,
    );
  if (printer)
    out.notice(
      'note: the recipe prints labels, and this station has no label printer; set it with "station printer set": without it each unit waits with its label',
    );
}

/** Prints what a recipe that works through a boot loader needs of ports without control lines. */
export function notifyLines({ lines }: BatchNeeds, out: Output): void {
  if (lines === null) return;
  const { slots, again } = lines;
  out.notice(
    `note: no control lines at ${slots.length === 1 ? 'slot' : 'slots'} ${slots.join(', ')}: the units must be in their boot loader when their run starts`,
  );
  if (again !== null)
    out.notice(
      `note: step ${again.loader} needs the boot loader after step ${again.application} has used the application; a port without control lines cannot start it again`,
    );
}

/** Prints what a dry run does not have of what the recipe needs. */
export function notifyDryRun(recipe: Recipe, out: Output): void {
  for (const name of neededPrograms(recipe))
    out.notice(`note: a dry run has no program "${name}": its steps fail`);
}
