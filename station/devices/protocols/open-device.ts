import { framingOf, type DeviceSettings } from '#shared/recipe/index.ts';
import type { DevicePort, Clock } from '../../core/platform/index.ts';
import { openAtModule } from './at-module/index.ts';
import { openDescribed } from './described/index.ts';
import type { DeviceSession } from './device-session.ts';
import { createSerialIo, type SerialIo, withoutEcho } from '../serial-io/index.ts';

/** A unit that can be spoken to: by its protocol, and on its bare io. */
export interface OpenDevice {
  readonly session: DeviceSession;
  readonly serial: SerialIo;
}

export interface OpenDeviceOptions {
  readonly clock: Clock;
  /** Told of a secret before it is sent, so that recordings mask it in every form it is sent in. */
  readonly protect: (forms: readonly string[]) => void;
}

/** Makes a device of a port, as its recipe describes it. Sends nothing. */
export function openDevice(
  port: DevicePort,
  settings: DeviceSettings,
  options: OpenDeviceOptions,
): OpenDevice {
  const { frames, echo, serial } = settings;
  const io = createSerialIo(
    echo ? withoutEcho(port, options.clock, serial.baudRate) : port,
    options.clock,
    frames === undefined ? null : framingOf(frames),
    serial.encoding,
  );
  const protect = (forms: readonly string[]): void => {
    io.protect(forms);
    options.protect(forms);
  };
  const session =
    settings.profile === 'described'
      ? openDescribed(io, settings.identify ?? [])
      : openAtModule(io.link, {
          clock: options.clock,
          commandTimeoutMs: serial.commandTimeoutMs,
          region: settings.region ?? null,
          encoding: serial.encoding,
          protect,
        });
  return { session, serial: io };
}
