import { z } from 'zod';

/**
 * The errors of the registry: the closed list of codes with their HTTP status. A client acts on the code; message and hint are
 * for people.
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
