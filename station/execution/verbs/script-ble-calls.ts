import { z } from 'zod';
import { normalizeUuid } from '#shared/domain/ble-uuid.ts';
import { gattNotification, gattRequest } from '../../devices/protocols/index.ts';
import type { RunContext } from '../run-context/index.ts';

/** Shapes of the arguments of a script's calls over Bluetooth. */

const DEFAULT_WITHIN_MS = 3000;
/** The longest value of an attribute (Core Specification Vol 3 Part F 3.2.9). */
const MAX_VALUE_BYTES = 512;

const uuid = z
  .string('must be a UUID, as "FFF1"')
  .max(64)
  .transform((text, context) => {
    const normal = normalizeUuid(text);
    if (normal === null)
      context.addIssue({ code: 'custom', message: 'must be a UUID of 16 or 128 bits, as "FFF1"' });
    return normal ?? '';
  });
const withinMs = z.int().min(1).max(600_000).default(DEFAULT_WITHIN_MS);
const withinOptions = z.strictObject({ withinMs });
const writeOptions = z.strictObject({ withinMs, confirm: z.boolean().default(true) });
const requestOptions = z.strictObject({ ...writeOptions.shape, notify: uuid });
const valueBytes = z
  .union([z.string(), z.instanceof(Uint8Array)], 'must be a text or a Uint8Array')
  .transform((data, context) => {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    if (bytes.length > MAX_VALUE_BYTES)
      context.addIssue({
        code: 'custom',
        message: `has ${bytes.length} bytes; a value has at most ${MAX_VALUE_BYTES}`,
      });
    return bytes;
  });

/** Reads the arguments of a call; see `performCall`. */
type Parsed = <T>(schema: z.ZodType<T>, value: unknown, of?: string) => T;

/** The calls over Bluetooth, each with the unit on the slot. */
export const SCRIPT_BLE_CALLS = ['bleRead', 'bleWrite', 'bleNotified', 'bleRequest', 'bleMtu'] as const;
export type ScriptBleCall = (typeof SCRIPT_BLE_CALLS)[number];

export function isBleCall(call: string): call is ScriptBleCall {
  return SCRIPT_BLE_CALLS.some((one) => one === call);
}

/** Performs a call of a script over Bluetooth, on the connection of the run. Faults: those of the steps over Bluetooth. */
export async function performBleCall(
  ...given: Parameters<typeof performOn>
): Promise<Uint8Array | number | undefined> {
  const value = await performOn(...given);
  // A Buffer has a form of its own in JSON.
  return value instanceof Uint8Array ? new Uint8Array(value) : (value ?? undefined);
}

function performOn(
  call: ScriptBleCall,
  args: readonly unknown[],
  run: Pick<RunContext, 'ble' | 'platform'>,
  parsed: Parsed,
  signal: AbortSignal,
): Promise<Uint8Array | number | null | void> {
  const { ble, platform } = run;
  const service = (): string => parsed(uuid, args[0], 'service');
  const characteristic = (): string => parsed(uuid, args[1], 'characteristic');
  switch (call) {
    case 'bleRead': {
      const [of, at, { withinMs: timeoutMs }] = [
        service(),
        characteristic(),
        parsed(withinOptions, args[2] ?? {}),
      ];
      return ble.use((connection) => connection.read(of, at, { timeoutMs, signal }), signal);
    }
    case 'bleWrite': {
      const [of, at, bytes] = [service(), characteristic(), parsed(valueBytes, args[2], 'data')];
      const { withinMs: timeoutMs, confirm: response } = parsed(writeOptions, args[3] ?? {});
      return ble.use(
        (connection) => connection.write(of, at, bytes, { response, timeoutMs, signal }),
        signal,
      );
    }
    case 'bleNotified': {
      const awaited = { service: service(), notify: characteristic(), isWanted: () => true };
      const { withinMs: timeoutMs } = parsed(withinOptions, args[2] ?? {});
      return ble.use(
        (connection) => gattNotification({ ...awaited, timeoutMs }, connection, platform.clock, signal),
        signal,
      );
    }
    case 'bleRequest': {
      const [of, write, bytes] = [service(), characteristic(), parsed(valueBytes, args[2], 'data')];
      const { withinMs: answerMs, confirm, notify } = parsed(requestOptions, args[3] ?? {});
      const request = { service: of, write, notify, confirm, answerMs };
      return ble.use(async (connection) => {
        const [first] = await gattRequest(request, connection, bytes, platform.clock, signal);
        return first;
      }, signal);
    }
    case 'bleMtu':
      return ble.use((connection) => connection.mtu({ timeoutMs: DEFAULT_WITHIN_MS, signal }), signal);
  }
}
