import {
  REGISTRY_ERROR_STATUS,
  type RegistryErrorBody,
  type RegistryErrorCode,
} from '#shared/registry-api/index.ts';

/** A refusal the caller can act on; becomes the HTTP status of its code and a body without anything else in it. */
export class RegistryError extends Error {
  readonly status: number;
  readonly body: RegistryErrorBody;

  constructor(
    code: RegistryErrorCode,
    message: string,
    hint: string,
    details?: NonNullable<RegistryErrorBody['details']>,
  ) {
    super(message);
    this.name = 'RegistryError';
    this.status = REGISTRY_ERROR_STATUS[code];
    this.body = details === undefined ? { code, message, hint } : { code, message, hint, details };
  }
}
