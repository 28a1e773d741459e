import { raceAbort } from '#node-kit/async/index.ts';
import type { Clock, DevicePort } from '../../../core/platform/index.ts';
import { JsonObjects } from './json-objects.ts';
import { encodeLogQuery, readUnitAnswer } from './messages.ts';

const ANSWER_MS = 2_000;

/**
 * Asks a unit for the log of its last provisioning: `{"cmdType":3}`, usually at port 9876. Null when it does not answer in two
 * seconds. Faults: those of the port, the signal's reason.
 */
export async function queryLog(port: DevicePort, clock: Clock, signal: AbortSignal): Promise<string | null> {
  const told = Promise.withResolvers<string>();
  const objects = new JsonObjects();
  port.onData((received) => {
    for (const json of objects.push(received)) {
      const answer = readUnitAnswer(json);
      if (answer?.kind === 'error') told.resolve(answer.log);
    }
  });
  await port.write(encodeLogQuery(), signal);
  const ended = new AbortController();
  const silence = clock.sleep(ANSWER_MS, AbortSignal.any([signal, ended.signal])).then(
    () => null,
    () => null,
  );
  try {
    return await raceAbort(Promise.race([told.promise, silence]), signal);
  } finally {
    ended.abort();
  }
}
