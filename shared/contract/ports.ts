import { z } from 'zod';
import { MAX_SLOTS } from '../domain/slots.ts';
import { call } from '../rpc/contract.ts';
import { empty } from './common.ts';

/** A port to a fixture, as this computer has it now. */
export const portView = z.object({
  /** Its present path, which may change when it is plugged in again. */
  path: z.string(),
  /** The USB location that it is plugged into; `null` for a port that is not on USB. */
  location: z.string().nullable(),
  /** The names that its adapter reports. */
  title: z.string().nullable(),
  /** The serial number of its adapter. Adapters of one kind may have the same. */
  serialNumber: z.string().nullable(),
  /** By what a slot is assigned to it: the location, else the path. */
  place: z.string(),
  /** The slot that is assigned to it. */
  slot: z.int().nullable(),
});
export type PortView = z.infer<typeof portView>;

/** The port of a slot, as it is stored and as the open station has it. */
export const slotPortView = z.object({
  slot: z.int(),
  /** Stored for the next opening; `null` when the slot is forgotten then. */
  place: z.string().nullable(),
  /** What the open station uses; `null` when the slot begins with the next opening. */
  inUse: z.string().nullable(),
  /** `unknown` for an address, and for a path that this computer does not list. */
  presence: z.enum(['present', 'absent', 'unknown']),
  /** Transfers to the unit begin at this speed at most, because higher ones failed at this port; `null`: as recipes say. */
  maxBaudRate: z.int().nullable(),
});
export type SlotPortView = z.infer<typeof slotPortView>;

/** Bluetooth adapter and relay board for all slots, in the form of the options `--ble` and `--board`. */
export const hardwareView = z.object({
  ble: z.string().max(300).nullable(),
  board: z.string().max(300).nullable(),
});

export const portsState = z.object({
  ports: z.array(portView),
  slots: z.array(slotPortView),
  /** The program was started with slots of its own: what is stored holds when it is started without them. */
  isFixedByHost: z.boolean(),
  /** What is stored differs from what the open station uses. */
  needsReopening: z.boolean(),
  /** The station can be opened again by its page. */
  canReopen: z.boolean(),
  hardware: hardwareView,
});
export type PortsState = z.infer<typeof portsState>;

const ENGINEER = ['engineer'] as const;
const slot = z.int().min(1).max(MAX_SLOTS);
/** The longest wait for a person who unplugs a cable. */
export const MAX_PORT_WAIT_MS = 120_000;

export const portCalls = {
  'ports.list': call(ENGINEER, empty, portsState, { automatic: true, atOnce: false }),
  /**
   * Waits until a port is unplugged or plugged in. `before`: the places of the ports that the page has seen last, so
   * that nothing is missed between two calls. Faults: `timeout`, the caller's cancellation.
   */
  'ports.awaitChange': call(
    ENGINEER,
    z.strictObject({
      before: z.array(z.string().max(500)).max(500),
      want: z.enum(['gone', 'came']),
      timeoutMs: z.int().min(1).max(MAX_PORT_WAIT_MS),
    }),
    z.object({ changed: z.array(z.string()), state: portsState }),
    { automatic: false, atOnce: false },
  ),
  /**
   * Assigns a slot to a port by its location, or by a path or an address. `moved`: takes it from the slot that has it.
   * Faults: `bad-input`, with the slot that has the port in `details.slot`.
   */
  'ports.assign': call(
    ENGINEER,
    z.strictObject({ slot, place: z.string().trim().min(1).max(500), moved: z.boolean().default(false) }),
    portsState,
    { automatic: false, atOnce: false },
  ),
  'ports.forget': call(ENGINEER, z.strictObject({ slot }), portsState, { automatic: false, atOnce: false }),
  /** Forgets the remembered speed of transfers. Faults: `not-found`. */
  'ports.forgetBaudRate': call(ENGINEER, z.strictObject({ slot }), portsState, {
    automatic: false,
    atOnce: false,
  }),
  /** Faults: `bad-input` for an adapter that is none. */
  'ports.setHardware': call(ENGINEER, hardwareView, portsState, { automatic: false, atOnce: false }),
};
