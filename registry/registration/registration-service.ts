import { z } from 'zod';
import { deviceName, productId } from '#shared/domain/triple.ts';
import type { RegistryLog } from '../platform.ts';
import type { RefusalLog } from '../refusal-log.ts';
import type { Store } from '../store/index.ts';
import type { Vault } from '../vault.ts';
import { type Payload, sealForDevice } from './payload.ts';
import type { RegistrationRefusal } from './refusals.ts';
import { registerDevice } from './register-device.ts';
import { createRequestGuard } from './request-guard.ts';
import { isLegacySignedBy, isSignedBy, type SignedRequest } from './signed-text.ts';

export interface RegistrationServiceOptions {
  readonly store: Store;
  readonly vault: Vault;
  readonly refusals: RefusalLog;
  readonly nowMs: () => number;
  readonly log: RegistryLog;
}

export type RegistrationResult =
  | { readonly ok: true; readonly payload: Payload }
  | { readonly ok: false; readonly refusal: RegistrationRefusal };

/** Registers devices by the two forms of the request. Every refusal is recorded. */
export interface RegistrationService {
  /** `POST /device/register` */
  register(request: SignedRequest, path: string, address: string): RegistrationResult;
  /** `POST /register/dev` */
  registerLegacy(body: Uint8Array, address: string): RegistrationResult;
}

/** `EncryptionType` 1 asks for a certificate. */
const currentBody = z.object({
  ProductId: productId,
  DeviceName: deviceName,
  EncryptionType: z.int().optional(),
});
const whole = z.union([
  z.int(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);
const legacyBody = z.object({
  productId,
  deviceName,
  nonce: whole,
  timestamp: whole,
  signature: z.string().max(200),
});
const TIMESTAMP = /^\d{1,12}$/;
/** A random product secret. It makes the check of an unknown product take as long as that of a known one. */
const NO_SECRET = '0'.repeat(24);

export function createRegistrationService(options: RegistrationServiceOptions): RegistrationService {
  const { store, vault, refusals, nowMs, log } = options;
  const guard = createRequestGuard(nowMs);

  interface Claim {
    readonly name: { readonly productId: string; readonly deviceName: string };
    readonly timestampS: number;
    /** Identifies the request: its signature, in base64. */
    readonly signature: string;
    readonly isSigned: (productSecret: string) => boolean;
  }

  function decide(claim: Claim): RegistrationResult {
    const { name, timestampS, signature, isSigned } = claim;
    const sealed = store.registration.ofProduct(name.productId)?.sealedSecret ?? null;
    const secret = sealed === null ? NO_SECRET : vault.openProductSecret(name.productId, sealed);
    const signed = isSigned(secret);
    if (!store.products.exists(name.productId)) return refuse('product-unknown');
    if (sealed === null) return refuse('registration-off');
    if (!signed) return refuse('signature-wrong');
    if (!guard.isTimely(timestampS)) return refuse('time-wrong');
    // The bytes identify the request: base64 has many spellings of them.
    if (!guard.acceptOnce(Buffer.from(signature, 'base64').toString('base64'))) return refuse('repeated');
    const result = registerDevice(store, vault, name, nowMs());
    if (result.ok)
      log({
        level: 'info',
        event: 'registration.accepted',
        details: { clientId: name.productId + name.deviceName },
      });
    return result.ok ? { ok: true, payload: sealForDevice(secret, result.deviceSecret) } : result;
  }

  function handle(address: string, claim: Claim | null): RegistrationResult {
    store.requireOnDisk();
    const result = !guard.admit(address)
      ? refuse('too-often')
      : claim === null
        ? refuse('content-wrong')
        : decide(claim);
    if (!result.ok && result.refusal !== 'internal') {
      const clientId = claim === null ? '' : claim.name.productId + claim.name.deviceName;
      const deviceId = clientId === '' ? null : (store.devices.factsByClientId(clientId)?.id ?? null);
      refusals.record({ clientId, deviceId, address, act: 'registration', reason: result.refusal });
    }
    return result;
  }

  return {
    register(request, path, address) {
      const body = currentBody.safeParse(readJson(request.body)).data;
      const isReadable = body !== undefined && TIMESTAMP.test(request.timestamp) && body.EncryptionType !== 1;
      return handle(
        address,
        isReadable
          ? {
              name: { productId: body.ProductId, deviceName: body.DeviceName },
              timestampS: Number(request.timestamp),
              signature: request.signature,
              isSigned: (secret) => isSignedBy(secret, path, request),
            }
          : null,
      );
    },
    registerLegacy(bytes, address) {
      const body = legacyBody.safeParse(readJson(bytes)).data;
      return handle(
        address,
        body === undefined
          ? null
          : {
              name: body,
              timestampS: body.timestamp,
              signature: body.signature,
              isSigned: (secret) => isLegacySignedBy(secret, body),
            },
      );
    },
  };
}

function refuse(refusal: RegistrationRefusal): RegistrationResult {
  return { ok: false, refusal };
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}
