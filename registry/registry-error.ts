import {
  REGISTRY_ERROR_STATUS,
  type RegistryErrorBody,
  type RegistryErrorCode,
} from '#shared/registry-api/index.ts';

/** An error of the registry API: HTTP status by its code, and a body of code, message, hint and details. */
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
