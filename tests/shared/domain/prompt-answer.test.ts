import { expect, it } from 'vitest';
import { type Answerable, fitAnswer } from '#shared/domain/prompt-answer.ts';

const choices = [{ value: 'red' }, { value: 'green' }];

it.each<[Answerable['kind'], string, string | null]>([
  ['confirm', '', 'ok'],
  ['confirm', 'OK', 'ok'],
  ['confirm', 'SN000001', null],
  ['pass-fail', 'fail', 'fail'],
  ['pass-fail', 'ok', null],
  ['choice', 'green', 'green'],
  ['choice', '2', null],
  ['number', '12,5', '12.5'],
  ['number', '-3', '-3'],
  ['number', '12345678901234567890', null],
  ['number', '1e400', null],
  ['number', '12 g', null],
  ['number', '', null],
  ['text', 'B0042', 'B0042'],
  ['text', '', null],
  ['scan', 'SN000001', 'SN000001'],
  ['scan', '', null],
])('a question of kind %s takes %j as %j', (kind, answer, taken) => {
  const fit = fitAnswer({ kind, choices }, answer);
  expect(fit.ok ? fit.answer : null).toBe(taken);
});

it('gives the accepted values and the reason for a refusal', () => {
  expect(fitAnswer({ kind: 'choice', choices }, 'blue')).toEqual({
    ok: false,
    wanted: 'one of red, green',
    reason: 'is not one of red, green',
  });
  expect(fitAnswer({ kind: 'number', choices: [] }, '12345678901234567890')).toMatchObject({
    reason: expect.stringMatching(/^has more digits/),
  });
});
