import { z } from 'zod';

export const REGISTRY_SERVICE = 'gongwei-registry';

/** What devices reach by HTTP. */
const deviceHttp = z.object({
  /** How devices download firmware; `own-certificate`: by HTTPS with a certificate that the registry has made itself. */
  downloads: z.enum(['http', 'https', 'own-certificate']),
  /** Devices may register themselves without TLS, at a registry that has TLS. */
  plainRegistration: z.boolean(),
});

/** `GET /v1/health`, without a token: identifies a Gongwei registry and returns its time. */
export const healthReply = z.object({
  service: z.literal(REGISTRY_SERVICE),
  version: z.string(),
  nowMs: z.int(),
  /** Registries of earlier versions do not say it. */
  devices: deviceHttp.optional(),
});
export type HealthReply = z.infer<typeof healthReply>;
