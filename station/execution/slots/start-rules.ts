import type { BatchView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { serialMatches } from '#shared/recipe/index.ts';
import { counted } from '#shared/words/index.ts';
import type { ParsedRecipe } from '../recipes/index.ts';
import type { RunRow, WritableDatabase } from '../../core/database/index.ts';
import type { Slots } from './slots.ts';

/** Longest serial number. A pattern like `.+` would match more than the registry takes. */
const MAX_SERIAL_CHARACTERS = 200;

/** Faults unless this unit may be started now: `serial-malformed`, `serial-running`, `batch-closed`, `serial-passed`, `serial-void` when it passed and support retired its identity after that, `batch-complete`. */
export function requireStartAllowed(
  database: WritableDatabase,
  slots: Slots,
  batch: BatchView,
  { recipe }: ParsedRecipe,
  serialNumber: string | null,
): void {
  if (batch.closedAtMs !== null) {
    throw new Fault('batch-closed', `batch ${batch.name} is closed and takes no runs`, {
      hint: 'Choose another batch, or make a new one.',
    });
  }
  if (serialNumber !== null) requireSerialAllowed(database, slots, batch, recipe, serialNumber);
  if (batch.passed + slots.runningOf(batch.batchId) >= batch.quantity) {
    throw new Fault('batch-complete', `batch ${batch.name} has its ${counted(batch.quantity, 'unit')}`, {
      hint: 'Pick the next batch.',
      details: { quantity: batch.quantity },
    });
  }
}

function requireSerialAllowed(
  database: WritableDatabase,
  slots: Slots,
  batch: BatchView,
  recipe: ParsedRecipe['recipe'],
  serialNumber: string,
): void {
  const details = { serialNumber, example: recipe.serialNumber.example };
  if (serialNumber.length > MAX_SERIAL_CHARACTERS || !serialMatches(recipe, serialNumber)) {
    // A scanner or Caps Lock may change the case of letters; then the label is the right one.
    const upperCase = serialNumber.toUpperCase();
    const isOnlyCase = upperCase.length <= MAX_SERIAL_CHARACTERS && serialMatches(recipe, upperCase);
    throw new Fault('serial-malformed', `"${serialNumber}" is not a serial number of this recipe`, {
      hint: isOnlyCase
        ? `Only the case of its letters differs: it should be ${upperCase}.`
        : `It looks like ${recipe.serialNumber.example}.`,
      details: isOnlyCase ? { ...details, upperCase } : details,
    });
  }
  const running = slots.running().find((view) => view.run?.serialNumber === serialNumber);
  if (running !== undefined) {
    throw new Fault('serial-running', `${serialNumber} is on slot ${running.slot} already`, {
      hint: 'Scan the next unit.',
      details: { ...details, slot: running.slot },
    });
  }
  const latest = database.runs.findLatestOfSerialNumber(batch.batchId, serialNumber);
  if (latest?.outcome === 'PASS' && !hasAnotherIdentity(database, latest)) {
    if (database.triples.isVoid(latest))
      throw new Fault('serial-void', `the identity of ${serialNumber} is retired`, {
        hint: 'Do not put it with the good units; take it to the returns desk.',
        details: { ...details, deviceName: latest.deviceName ?? '' },
      });
    throw new Fault('serial-passed', `${serialNumber} has passed in this batch already`, {
      hint: 'Take the next unit.',
      details,
    });
  }
}

/** Whether support gave its unit another identity since: the unit is tested again with that one. */
function hasAnotherIdentity(database: WritableDatabase, run: RunRow): boolean {
  return database.triples.isRetired(run) && !database.triples.isVoid(run);
}
