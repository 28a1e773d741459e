import { z } from 'zod';

export const REGISTRY_SERVICE = 'gongwei-registry';

/** `GET /v1/health`, without a token: identifies a Gongwei registry and returns its time. */
export const healthReply = z.object({
  service: z.literal(REGISTRY_SERVICE),
  version: z.string(),
  nowMs: z.int(),
});
export type HealthReply = z.infer<typeof healthReply>;
