import type { Recipe } from './recipe.ts';
import type { Step } from './verbs/index.ts';

/** True for a recipe with a step or an exchange about the identity over Bluetooth, so that its station needs an adapter. */
export function usesBluetooth({ phases, device }: Pick<Recipe, 'phases' | 'device'>): boolean {
  if (phases.some(({ steps }) => steps.some(isBluetoothStep))) return true;
  if (device.ble?.identify !== undefined) return true;
  const { prepare = [], write = [], read = [], erase = [], login = [], logout = [] } = device.identity ?? {};
  const exchanges = [...prepare, ...write, ...read, ...erase, ...login, ...logout];
  return exchanges.some(({ service }) => service !== undefined);
}

/** True for a step over Bluetooth. */
export function isBluetoothStep({ verb }: Pick<Step, 'verb'>): boolean {
  return verb.startsWith('ble-') || verb.startsWith('llsync-') || verb === 'provision-ble';
}
