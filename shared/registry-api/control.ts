import { z } from 'zod';

/** `POST /v1/devices/:productId/:deviceName/control`: sends a request to a device over MQTT and waits for its reply. */
export const controlRequest = z.union([
  /** Sets properties; the reply is `control_reply`. */
  z.strictObject({
    set: z.record(z.string().min(1).max(64), z.unknown()),
    withinMs: z.int().min(1).max(60_000),
  }),
  /** An action with its input; the reply is `action_reply`. */
  z.strictObject({
    action: z.string().min(1).max(64),
    params: z.record(z.string().max(64), z.unknown()).default({}),
    withinMs: z.int().min(1).max(60_000),
  }),
]);
export type ControlRequest = z.input<typeof controlRequest>;

/** The reply of the device; `code` is null without a reply in time. 0: success, 406: the thing model refused it. */
export const controlReply = z.object({
  code: z.int().nullable(),
  status: z.string(),
  /** Output of an action. */
  response: z.record(z.string(), z.unknown()),
});
export type ControlReply = z.infer<typeof controlReply>;
