import { AT_COMMANDS, AT_LIMITS, AT_TLS_MODE } from '#shared/domain/at-module.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import { escapeParameter } from './replies.ts';

/** The module asks the cloud over HTTP: its own timeout is 5 s, and it may look a name up before. */
export const REGISTER_TIMEOUT_MS = 15_000;

/** What to do about the codes of the cloud. Source: error codes of `AT+TCDEVREG` in the command set V3.2.1. */
const HINTS: Readonly<Record<number, string>> = {
  1004: 'Check the product of the recipe, and which registry the unit reaches.',
  1010: 'The product secret of the unit is not that of the registry: test again. If it stays so, the unit reaches another registry.',
  1011: 'Switch registration on at the registry: "registry registration set".',
  1012: 'Wait a minute, and test again.',
  1020: 'The registry that the unit reaches does not have this device, or it is retired.',
  1021: 'The device has logged in before. When its unit was erased: "registry registration reopen" at the registry.',
  1031: 'Raise the limit at the registry: "registry registration set".',
};

/** The command that gives a module its product secret and its name. */
export function productInfoCommand(
  { productId, deviceName }: IdentityName,
  productSecret: string,
  region: string,
): string {
  const head = `${AT_COMMANDS.productInfo}=${AT_TLS_MODE.key},"${productId}"`;
  return `${head},"${escapeParameter(productSecret)}","${escapeParameter(deviceName)}","${region}"`;
}

/** Faults: `bad-input`. */
export function checkProductSecret(productSecret: string): void {
  if (Buffer.byteLength(productSecret) <= AT_LIMITS.productSecretBytes) return;
  throw new Fault(
    'bad-input',
    `the product secret is longer than ${AT_LIMITS.productSecretBytes} characters`,
    {
      hint: 'Make a new one at the registry: "registry registration secret".',
    },
  );
}

/** The refusal of a registration, with what to do about its code; another error is returned as it is. */
export function registrationFault(error: unknown, { deviceName }: IdentityName): unknown {
  if (!(error instanceof Fault) || error.code !== 'device-rejected') return error;
  const code = error.details['code'];
  const hint = typeof code === 'number' ? HINTS[code] : undefined;
  if (hint === undefined) return error;
  return new Fault('device-rejected', `${deviceName} could not register: ${error.message}`, {
    hint,
    details: { ...error.details, deviceName },
    cause: error,
  });
}
