import { raceAbort } from '#node-kit/async/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { provisioningErrorText } from '#shared/words/index.ts';
import type { Clock, DevicePort } from '../../../core/platform/index.ts';
import type { SecretMask } from '../../../core/secret-mask/index.ts';
import { maskSentNetwork } from '../mask-sent-network.ts';
import { JsonObjects } from './json-objects.ts';
import {
  codesOfLog,
  encodeGiven,
  escapedInJson,
  type GivenByApp,
  readUnitAnswer,
  shownText,
  type UnitAnswer,
} from './messages.ts';

export type { GivenByApp } from './messages.ts';

/** The app repeats its message. Source: protocol 2.0 of SoftAP and SmartConfig of Tencent's ESP8266 firmware. */
const SENDS = 5;
const REPEAT_MS = 2_000;
/** Errors of earlier provisionings that are passed on; a unit may say others without end. */
const MAX_TOLD = 5;

export interface ConversationOptions {
  readonly clock: Clock;
  readonly mask: SecretMask;
  /** Gets what the unit says of an earlier provisioning that failed. */
  readonly onPreviousError: (log: string) => void;
}

/** The name that the unit gives itself. */
export interface ConversationResult {
  readonly productId: string;
  readonly deviceName: string;
  /** How often the message was sent. */
  readonly sends: number;
}

/**
 * Gives a unit its network and token, or its token alone: sends them up to five times, every two seconds, until the unit answers with
 * its name. Faults: `provisioning-refused` with what the unit says, `device-silent` without an answer, `port-missing` when this
 * computer has no way to the unit, the signal's reason.
 */
export async function converse(
  port: DevicePort,
  given: GivenByApp,
  { clock, mask, onPreviousError }: ConversationOptions,
  signal: AbortSignal,
): Promise<ConversationResult> {
  throwIfAborted(signal);
  const bytes = encodeGiven(given);
  protect(mask, given);
  const answered = Promise.withResolvers<UnitAnswer>();
  const objects = new JsonObjects();
  const toldBefore = new Set<string>();
  port.onData((received) => {
    for (const json of objects.push(received)) {
      const answer = readUnitAnswer(json);
      if (answer === null) continue;
      if (answer.kind !== 'error' || !answer.isPrevious) answered.resolve(answer);
      else if (!toldBefore.has(answer.log) && toldBefore.size < MAX_TOLD) {
        toldBefore.add(answer.log);
        onPreviousError(shownText(answer.log, mask));
      }
    }
  });
  let unreachable: Fault | null = null;
  for (let sends = 1; sends <= SENDS; sends++) {
    try {
      await port.write(bytes, signal);
      unreachable = null;
    } catch (error) {
      // The computer may be joining the network of the unit.
      if (!(error instanceof Fault) || error.code !== 'port-missing') throw error;
      unreachable = error;
    }
    const answer = await within(answered.promise, clock, signal);
    if (answer?.kind === 'error') throw refused(port.path, shownText(answer.log, mask));
    if (answer?.kind === 'info')
      return {
        productId: shownText(answer.productId, mask),
        deviceName: shownText(answer.deviceName, mask),
        sends,
      };
  }
  if (unreachable !== null) throw unreachable;
  throw new Fault(
    'device-silent',
    `the unit did not answer at ${port.path} to ${SENDS} messages of the app, ${REPEAT_MS / 1000} s apart`,
    {
      hint: 'Check that this computer has joined the access point of the unit and that the address is right.',
      details: { port: port.path, timeoutMs: SENDS * REPEAT_MS },
    },
  );
}

/** Masks password, token and name of the network in the form in which they are sent. */
function protect(mask: SecretMask, given: GivenByApp): void {
  mask.protectBytes([Buffer.from(given.token)]);
  if (given.kind !== 'network') return;
  const { ssid, password } = given;
  maskSentNetwork(mask, given, { ssid: escapedInJson(ssid), password: escapedInJson(password) });
}

/** The answer, or null after the pause between two messages. */
async function within(
  answered: Promise<UnitAnswer>,
  clock: Clock,
  signal: AbortSignal,
): Promise<UnitAnswer | null> {
  const ended = new AbortController();
  const pause = clock.sleep(REPEAT_MS, AbortSignal.any([signal, ended.signal])).then(
    () => null,
    () => null,
  );
  try {
    return await raceAbort(Promise.race([answered, pause]), signal);
  } finally {
    ended.abort();
  }
}

function refused(path: string, log: string): Fault {
  const codes = codesOfLog(log);
  const meaning = codes === null ? null : provisioningErrorText(codes.code, codes.subCode);
  return new Fault(
    'provisioning-refused',
    `the unit at ${path} refused: ${log === '' ? 'without a reason' : log}${meaning === null ? '' : ` (${meaning.en})`}`,
    {
      hint: 'Check name and password of the network, then test the unit again.',
      details: {
        port: path,
        stage: 'app',
        code: codes === null ? null : `${codes.code}, ${codes.subCode}`,
        ...(meaning === null ? {} : { 'meaning.en': meaning.en, 'meaning.zh-CN': meaning['zh-CN'] }),
      },
    },
  );
}
