import { expect, it } from 'vitest';
import { registryAddressProblem } from '#shared/domain/registry-address.ts';

it.each([
  ['http://192.168.1.5:8080', null],
  ['  HTTPS://registry.example/line/  ', null],
  ['', 'missing'],
  ['127.0.0.1:43833', 'scheme'],
  ['localhost:8080', 'scheme'],
  ['registry', 'scheme'],
  ['ftp://192.168.1.5', 'scheme'],
  ['https://', 'form'],
  ['http://192.168.1.5:99999', 'form'],
  ['http://ana:secret@192.168.1.5', 'credentials'],
  ['http://192.168.1.5/?a=b', 'query'],
  ['http://192.168.1.5/#a', 'fragment'],
])('finds what is wrong with the address "%s": %s', (text, problem) => {
  expect(registryAddressProblem(text, URL.parse(text.trim()))).toBe(problem);
});
