import { z } from 'zod';

/**
 * The paths of dynamic registration, which devices use without a station's token. Sources: document 47612 of IoT Explorer, and
 * Tencent's C SDK for the legacy one.
 */
export const REGISTRATION_PATH = { current: '/device/register', legacy: '/register/dev' } as const;

/**
 * `GET /v1/products/:productId/registration`: what a station needs to let units register, for a product of which it has a lease.
 * The reply has a secret. `registerType`: 0 off, 1 names that exist, 2 also new names.
 */
export const productRegistrationReply = z.object({
  registerType: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  /** Null before one was made. */
  productSecret: z.string().nullable(),
});
export type ProductRegistrationReply = z.infer<typeof productRegistrationReply>;
