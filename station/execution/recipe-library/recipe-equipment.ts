import type { RecipeContent, RecipeDevice } from '#shared/contract/index.ts';
import {
  type DeviceSettings,
  groupsOfReading,
  neededInstruments,
  type Recipe,
  stepName,
  strengthOf,
  takesIdentity,
} from '#shared/recipe/index.ts';

/** The device of a recipe, for a list. */
export function deviceOf({ device, phases }: Recipe): RecipeDevice {
  const flashed = phases.flatMap((phase) =>
    phase.steps.flatMap((step) => (step.verb === 'flash' ? [step.chip] : [])),
  );
  const ofIdentity = device.identity?.nvs === undefined ? [] : [device.identity.nvs.chip];
  const chips = [...new Set([...flashed, ...ofIdentity])];
  return { profile: device.profile, chips, bluetooth: device.ble !== undefined };
}

/** What a recipe needs of the unit and of the station: identity, flash, instruments and programs. */
export function equipmentOf(
  recipe: Recipe,
): Pick<RecipeContent, 'device' | 'identity' | 'flash' | 'instruments' | 'tools'> {
  const steps = recipe.phases.flatMap((phase) => phase.steps.map((step) => ({ phase: phase.name, step })));
  const tools = new Map<string, Set<string>>();
  for (const { step } of steps) {
    if (step.verb !== 'run-tool') continue;
    const [name = ''] = step.command;
    tools.set(name, new Set([...(tools.get(name) ?? []), ...step.sha256]));
  }
  return {
    device: deviceOf(recipe),
    identity: identityOf(recipe.device),
    flash: steps.flatMap(({ phase, step }) => {
      if (step.verb !== 'flash') return [];
      const { chip, images, baudRate, verify } = step;
      const readBack = verify === 'read-back';
      const named = images.map(({ from, file = null, offset }) => ({ from, file, offset }));
      return [{ phase, step: stepName(step), chip, images: named, baudRate, readBack }];
    }),
    instruments: neededInstruments(recipe),
    tools: [...tools].map(([name, sha256]) => ({ name, sha256: [...sha256] })),
  };
}

function identityOf(device: DeviceSettings): RecipeContent['identity'] {
  if (!takesIdentity(device)) return null;
  const { identity } = device;
  // The AT firmware answers an eight-bit checksum of the secret.
  if (identity === undefined) return { kind: 'commands', readBack: 'bcc8', unproven: false, place: null };
  const { nvs, read, unproven } = identity;
  if (nvs !== undefined)
    return { kind: 'nvs', readBack: 'full', unproven, place: `${nvs.partition} · ${nvs.namespace}` };
  const readBack = strengthOf(groupsOfReading(read ?? []) ?? []);
  return { kind: 'exchanges', readBack, unproven, place: null };
}
