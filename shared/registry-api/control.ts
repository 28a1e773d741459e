import { z } from 'zod';

/** `POST /v1/devices/:productId/:deviceName/control`: the cloud tells a device something over MQTT and waits. */
export const controlRequest = z.union([
  /** Properties to be as told: answered by `control_reply`. */
  z.strictObject({
    set: z.record(z.string().min(1).max(64), z.unknown()),
    withinMs: z.int().min(1).max(60_000),
  }),
  /** An action with its input: answered by `action_reply`. */
  z.strictObject({
    action: z.string().min(1).max(64),
    params: z.record(z.string().max(64), z.unknown()).default({}),
    withinMs: z.int().min(1).max(60_000),
  }),
]);
export type ControlRequest = z.input<typeof controlRequest>;

/** What the device answered; `code` is null when it did not in time. 0 is success, 406 a failed check of the model. */
export const controlReply = z.object({
  code: z.int().nullable(),
  status: z.string(),
  /** Output of an action. */
  response: z.record(z.string(), z.unknown()),
});
export type ControlReply = z.infer<typeof controlReply>;
