/** Devices that their recipe describes: how they are identified, and how they take, show and forget an identity. */
import { Fault } from '#shared/domain/fault.ts';
import {
  type DeviceSettings,
  type ExchangedIdentity,
  exchangedIdentity,
  groupsOfReading,
  strengthOf,
} from '#shared/recipe/index.ts';
import type { Clock } from '../../../core/platform/index.ts';
import { SerialIo } from '../../serial-io/index.ts';
import type { DeviceSession, GattLink } from '../device-session.ts';
import { DescribedIdentity } from './described-identity.ts';
import { identifyDescribed } from './identify.ts';
import { IdentityWatch } from './identity-watch.ts';
import { shapesOf } from './answer-shapes.ts';
import { UnitGuard } from './unit-guard.ts';

export interface DescribedOptions {
  readonly clock: Clock;
  readonly gatt: GattLink | null;
}

/**
 * The session of a device without a protocol of ours. Without `device.identity` it can be identified and nothing more: every
 * method about a triple has the fault `recipe-invalid`, which the check of a recipe finds before.
 */
export function openDescribed(
  io: SerialIo,
  settings: DeviceSettings,
  { clock, gatt }: DescribedOptions,
): DeviceSession {
  const identity = exchangesOf(settings);
  let opened: DescribedIdentity | null = null;
  const readBack = identity === null ? 'none' : strengthOf(groupsOfReading(identity.read) ?? []);
  const { mask, framing } = io;
  const { encoding, path } = io;
  const shapes = shapesOf(identity?.read ?? []);
  const watch = new IdentityWatch({ shapes, framing, encoding, path });
  const guard = new UnitGuard({ shapes, framing, encoding, mask, watch });
  if (identity !== null) {
    // From now on, because a unit may send its secret without a question.
    io.guard = guard;
    mask.setGuard(guard);
  }

  /** Made when it is first needed, because from then on it receives what the unit sends, too. */
  function requireIdentity(what: string): DescribedIdentity {
    if (identity === null) throw cannot(what);
    opened ??= new DescribedIdentity(identity, { io: unmasked(), clock, gatt }, mask, { guard, watch });
    return opened;
  }

  /** The same port without a mask: the secret that a unit answers is compared. Faults and recording are masked all the same. */
  function unmasked(): SerialIo {
    return new SerialIo(io.port, {
      clock,
      mask,
      framing,
      encoding: settings.serial.encoding,
      seesSecrets: true,
    });
  }

  function requireOneIdentity(): void {
    if (watch.fault !== null) throw watch.fault;
  }

  return {
    readBack,
    requireOneIdentity,
    values:
      identity === null || gatt === null
        ? null
        : {
            hears: (...value) => watch.hearsValue(...value),
            isKept: (service, characteristic) =>
              identity.read.some((one) => one.service === service && one.notify === characteristic),
          },
    abilities: { login: identity?.login !== undefined, erase: identity?.erase !== undefined },
    async identify(signal) {
      const info =
        settings.ble?.identify === undefined || gatt === null
          ? await identifyDescribed(io, settings.identify ?? [], signal)
          : await gatt.identify(signal);
      // A burn identifies the unit before its intent, and before it believes the read-back.
      requireOneIdentity();
      return info;
    },
    // An async function turns the fault of a device without identity into a rejection.
    readIdentity: async (expected, signal) => requireIdentity('hold a triple').read(expected, signal),
    checkWritable: (triple) => requireIdentity('hold a triple').checkWritable(triple),
    async prepareWrite(signal) {
      // Before an intent is stored.
      requireOneIdentity();
      await requireIdentity('take a triple').perform(identity?.prepare ?? [], signal);
    },
    writeIdentity: async (triple, signal) => requireIdentity('take a triple').write(triple, signal),
    async eraseIdentity(signal) {
      if (identity?.erase === undefined) throw cannot('forget a triple');
      await requireIdentity('forget a triple').erase(identity.erase, signal);
    },
    async goOnline(signal) {
      if (identity === null) throw cannot('log in to the cloud');
      // Without exchanges for it the unit logs in by itself, and the registry sees it.
      if (identity.login === undefined) return;
      try {
        await requireIdentity('log in to the cloud').perform(identity.login, signal);
      } catch (error) {
        throw error instanceof Fault && error.class === 'unit' ? notOnline(error) : error;
      }
    },
    async goOffline(signal) {
      if (identity?.logout === undefined) return;
      await requireIdentity('log out').perform(identity.logout, signal);
    },
    command: () => Promise.reject(cannot('take AT commands')),
  };
}

/** An identity in NVS may have exchanges for its login. */
function exchangesOf({ identity }: DeviceSettings): ExchangedIdentity | null {
  if (identity === undefined) return null;
  return exchangedIdentity(identity) ?? { ...identity, write: [], read: [] };
}

function notOnline(error: Fault): Fault {
  return new Fault('not-online', `the unit could not log in to the cloud: ${error.message}`, {
    hint: 'Check the factory Wi-Fi and the registry; then the unit.',
    details: error.details,
    cause: error,
  });
}

function cannot(what: string): Fault {
  return new Fault('recipe-invalid', `a described device cannot ${what}`, {
    hint: 'Say in device.identity of the recipe how it does it, or take these steps out.',
  });
}
