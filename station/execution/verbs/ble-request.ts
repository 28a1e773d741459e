import { withDeadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import type { BleConnection, Clock } from '../../core/platform/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { filledSpecs, keep } from './serial-exchange.ts';
import { judge, measured } from './evaluate.ts';

/** Writes bytes, awaits one notification, expects a pattern in its hex, and measures what the pattern captured. */
export async function bleRequest(
  step: StepOf<'ble-request'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const bytes = run.scope.bytes(step.send);
  const answer = await run.ble.use((link) => ask(step, link, bytes, run.platform.clock, signal), signal);
  const hex = Buffer.from(answer).toString('hex').toUpperCase();
  if (step.expect === undefined) return;
  const pattern = run.scope.pattern(step.expect);
  const match = compilePattern(pattern, { ignoreCase: true }).first(hex);
  if (match === null) {
    throw new Fault('limit-exceeded', `${step.write}: the unit notified ${hex}, not /${pattern}/`, {
      hint: 'Try once more; when it stays so, the unit is faulty.',
      details: { measurement: step.notify, value: hex, limits: `~ /${pattern}/` },
    });
  }
  keep(step.capture, [match], run, step.write);
  judge(run, measured([match], filledSpecs(step.measure, run), step.write));
}

async function ask(
  step: StepOf<'ble-request'>,
  link: BleConnection,
  bytes: Uint8Array,
  clock: Clock,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const limits = { timeoutMs: step.answerMs, signal };
  const answer = Promise.withResolvers<Uint8Array>();
  answer.promise.catch(() => undefined);
  link.onLost(answer.reject);
  using _subscription = await link.subscribe(step.service, step.notify, answer.resolve, limits);
  await link.write(step.service, step.write, bytes, { ...limits, response: step.confirm });
  return await withDeadline(answer.promise, {
    timeoutMs: step.answerMs,
    signal,
    timer: clock,
    onTimeout: () => {
      throw unanswered(step, link.address);
    },
  });
}

function unanswered(step: StepOf<'ble-request'>, address: string): Fault {
  return new Fault(
    'device-silent',
    `${address} took what was written to ${step.write} and notified nothing on ${step.notify} in ${step.answerMs} ms`,
    {
      hint: 'Test it again; when it stays silent, the unit is faulty.',
      details: { address, timeoutMs: step.answerMs },
    },
  );
}
