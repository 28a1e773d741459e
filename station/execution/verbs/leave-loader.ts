import { type Step, usesLoader, usesLoaderLater } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';

/**
 * Starts the application after the last step that works through the boot loader. Ports with control lines have done so already.
 * Faults: those of `DeviceSession`.
 */
export async function leaveLoader(step: Step, run: RunContext, signal: AbortSignal): Promise<void> {
  const { recipe, device } = run;
  if (usesLoader(recipe.device, step) && !usesLoaderLater(recipe, step)) await device.leaveLoader?.(signal);
}
