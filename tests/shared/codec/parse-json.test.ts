import { expect, test } from 'vitest';
import { parseJsonOrNull } from '../../../shared/codec/parse-json.ts';

test('JSON is parsed, and any other text is null', () => {
  expect(parseJsonOrNull('{"a":[1,true]}')).toEqual({ a: [1, true] });
  expect(parseJsonOrNull('0')).toBe(0);
  for (const text of ['', '{"a":', 'undefined', "{'a':1}", 'null']) expect(parseJsonOrNull(text)).toBeNull();
});
