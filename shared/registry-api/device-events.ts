import { z } from 'zod';

/** The newest events that the registry keeps of one device. */
export const MAX_EVENTS_PER_DEVICE = 200;

/** An event of a device (`event_post`). */
export const deviceEvent = z.object({
  /** Grows with each event of the registry. */
  eventNumber: z.int(),
  /** Id of the event in the thing model. */
  event: z.string(),
  /** `info`, `alert`, `fault`; as the device says it, empty when it does not. */
  type: z.string(),
  params: z.record(z.string(), z.unknown()),
  /** The device's clock; null when the event has none. */
  deviceAtMs: z.int().nullable(),
  /** The registry's clock. */
  receivedAtMs: z.int(),
});
export type DeviceEvent = z.infer<typeof deviceEvent>;

/** `GET /v1/devices/:productId/:deviceName/events?since=N`: the events with a number above N, oldest first. */
export const deviceEventsQuery = z.object({ since: z.coerce.number().int().min(0).default(0) });

/** `last`: the number of the newest event of the device, 0 without one. `nowMs`: the registry's clock. */
export const deviceEventsReply = z.object({ events: z.array(deviceEvent), last: z.int(), nowMs: z.int() });
export type DeviceEventsReply = z.infer<typeof deviceEventsReply>;
