import type { ProvisioningStage } from '../ble-provisioning.ts';

/** The stages of a provisioning, in their order. */
export class StageList {
  readonly #stages: ProvisioningStage[] = [];

  get all(): readonly ProvisioningStage[] {
    return this.#stages;
  }

  add(stage: string, said: string): void {
    this.#stages.push({ stage, said });
  }
}
