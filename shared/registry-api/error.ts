import { z } from 'zod';

/**
 * How the registry says no. The closed list of codes; the status is what HTTP sees.
 * A client acts on the code, a person reads message and hint.
 */
export const REGISTRY_ERROR_STATUS = {
  'bad-input': 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'pool-empty': 409,
  'too-large': 413,
  busy: 503,
  'storage-lost': 503,
  internal: 500,
  'disk-full': 507,
} as const;

export type RegistryErrorCode = keyof typeof REGISTRY_ERROR_STATUS;

export const registryErrorCode = z.enum(
  Object.keys(REGISTRY_ERROR_STATUS) as [RegistryErrorCode, ...RegistryErrorCode[]],
);

/** Body of every reply that is not 2xx. `details` carries numbers for the sentence, such as `left`. */
export const registryError = z.object({
  code: registryErrorCode,
  message: z.string(),
  hint: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
});
export type RegistryErrorBody = z.infer<typeof registryError>;
