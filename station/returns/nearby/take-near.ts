import { Fault } from '#shared/domain/fault.ts';
import type { BleAdvertisement, BleCentral, BleTaken, Platform } from '../../core/platform/index.ts';
import type { Batches } from '../../execution/batches/index.ts';
import type { ParsedRecipe } from '../../execution/recipes/index.ts';
import { selectionOf, withTake } from '../../execution/run-context/index.ts';

export interface TakeNearOptions {
  readonly platform: Pick<Platform, 'ble'>;
  readonly batches: Pick<Batches, 'state' | 'recipeOf'>;
}

/** A unit near the station that no slot is given until this is disposed of. */
export interface NearUnit extends Disposable {
  readonly address: string;
  /** The recipe that identifies it over Bluetooth. */
  readonly recipe: ParsedRecipe;
  /** The adapter to identify the unit with: it gives this unit and no other. */
  readonly central: BleCentral;
}

const SEEN_MS = 3000;

/** Takes the unit with this address, if no slot tests it. Faults: `ble-unseen`, those of `BleCentral.take`. */
export async function takeAddress(ble: BleCentral, address: string, signal: AbortSignal): Promise<BleTaken> {
  const selection = {
    key: address,
    fits: (advertisement: BleAdvertisement) => advertisement.address === address,
    minRssiDbm: -Infinity,
    marginDb: 0,
    listenMs: 0,
  };
  try {
    return await ble.take(selection, { timeoutMs: SEEN_MS, signal });
  } catch (error) {
    throw error instanceof Fault && error.code === 'ble-unseen' ? notFree(address, error) : error;
  }
}

/**
 * Takes a unit near, to read its identity and to decide about it as on a slot. Faults: `bad-input` when no recipe of a batch
 * identifies it over Bluetooth, those of `takeAddress`.
 */
export async function takeNear(
  { platform: { ble }, batches }: TakeNearOptions,
  address: string,
  signal: AbortSignal,
): Promise<NearUnit> {
  using taking = new DisposableStack();
  const taken = taking.use(await takeAddress(ble, address, signal));
  const { advertisement } = taken;
  const recipe = recipeOfNear(batches, advertisement);
  if (recipe === null)
    throw new Fault('bad-input', `no recipe of a batch identifies ${address} over Bluetooth`, {
      hint: 'Put a unit that is identified over its port on a slot; for another one make a batch whose recipe has device.ble.identify.',
      details: { address },
    });
  const held = taking.move();
  return {
    address,
    recipe,
    central: withTake(ble, () =>
      Promise.resolve({ advertisement, [Symbol.dispose]: () => held[Symbol.dispose]() }),
    ),
    [Symbol.dispose]: () => held[Symbol.dispose](),
  };
}

/** The recipe that identifies a unit by what it advertises: that of the selected batch, or else of the newest one; `null` for none. */
export function recipeOfNear(
  batches: TakeNearOptions['batches'],
  advertisement: BleAdvertisement,
): ParsedRecipe | null {
  const { active, batches: newestFirst } = batches.state();
  for (const { batchId } of active === null ? newestFirst : [active, ...newestFirst]) {
    const recipe = recipeOrNull(batches, batchId);
    const identify = recipe?.recipe.device.ble?.identify;
    if (recipe === null || identify === undefined) continue;
    const selection = selectionOf(identify, { product: recipe.recipe.product, serialNumber: null });
    if (selection.fits(advertisement)) return recipe;
  }
  return null;
}

/** `null` for a recipe that cannot be read any more. */
function recipeOrNull(batches: TakeNearOptions['batches'], batchId: string): ParsedRecipe | null {
  try {
    return batches.recipeOf(batchId);
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

function notFree(address: string, cause: Fault): Fault {
  return new Fault('ble-unseen', `${address} does not advertise now, or a slot tests it`, {
    hint: 'Check that the unit has power and that no test of it is under way, then try again.',
    details: { address },
    cause,
  });
}
