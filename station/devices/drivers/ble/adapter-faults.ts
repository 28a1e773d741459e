import { Fault } from '#shared/domain/fault.ts';
import { type AdapterChoice, describeAdapter } from './adapter-choice.ts';

/** @param what the problem, as the end of a sentence about the adapter */
export function adapterMissing(choice: AdapterChoice, what: string, cause?: unknown): Fault {
  return new Fault('ble-missing', `${describeAdapter(choice)} ${what}`, {
    hint: 'Plug it in, or name another with --ble.',
    details: { adapter: describeAdapter(choice) },
    cause,
  });
}

export function adapterOff(choice: AdapterChoice): Fault {
  return new Fault('ble-off', `${describeAdapter(choice)} is switched off`, {
    hint: 'Switch Bluetooth on in the settings of this computer ("rfkill unblock bluetooth" on Linux).',
    details: { adapter: describeAdapter(choice) },
  });
}

export function adapterDenied(choice: AdapterChoice, cause?: unknown): Fault {
  return new Fault('ble-denied', `this user has no permission to use ${describeAdapter(choice)}`, {
    hint:
      choice.kind === 'uart'
        ? 'Add the user to the group that owns serial ports (dialout on Debian) and sign in again.'
        : 'Allow Bluetooth for this program ("setcap cap_net_raw,cap_net_admin+eip" on the executable on Linux).',
    details: { adapter: describeAdapter(choice) },
    cause,
  });
}
