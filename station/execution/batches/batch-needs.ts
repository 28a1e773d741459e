import type { BatchNeeds, QuotaView } from '#shared/contract/index.ts';
import {
  findLoaderAgain,
  flashesFirmware,
  neededInstruments,
  neededNetworks,
  neededPrograms,
  printingStep,
  type Recipe,
  stepName,
  usesLoader,
} from '#shared/recipe/index.ts';
import type { BluetoothQuotas } from '../quotas/index.ts';
import { isTcpPath } from '../../devices/drivers/tcp/index.ts';

/** What a station has for its batches. */
export interface StationEquipment {
  readonly slots: {
    readonly state: { readonly slots: readonly { readonly slot: number; readonly portPath: string }[] };
    hasBoard(): boolean;
  };
  readonly instruments: { missing(names: readonly string[], slot: number): readonly string[] };
  readonly tools: { all(): readonly { readonly name: string }[] };
  readonly networks: { all(): readonly { readonly name: string }[] };
  /** `null`: it has no label printer. */
  readonly printerSettings: { get(): object | null };
  readonly quotas: Pick<BluetoothQuotas, 'of'>;
}

/**
 * What a recipe needs and this station does not have now. A station without slots has no equipment yet: it is compared with what
 * slot 1 would have. Faults: `secret-unreadable` for a recipe that names Wi-Fi networks.
 */
export function batchNeeds(
  recipe: Recipe,
  { slots, instruments, tools, networks, printerSettings, quotas }: StationEquipment,
): BatchNeeds {
  const all = slots.state.slots.map(({ slot }) => slot);
  const listed = new Set(tools.all().map(({ name }) => name));
  const names = neededInstruments(recipe);
  const missing = (all.length === 0 ? [1] : all).map((slot) => instruments.missing(names, slot));
  return {
    productId: recipe.product,
    firmware: flashesFirmware(recipe),
    // The slot that lacks the fewest.
    instruments: [...(missing.toSorted((a, b) => a.length - b.length)[0] ?? [])],
    programs: neededPrograms(recipe).filter((name) => !listed.has(name)),
    networks: missingNetworks(recipe, networks),
    board: recipe.device.board !== undefined && !slots.hasBoard(),
    quota: quotaOf(quotas.of(recipe.product)),
    printer: printingStep(recipe) !== null && printerSettings.get() === null,
    lines: neededLines(recipe, slots.state.slots),
  };
}

function missingNetworks(recipe: Recipe, networks: StationEquipment['networks']): string[] {
  const names = neededNetworks(recipe);
  if (names.length === 0) return [];
  const stored = new Set(networks.all().map(({ name }) => name));
  return names.filter((name) => !stored.has(name));
}

function quotaOf(quota: QuotaView | null): BatchNeeds['quota'] {
  if (quota === null) return null;
  const { left, limit, warning } = quota;
  return { left, limit, warning };
}

function neededLines(
  recipe: Recipe,
  slots: StationEquipment['slots']['state']['slots'],
): BatchNeeds['lines'] {
  const isUsed = recipe.phases.some(({ steps }) => steps.some((step) => usesLoader(recipe.device, step)));
  // Whether a serial port has control lines is known when it is open.
  const without = isUsed ? slots.filter(({ portPath }) => isTcpPath(portPath)) : [];
  if (without.length === 0) return null;
  const again = findLoaderAgain(recipe);
  return {
    slots: without.map(({ slot }) => slot),
    again:
      again === null ? null : { loader: stepName(again.loader), application: stepName(again.application) },
  };
}
