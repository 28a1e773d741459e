import { visibleLine } from '#shared/codec/visible-text.ts';
import { raceAbort } from '#node-kit/async/index.ts';
import type { Clock, DevicePort } from '../../../core/platform/index.ts';
import { MASK, MIN_REVEALING_LENGTH, type SecretMask } from '../../../core/secret-mask/index.ts';
import { JsonObjects } from './json-objects.ts';
import { encodeLogQuery, escapedInJson, type GivenByApp, readUnitAnswer, shownText } from './messages.ts';

const ANSWER_MS = 2_000;
const MAX_CHARACTERS = 800;
/** The firmware keeps less; another unit may send without end. */
const MAX_KEPT_CHARACTERS = 65_536;
/** The firmware cuts a line at its limit and ends it so. */
const LINE_END = '\r\n';

export interface LogQueryOptions {
  readonly clock: Clock;
  readonly mask: SecretMask;
  /** What the unit was given: its firmware writes that into its log, and cuts it where a line gets too long. */
  readonly given: GivenByApp;
}

/**
 * Asks a unit for the log of its last provisioning: `{"cmdType":3}`, usually at port 9876. Null when it does not answer in two
 * seconds. Published firmware answers with the lines of its log, twice, as text with SSID, password and token in clear
 * (`wifi_config_log_handle.c` of qcloud-iot-sdk-for-at-llsync-example); the protocol has a JSON object. Both are read, secrets are
 * masked. Faults: those of the port, the signal's reason.
 */
export async function queryLog(
  port: DevicePort,
  { clock, mask, given }: LogQueryOptions,
  signal: AbortSignal,
): Promise<string | null> {
  for (const beginning of cutSecrets(given)) mask.conceal(Buffer.from(beginning + LINE_END));
  const told = Promise.withResolvers<string>();
  const objects = new JsonObjects();
  const decoder = new TextDecoder();
  let text = '';
  port.onData((received) => {
    if (text.length < MAX_KEPT_CHARACTERS) text += decoder.decode(received, { stream: true });
    for (const json of objects.push(received)) {
      const answer = readUnitAnswer(json);
      if (answer?.kind === 'error') told.resolve(shownText(answer.log, mask));
    }
  });
  await port.write(encodeLogQuery(), signal);
  const ended = new AbortController();
  const silence = clock.sleep(ANSWER_MS, AbortSignal.any([signal, ended.signal])).then(
    () => linesOf(mask.maskText(text)),
    () => null,
  );
  try {
    return await raceAbort(Promise.race([told.promise, silence]), signal);
  } finally {
    ended.abort();
  }
}

/** The lines of a log once each; null for a text without a line. A recording has as many asterisks as a secret has bytes. */
function linesOf(text: string): string | null {
  const lines = new Set(
    text
      .replaceAll(/\*{3,}/g, MASK)
      .split(LINE_END)
      .filter((line) => line !== ''),
  );
  if (lines.size === 0) return null;
  return visibleLine([...lines].join('; ')).slice(0, MAX_CHARACTERS);
}

/** The beginnings of what was given, as it is and as it is escaped in the message: the end of a line may cut it. */
function* cutSecrets(given: GivenByApp): Generator<string, void, undefined> {
  const { token } = given;
  const texts = given.kind === 'token' ? [token] : [token, given.password, given.ssid];
  for (const text of new Set(texts.flatMap((one) => [one, escapedInJson(one)])))
    for (let length = MIN_REVEALING_LENGTH; length < text.length; length++) yield text.slice(0, length);
}
