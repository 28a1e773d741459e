import { z } from 'zod';
import { call } from '../rpc/contract.ts';

/** A unit of the records of this station. */
const knownUnit = z.object({ chipId: z.string(), serialNumber: z.string().nullable() });
/** Ways of provisioning whose services the unit has, by their names in `provision-ble`. */
const methods = z.array(z.string().max(32));
/** An address, or on macOS the id that stands for it. */
const address = z.string().min(1).max(64);

/** A unit that advertises over Bluetooth near the station. */
export const nearbyUnit = z.object({
  address,
  name: z.string().nullable(),
  /** dBm; the median of what was received. */
  rssiDbm: z.number(),
  services: z.array(z.string()),
  /** The first manufacturer data: the identifier of the company in four hex digits, its name where it is known, and the data in hex. */
  company: z.object({ id: z.string(), name: z.string().nullable(), data: z.string() }).nullable(),
  /** The unit of the records with this address as MAC; `null` for none. */
  known: knownUnit.nullable(),
  methods,
});
export type NearbyUnit = z.infer<typeof nearbyUnit>;

/** What a unit says over a connection. */
export const nearbyReading = z.object({
  address,
  rssiDbm: z.number(),
  mtu: z.number(),
  services: z.array(
    z.object({
      uuid: z.string(),
      characteristics: z.array(
        z.object({
          uuid: z.string(),
          properties: z.array(z.string()),
          /** The value in hex, cut to 64 bytes; `null` for one that is not readable or was not given. */
          hex: z.string().nullable(),
          /** The value as a text where it is one. */
          text: z.string().nullable(),
        }),
      ),
    }),
  ),
  /** Of the service 180A, in words; a key is absent where the unit does not give the value. */
  information: z.object({
    manufacturer: z.string().optional(),
    model: z.string().optional(),
    serialNumber: z.string().optional(),
    hardware: z.string().optional(),
    firmware: z.string().optional(),
    software: z.string().optional(),
    systemId: z.string().optional(),
  }),
  known: knownUnit.nullable(),
  methods,
  /** The recipe of a batch by which its identity is read and changed over Bluetooth; `null` for none. */
  recipe: z.string().nullable(),
});
export type NearbyReading = z.infer<typeof nearbyReading>;

const ROLES = ['support', 'engineer'] as const;

export const nearbyCalls = {
  /** Receives the advertisements of all units for a time; strongest first. Faults: `ble-missing`, `ble-off`, `ble-denied`. */
  'nearby.listen': call(
    ROLES,
    z.strictObject({ forMs: z.int().min(50).max(10_000) }),
    z.object({ units: z.array(nearbyUnit) }),
    { automatic: true, atOnce: false },
  ),
  /**
   * Connects to a unit and reads its services and readable characteristics. A unit that a slot tests is refused. Faults:
   * `ble-unseen`, `ble-lost`, `device-silent`, those of the adapter.
   */
  'nearby.read': call(ROLES, z.strictObject({ address }), nearbyReading, { automatic: false, atOnce: true }),
  /**
   * Provisions a unit of the records by a method that its services have, with a Wi-Fi network of the station, and ends the binding again.
   * Takes up to two minutes. Faults: `not-found`, `network-unknown`, `provisioning-refused`, `provisioning-timeout`, `device-bound`,
   * those of the registry and of `nearby.read`.
   */
  'nearby.provision': call(
    ROLES,
    z.strictObject({ address, method: z.string().min(1).max(32), network: z.string().min(1).max(64) }),
    z.object({
      ssid: z.string().nullable(),
      stages: z.array(z.object({ stage: z.string(), said: z.string() })),
      secondsToOnline: z.number().nullable(),
    }),
    { automatic: false, atOnce: true },
  ),
};
