import { createHmac } from 'node:crypto';
import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';

const PERIOD_S = 30;
const DIGITS = 6;

/**
 * The temporary password that a lock of this identity accepts now. Source: IoT Video guide (document 001): RFC 4226
 * with HMAC-SHA-1, key = the decoded DeviceSecret, counter = Unix seconds / 30, six digits. Only the password leaves.
 */
export async function temporaryPassword(step: StepOf<'temporary-password'>, run: RunContext): Promise<void> {
  if (run.bound === null)
    throw new Fault('recipe-invalid', 'temporary-password needs a burn-triple step before it');
  const counter = Math.floor(run.platform.clock.nowMs() / 1000 / PERIOD_S) + step.step;
  const { bound, ledger, io } = run;
  // A replay has no secret to make it of.
  const { value } = await io.request({ kind: 'secret', key: `temporary password ${step.step}` }, () =>
    ledger.withSecret(bound, ({ deviceSecret }) =>
      Promise.resolve({ value: hotp(Buffer.from(deviceSecret, 'base64'), counter) }),
    ),
  );
  const right = String(value);
  run.scope.set(step.capture, step.wrong ? otherThan(right) : right);
}

/** RFC 4226 section 5.3. */
export function hotp(key: Uint8Array, counter: number): string {
  const moving = Buffer.alloc(8);
  moving.writeBigUInt64BE(BigInt(counter));
  const hash = createHmac('sha1', key).update(moving).digest();
  const offset = (hash.at(-1) ?? 0) & 0x0f;
  const number = hash.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** One that is right at no time near: its first digit is another. */
function otherThan(right: string): string {
  return `${(Number(right[0]) + 5) % 10}${right.slice(1)}`;
}
