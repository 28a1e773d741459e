import type { AttemptJson } from '../recording/index.ts';

/** Failures of an attempt to which nothing readable came: a longer wait might have received something. */
const NOTHING_CAME: readonly string[] = [
  'device-silent',
  'device-unreadable',
  'echo-missing',
  'timeout',
  'ble-unseen',
];

/**
 * True when an attempt failed after a longer wait than the recorded one, so that the recording does not show how it would
 * have ended. Another answer to what the attempt sent is certain; bytes without a send and parts of a frame are not.
 */
export function waitedLonger(
  { ms, failure }: AttemptJson,
  recorded: AttemptJson | null,
  hasSent: boolean,
): boolean {
  if (recorded === null) return true;
  if (failure === null || ms <= recorded.ms + 1) return false;
  const { code, details } = failure;
  // An incomplete frame has the number of its bytes in the details; so has a read of too few bytes.
  const isPart =
    (code === 'device-garbled' && details?.['bytes'] !== undefined) ||
    (code === 'limit-exceeded' && details?.['command'] === 'read');
  return NOTHING_CAME.includes(code) || isPart || !hasSent;
}
