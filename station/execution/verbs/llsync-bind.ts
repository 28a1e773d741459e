import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { llsyncState, releaseEarlier } from './llsync-state.ts';

/** A connection that breaks is made again so often. */
const MAX_LINKS = 3;
const NONCE_BYTES = 4;

/**
 * Binds the unit and connects with the key of the run. When the connection breaks, the advertisement tells whether the unit has
 * stored the binding: then the station connects with the same key, else it binds again. What an earlier run has left bound is released first. Faults: those of `llsyncState` and
 * `LlsyncDevice`.
 */
export async function llsyncBind(
  step: StepOf<'llsync-bind'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const { answerMs, withinMs, pressMs } = step;
  for (let links = 1; ; links++) {
    try {
      const state = await llsyncState(run, withinMs, signal);
      if (typeof state === 'object') await releaseEarlier(run, state.runId, answerMs, signal);
      await run.llsync.use(
        answerMs,
        async (device) => {
          if (state !== 'bound-by-this-run') {
            const nonce = Buffer.from(run.platform.random.bytes(NONCE_BYTES)).readUInt32BE();
            const waitedS = await device.bind(nonce, pressMs, signal);
            run.note(
              waitedS === null ? 'bound' : `bound after the button was pressed, in ${waitedS} s at most`,
            );
          }
          const { text, mtuBytes } = await device.connect(signal);
          run.note(`connected: ${text === '' ? 'firmware not said' : `firmware ${text}`}, MTU ${mtuBytes}`);
        },
        signal,
      );
      return;
    } catch (error) {
      if (!(error instanceof Fault && error.code === 'ble-lost') || links === MAX_LINKS) throw error;
      run.note(`${error.message}; the station looks whether the unit is bound`);
    }
  }
}
