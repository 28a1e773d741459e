import { z } from 'zod';

export const REGISTRY_SERVICE = 'gongwei-registry';

/** `GET /v1/health`, open: is this a Gongwei registry, and what time does it think it is. */
export const healthReply = z.object({
  service: z.literal(REGISTRY_SERVICE),
  version: z.string(),
  nowMs: z.int(),
});
export type HealthReply = z.infer<typeof healthReply>;
