import { Fault } from '#shared/domain/fault.ts';
import type { MeasuredValue } from '#shared/domain/limits.ts';
import { type StepOf, stepName } from '#shared/recipe/index.ts';
import { requireText } from '../../devices/protocols/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { held, judge } from './evaluate.ts';

/** Reads a characteristic and holds what it says against the recipe's limits. */
export async function bleRead(step: StepOf<'ble-read'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const { service, characteristic, answerMs: timeoutMs } = step;
  const bytes = await run.ble.use(
    (link) => link.read(service, characteristic, { timeoutMs, signal }),
    signal,
  );
  const numeric = step.as !== 'text' && step.as !== 'hex';
  const limits = step.limits && run.scope.limits(step.limits, stepName(step), numeric);
  judge(run, [held(stepName(step), decode(bytes, step), limits, step.unit ?? null)]);
}

/** Numbers are little-endian, as GATT has them. */
function decode(bytes: Uint8Array, { as, service, characteristic }: StepOf<'ble-read'>): MeasuredValue {
  const buffer = Buffer.from(bytes);
  const needs = as === 'uint16' ? 2 : as === 'uint8' || as === 'int8' ? 1 : 0;
  if (buffer.length < needs) {
    throw new Fault('device-garbled', `${service}/${characteristic} is too short for ${as}`, {
      hint: 'The unit carries another firmware, or is faulty.',
      details: { measurement: characteristic, value: buffer.toString('hex') },
    });
  }
  switch (as) {
    case 'text':
      // Some firmware counts the terminating NUL in.
      return requireText(
        buffer.toString('utf8').replace(/\0+$/, ''),
        characteristic,
        `${service}/${characteristic}`,
      );
    case 'hex':
      return buffer.toString('hex').toUpperCase();
    case 'uint8':
      return buffer.readUInt8(0);
    case 'int8':
      return buffer.readInt8(0);
    case 'uint16':
      return buffer.readUInt16LE(0);
  }
}
