/** Provisioning of a run: its token at the registry, the binding of the unit and its end. */
export { RunProvisioning } from './run-provisioning.ts';
export type { Provisioning, ProvisioningTask } from './provisioning-task.ts';
