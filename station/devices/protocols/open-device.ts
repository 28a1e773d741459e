import { framingOf, type DeviceSettings } from '#shared/recipe/index.ts';
import type { ByteLink, Clock } from '../../core/platform/index.ts';
import { openAtModule } from './at-module/index.ts';
import { openDescribed } from './described/index.ts';
import type { DeviceSession } from './device-session.ts';
import { createWire, type Wire, withoutEcho } from '../serial-io/index.ts';

/** A unit that can be spoken to: by its protocol, and on its bare wire. */
export interface OpenDevice {
  readonly session: DeviceSession;
  readonly wire: Wire;
}

export interface OpenDeviceOptions {
  readonly clock: Clock;
  /** Told of a secret before it is sent, so that recordings mask it in every form it is sent in. */
  readonly protect: (forms: readonly string[]) => void;
}

/** Makes a device of a port, as its recipe describes it. Sends nothing. */
export function openDevice(port: ByteLink, settings: DeviceSettings, options: OpenDeviceOptions): OpenDevice {
  const { frames, echo, serial } = settings;
  const wire = createWire(
    echo ? withoutEcho(port, options.clock, serial.baudRate) : port,
    options.clock,
    frames === undefined ? null : framingOf(frames),
    serial.encoding,
  );
  const protect = (forms: readonly string[]): void => {
    wire.protect(forms);
    options.protect(forms);
  };
  const session =
    settings.profile === 'described'
      ? openDescribed(wire, settings.identify ?? [])
      : openAtModule(wire.link, {
          clock: options.clock,
          commandTimeoutMs: serial.commandTimeoutMs,
          region: settings.region ?? null,
          encoding: serial.encoding,
          protect,
        });
  return { session, wire };
}
