import { isEspressif } from '../domain/flash.ts';
import { type DeviceSettings, isIdentifiedByLoader } from './device.ts';
import type { Recipe } from './recipe.ts';
import type { Step } from './verbs/index.ts';

/** True for a step that works through the boot loader of an ESP32. */
export function usesLoader(device: DeviceSettings, step: Step): boolean {
  switch (step.verb) {
    case 'flash':
      return isEspressif(step.chip);
    case 'identify':
      return isIdentifiedByLoader(device);
    case 'burn-triple':
      return device.identity?.nvs !== undefined;
    default:
      return false;
  }
}

/**
 * True when a later step of the recipe works through the boot loader. A port without control lines cannot start the loader
 * again, so that this step must leave it running.
 *
 * @param step a step of this recipe
 */
export function usesLoaderLater({ device, phases }: Recipe, step: Step): boolean {
  const steps = phases.flatMap((phase) => phase.steps);
  return steps.slice(steps.indexOf(step) + 1).some((later) => usesLoader(device, later));
}

/** Steps that speak with the application of the unit. */
const SPEAKING: ReadonlySet<Step['verb']> = new Set([
  'send',
  'expect',
  'request',
  'at-command',
  'prove-online',
]);
/** Steps that can bring a unit into its boot loader again: by its power, by a person or by a program. */
const POWERING: ReadonlySet<Step['verb']> = new Set(['power', 'prompt', 'run-tool', 'script']);

/** A step that needs the boot loader after another step has used the application of the unit, by their places in the recipe. */
export interface LoaderAgain {
  readonly application: Step;
  readonly loader: Step;
}

/**
 * The first step that needs the boot loader after the application was used, without a step between that could lead the unit there:
 * it works on a port with control lines only. `null` when there is none.
 */
export function findLoaderAgain({ device, phases }: Pick<Recipe, 'device' | 'phases'>): LoaderAgain | null {
  let application: Step | null = null;
  for (const step of phases.flatMap(({ steps }) => steps)) {
    if (usesLoader(device, step)) {
      if (application !== null) return { application, loader: step };
    } else if (POWERING.has(step.verb) || ('instrument' in step && step.instrument !== undefined))
      application = null;
    else if (SPEAKING.has(step.verb) || (step.verb === 'identify' && device.identity?.nvs !== undefined))
      application = step;
  }
  return null;
}
