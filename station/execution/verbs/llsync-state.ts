import { Fault } from '#shared/domain/fault.ts';
import { deviceIdOf, type LlsyncAdvertisement, readAdvertisement } from '../../devices/protocols/index.ts';
import type { RunContext } from '../run-context/index.ts';

/** A unit that is left bound is tested again soon. */
const MAX_EARLIER_RUNS = 50;

/** Whose a unit with LLSync is, by what it advertises; `runId`: an earlier run of this station has left it bound. */
export type LlsyncState = 'free' | 'bound-by-this-run' | { readonly runId: string };

/**
 * Reads from the advertisement whether the unit is free or was bound by this run or an earlier one. Faults: `ble-unseen` without an advertisement of
 * LLSync, `device-rejected` for a unit that an app or another station has bound, `read-back-mismatch` for one with another identity;
 * those of `RunBle.scan`.
 */
export async function llsyncState(
  run: RunContext,
  withinMs: number,
  signal: AbortSignal,
): Promise<LlsyncState> {
  const { productId, deviceName } = run.llsync.name;
  let found: LlsyncAdvertisement | null = null;
  const isSeen = await run.ble.scan(
    ({ manufacturerData, serviceUuids }) => {
      found = readAdvertisement(manufacturerData, serviceUuids);
      return found !== null;
    },
    withinMs,
    signal,
  );
  const address = run.ble.address();
  const seen = found as LlsyncAdvertisement | null;
  if (!isSeen || seen === null)
    throw new Fault('ble-unseen', `${address} did not advertise LLSync in ${withinMs} ms`, {
      hint: 'Check that the unit has power and firmware with LLSync, then test it again.',
      details: { address, timeoutMs: withinMs },
    });
  const mismatch = (what: string): Fault =>
    new Fault(
      'read-back-mismatch',
      `${address} advertises ${what}, and its identity is ${productId}/${deviceName}`,
      {
        hint: 'Burn the identity again, then test the unit again.',
        details: { address },
      },
    );
  switch (seen.state) {
    case 'unbound':
    case 'binding':
    case 'provisioning':
      // A unit that has just got its identity may show it after a restart only.
      if (seen.productId !== '' && seen.productId !== productId)
        throw mismatch(`the product ${seen.productId}`);
      return 'free';
    case 'bound': {
      const own = Buffer.from(deviceIdOf({ productId, deviceName })).toString('hex');
      const bindId = Buffer.from(await run.llsync.keys().bindId()).toString('hex');
      if (seen.deviceId !== own) throw mismatch(`the device ${seen.deviceId}`);
      if (seen.bindId === bindId) return 'bound-by-this-run';
      const earlier = await run.llsync.runOf(seen.bindId, earlierRuns(run));
      if (earlier !== null) return { runId: earlier };
      throw new Fault('device-rejected', `${address} is bound already`, {
        hint: 'Reset its binding with its button or the app that has bound it, then test it again.',
        details: { address },
      });
    }
  }
}

/** The latest runs of the unit, newest first. */
function earlierRuns({ database, unit, io }: RunContext): string[] {
  if (unit === null || io.isReplay) return [];
  const runs = database.runs.listOfUnit(unit.unitId);
  return runs
    .slice(-MAX_EARLIER_RUNS)
    .map(({ runId }) => runId)
    .reverse();
}

/**
 * Ends the binding of an earlier run, whose teardown was not executed, with the keys of that run. Faults: those of `LlsyncDevice`.
 */
export async function releaseEarlier(
  run: RunContext,
  earlierRunId: string,
  answerMs: number,
  signal: AbortSignal,
): Promise<void> {
  run.llsync.useKeysOf(earlierRunId);
  try {
    await run.llsync.use(
      answerMs,
      async (device) => {
        await device.connect(signal);
        await device.unbind(signal);
      },
      signal,
    );
    run.note(`the binding that run ${earlierRunId} had left was ended`);
    await run.ble.disconnect();
  } finally {
    run.llsync.useKeysOf();
  }
}
