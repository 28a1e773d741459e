import { compilePattern } from '#shared/pattern/index.ts';
import { type BleFind, fillPattern, fillText, type UnitPlaceholders } from '#shared/recipe/index.ts';
import type { BleAdvertisement, BleSearch } from '../../core/platform/index.ts';

/** The search that `device.ble.find` describes, for one unit. Faults: those of the placeholders. */
export function searchOf(find: BleFind, placeholders: UnitPlaceholders): BleSearch {
  const scope = { placeholders, variable: () => null };
  const pattern = (source: string | undefined): ((text: string) => boolean) => {
    if (source === undefined) return () => true;
    const compiled = compilePattern(fillPattern(source, scope));
    return (text) => compiled.test(text);
  };
  const isName = pattern(find.localName);
  const isData = pattern(find.manufacturerData);
  const answer = find.answer && { ...find.answer, equals: fillText(find.answer.equals, scope) };
  const { localName, manufacturerData, services } = find;
  const wanted = { localName, manufacturerData, services, answer };
  return {
    key: JSON.stringify(wanted),
    fits: ({ localName: name, manufacturerData: data, serviceUuids }: BleAdvertisement) =>
      isName(name ?? '') &&
      isData(data === null ? '' : Buffer.from(data).toString('hex').toUpperCase()) &&
      services.every((uuid) => serviceUuids.includes(uuid)),
    question:
      answer === undefined
        ? null
        : {
            service: answer.service,
            characteristic: answer.characteristic,
            isAnswer: (value) => plain(textOf(value, answer.as)) === plain(answer.equals),
          },
    aloneMs: find.aloneMs,
  };
}

function textOf(value: Uint8Array, as: 'text' | 'hex'): string {
  const bytes = Buffer.from(value);
  // Some firmware sends the terminating NUL.
  return as === 'hex' ? bytes.toString('hex') : bytes.toString('utf8').replace(/\0+$/, '');
}

/** A MAC is written with colons, hyphens or neither, in capital or small letters. */
function plain(text: string): string {
  return text.replaceAll(/[:\s-]/g, '').toUpperCase();
}
