import type { DeviceSettings } from '#shared/recipe/index.ts';
import type { Clock, DevicePort } from '../../core/platform/index.ts';
import type { SecretMask } from '../../core/secret-mask/index.ts';
import { filterEcho, SerialIo } from '../serial-io/index.ts';
import { openAtModule } from './at-module/index.ts';
import { openDescribed } from './described/index.ts';
import type { DeviceSession, GattLink } from './device-session.ts';
import { framingInRun } from './framing-in-run.ts';
import { type NvsDeviceOptions, withNvs } from './nvs-device.ts';

/** A unit on an open port, through its protocol and through plain serial I/O. */
export interface OpenDevice {
  readonly session: DeviceSession;
  readonly serial: SerialIo;
}

export interface OpenDeviceOptions {
  readonly clock: Clock;
  /** Gets each secret before it is sent. */
  readonly mask: SecretMask;
  /** Bluetooth to the unit, for a device whose identity is exchanged over it; left out where no identity is. */
  readonly gatt?: GattLink;
  /** True when what is received is recorded, with other secrets. */
  readonly isReplay?: boolean;
  readonly scan?: NvsDeviceOptions['scan'];
  readonly onChip?: NvsDeviceOptions['onChip'];
}

/** Opens the device that a recipe describes on a port. Sends nothing. */
export function openDevice(
  port: DevicePort,
  settings: DeviceSettings,
  options: OpenDeviceOptions,
): OpenDevice {
  const { clock, mask, gatt = null, scan, onChip, isReplay = false } = options;
  const { frames, echo, serial: line } = settings;
  const framing = frames === undefined ? null : framingInRun(frames, mask, isReplay);
  const serial = new SerialIo(echo ? filterEcho(port, clock, line.baudRate) : port, {
    clock,
    mask,
    framing,
    encoding: line.encoding,
  });
  const session =
    settings.profile === 'described'
      ? withNvs(openDescribed(serial, settings, { clock, gatt }), serial.port, settings, {
          clock,
          mask,
          scan,
          onChip,
        })
      : openAtModule(serial.port, {
          clock,
          mask,
          commandTimeoutMs: line.commandTimeoutMs,
          region: settings.region ?? null,
          encoding: line.encoding,
        });
  return { session, serial };
}
