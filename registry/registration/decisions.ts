import { Fault } from '#shared/domain/fault.ts';
import { requireDecision, type Decision } from '../leases/index.ts';
import { randomBytes } from '../platform.ts';
import type { RegistrationAct, RegisterType, Store } from '../store/index.ts';
import type { Vault } from '../vault.ts';

/** How a product takes part in dynamic registration, without its secret. */
export interface RegistrationView {
  readonly productId: string;
  /** 0 off, 1 names that exist, 2 also new names, as many as `createLimit`. */
  readonly registerType: RegisterType;
  readonly createLimit: number;
  readonly hasSecret: boolean;
  readonly created: number;
  readonly registered: number;
  readonly acts: readonly RegistrationAct[];
}

/** The alphabet and length of Tencent's product secrets. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const SECRET_LENGTH = 24;
/** An AT module takes 32 characters, and the key of the reply needs 16. */
const PRODUCT_SECRET = /^[A-Za-z0-9]{16,32}$/;
const MAX_CREATED = 1_000_000;
const REQUIRED = 'dynamic registration is decided about';

/** Faults: `not-found`. */
export function registrationOf(store: Store, productId: string): RegistrationView {
  requireProduct(store, productId);
  const found = store.registration.ofProduct(productId);
  return {
    productId,
    registerType: found?.registerType ?? 0,
    createLimit: found?.createLimit ?? 0,
    hasSecret: found !== null && found.sealedSecret !== null,
    created: store.registration.countCreated(productId),
    registered: store.registration.countRegistered(productId),
    acts: store.registration.acts(productId),
  };
}

/** Faults: `not-found`, `bad-input`. */
export function setRegisterType(
  store: Store,
  productId: string,
  to: { readonly registerType: RegisterType; readonly createLimit: number },
  decision: Decision,
  nowMs: number,
): void {
  const { reason, approver } = requireDecision(decision, REQUIRED);
  const { registerType, createLimit } = to;
  if (!Number.isInteger(createLimit) || createLimit < 0 || createLimit > MAX_CREATED)
    throw new Fault('bad-input', `${createLimit} is not a number of devices`, {
      hint: `Use 0 to ${MAX_CREATED}.`,
    });
  store.write(() => {
    requireProduct(store, productId);
    store.registration.setType(productId, registerType, createLimit);
    const detail = registerType === 2 ? `type 2, at most ${createLimit}` : `type ${registerType}`;
    store.registration.addAct({
      productId,
      deviceName: null,
      act: 'type',
      detail,
      reason,
      approver,
      atMs: nowMs,
    });
  });
}

/**
 * Gives the product a new secret, or the given one (that of Tencent's console), and returns it: the only time that it is shown.
 * Units that still have the former secret cannot register any more. Faults: `not-found`, `bad-input`.
 */
export function rotateProductSecret(
  store: Store,
  vault: Vault,
  productId: string,
  given: string | null,
  decision: Decision,
  nowMs: number,
): string {
  const { reason, approver } = requireDecision(decision, REQUIRED);
  if (given !== null && !PRODUCT_SECRET.test(given))
    throw new Fault('bad-input', 'this is not a product secret', {
      hint: 'A product secret has 16 to 32 letters and digits.',
    });
  const secret = given ?? newSecret();
  const sealed = vault.sealProductSecret(productId, secret);
  store.write(() => {
    requireProduct(store, productId);
    store.registration.setSecret(productId, sealed);
    const detail = given === null ? 'made' : 'given';
    store.registration.addAct({
      productId,
      deviceName: null,
      act: 'secret',
      detail,
      reason,
      approver,
      atMs: nowMs,
    });
  });
  return secret;
}

/** A device that has logged in may register once more: its unit was erased, or another board is in it. Faults: `not-found`, `bad-input`. */
export function reopenRegistration(
  store: Store,
  name: { readonly productId: string; readonly deviceName: string },
  decision: Decision,
  nowMs: number,
): void {
  const { reason, approver } = requireDecision(decision, REQUIRED);
  const { productId, deviceName } = name;
  store.write(() => {
    const device = store.devices.facts(productId, deviceName);
    if (device === null)
      throw new Fault('not-found', `there is no device ${productId}/${deviceName}`, {
        hint: 'Check the names.',
      });
    store.registration.reopen(device.id, productId, device.logins, nowMs);
    const detail = `after ${device.logins} logins`;
    store.registration.addAct({
      productId,
      deviceName,
      act: 'reopen',
      detail,
      reason,
      approver,
      atMs: nowMs,
    });
  });
}

function requireProduct(store: Store, productId: string): void {
  if (store.products.exists(productId)) return;
  throw new Fault('not-found', `product ${productId} is not known`, {
    hint: 'Check the ProductId, or seed it.',
  });
}

function newSecret(): string {
  let secret = '';
  while (secret.length < SECRET_LENGTH) {
    for (const byte of randomBytes(SECRET_LENGTH)) {
      // Bytes above the last whole multiple of the alphabet would make some letters more frequent.
      if (byte < 248 && secret.length < SECRET_LENGTH) secret += ALPHABET[byte % ALPHABET.length] ?? '';
    }
  }
  return secret;
}
