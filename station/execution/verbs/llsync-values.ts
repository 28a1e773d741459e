import { Fault } from '#shared/domain/fault.ts';
import type { MeasuredValue } from '#shared/domain/limits.ts';
import type { LlsyncInput, LlsyncOutput } from '#shared/recipe/index.ts';
import type { LlsyncValue } from '../../devices/protocols/index.ts';
import type { Measurement, RunContext } from '../run-context/index.ts';
import { evaluate } from './evaluate.ts';
import type { PlaceOf } from './llsync-places.ts';

/** A value of a recipe as LLSync sends it. Faults: `recipe-invalid` for a value of another type. */
export function toLlsyncValue(
  { id, type, value }: Omit<LlsyncInput, 'id'> & { readonly id: number },
  run: RunContext,
): LlsyncValue {
  const filled = typeof value === 'string' ? run.scope.text(value) : value;
  const wrong = (): Fault =>
    new Fault('recipe-invalid', `the value ${JSON.stringify(filled)} with id ${id} is no ${type}`);
  switch (type) {
    case 'string':
      return { id, type, value: String(filled) };
    case 'bool':
      if (typeof filled === 'boolean') return { id, type, value: filled };
      if (filled === 0 || filled === 1 || filled === '0' || filled === '1')
        return { id, type, value: Number(filled) === 1 };
      throw wrong();
    case 'int':
    case 'float':
    case 'enum':
    case 'time': {
      const number = typeof filled === 'boolean' || filled === '' ? Number.NaN : Number(filled);
      if (!Number.isFinite(number)) throw wrong();
      return { id, type, value: number };
    }
  }
}

/** A value of the unit for a record: that of a member where the value is a struct, the bytes of an array in hex. `null` when the struct has no such member. */
export function toMeasured(value: LlsyncValue, member?: number): MeasuredValue | null {
  if (value.type === 'struct') {
    const found = member === undefined ? undefined : value.value.find(({ id }) => id === member);
    return found === undefined ? null : toMeasured(found);
  }
  if (value.type === 'array') return Buffer.from(value.value).toString('hex').toUpperCase();
  if (value.type !== 'float') return value.value;
  // 32 bits hold 7 digits: 21.6 is not 21.600000381.
  return Number(value.value.toPrecision(7));
}

/** The measurements of the values that a unit sent, at the places `placeOf` of their ids. Faults: `limit-exceeded` for one that it did not send. */
export function measureValues(
  outputs: readonly LlsyncOutput[],
  values: readonly LlsyncValue[],
  { what, placeOf }: { readonly what: string; readonly placeOf: PlaceOf },
  run: RunContext,
): Measurement[] {
  return outputs.map(({ id, name, unit = null, limits }, index) => {
    const place = placeOf(id, 'values', index, 'id');
    const value = values.find((one) => one.id === place);
    const measured = value === undefined ? null : toMeasured(value);
    if (measured === null)
      throw new Fault('limit-exceeded', `${what} has no value with id ${id} for ${name}`, {
        hint: 'The firmware does not keep to the thing model of its product.',
        details: { measurement: name },
      });
    const filled = limits && run.scope.limits(limits, name, typeof measured === 'number');
    return evaluate(name, measured, filled, unit);
  });
}
