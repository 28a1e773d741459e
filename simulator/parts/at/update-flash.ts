import { OtaMemory } from '../ota/index.ts';
import type { MqttParameters } from './mqtt-parameters.ts';

/** What a module keeps of updates across restarts. */
export class UpdateFlash {
  readonly memory = new OtaMemory();
  /** The login that a product opens by itself after a restart for an update. */
  login: { readonly mqtt: MqttParameters; readonly server: string | null } | null = null;
}
