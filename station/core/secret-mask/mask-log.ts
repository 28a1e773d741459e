import type { Log } from '../platform/index.ts';
import type { SecretMask } from './secret-mask.ts';

/** A log in whose fields, messages and stacks the secrets are masked. */
export function maskLog(log: Log, mask: SecretMask): Log {
  const { lost } = log;
  return {
    info: (event, fields) => log.info(event, mask.maskJson(fields)),
    warn: (event, fields) => log.warn(event, mask.maskJson(fields)),
    error: (event, error, fields) => log.error(event, maskError(error, mask), mask.maskJson(fields)),
    ...(lost === undefined ? {} : { lost: () => lost.call(log) }),
  };
}

/** The same error, or a copy of it when its text holds a secret. */
function maskError(error: unknown, mask: SecretMask): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? mask.maskText(error) : error;
  const message = mask.maskText(error.message);
  const stack = mask.maskText(error.stack ?? '');
  if (message === error.message && stack === (error.stack ?? '')) return error;
  return Object.assign(new Error(message), { name: error.name, stack });
}
