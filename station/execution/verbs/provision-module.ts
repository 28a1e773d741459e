import { Deadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { converse, type GivenByApp, queryLog } from '../../devices/protocols/app-provisioning/index.ts';
import type { RunContext } from '../run-context/index.ts';

/** A module says who it is: it must be the unit whose triple was burned. */
interface Said {
  readonly productId: string;
  readonly deviceName: string;
}

/** Faults: `bad-input` when `at` is no address with a port. */
export function udpPathOf(run: RunContext, at: string): string {
  return `udp://${run.scope.text(at)}`;
}

/**
 * Gives the module at an address what an app gives it. Faults: those of `converse`, `read-back-mismatch` when another unit answers.
 */
export async function giveByApp(
  run: RunContext,
  path: string,
  given: GivenByApp,
  signal: AbortSignal,
): Promise<void> {
  const { platform, io, recipe } = run;
  await using port = await platform.devicePorts.open(path, recipe.device.serial, signal);
  const said = await converse(
    port,
    given,
    {
      clock: platform.clock,
      mask: io.mask,
      onPreviousError: (log) => run.note(`the module tells an error of an earlier provisioning: ${log}`),
    },
    signal,
  );
  if (said.sends > 1) run.note(`the module answered to message ${said.sends} of the app`);
  requireBurned(run, said, path);
}

/** Asks the module why its provisioning has failed; nothing when it does not say. */
export async function noteLog(
  run: RunContext,
  path: string,
  given: GivenByApp,
  signal: AbortSignal,
): Promise<void> {
  const { platform, recipe, io } = run;
  try {
    await using port = await platform.devicePorts.open(path, recipe.device.serial, signal);
    const log = await queryLog(port, { clock: platform.clock, mask: io.mask, given }, signal);
    if (log !== null && log !== '') run.note(`the log of the module: ${log}`);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'port-missing') throw error;
  }
}

/** A limit for the whole of a provisioning. */
export function provisioningLimit(run: RunContext, withinMs: number, signal: AbortSignal) {
  const { clock } = run.platform;
  const endMs = clock.monotonicMs() + withinMs;
  const reason = (): Fault =>
    new Fault(
      'provisioning-timeout',
      `the module did not say in ${withinMs} ms that it has joined the network`,
      {
        hint: 'Check that the network is on, in range and of 2.4 GHz.',
        details: { stage: 'join', timeoutMs: withinMs },
      },
    );
  const deadline = new Deadline(withinMs, reason, { timer: clock, signal });
  return {
    signal: deadline.signal,
    leftMs: () => Math.max(1, Math.round(endMs - clock.monotonicMs())),
    [Symbol.dispose]: () => deadline[Symbol.dispose](),
  };
}

function requireBurned({ bound }: RunContext, { productId, deviceName }: Said, path: string): void {
  if (bound !== null && bound.productId === productId && bound.deviceName === deviceName) return;
  throw new Fault(
    'read-back-mismatch',
    `the unit at ${path} calls itself ${productId}/${deviceName}, and ${bound?.productId}/${bound?.deviceName} was burned`,
    {
      hint: 'Another unit answers at this address: give each slot an access point and an address of its own.',
      details: { port: path, expected: bound?.deviceName ?? null, received: deviceName },
    },
  );
}
