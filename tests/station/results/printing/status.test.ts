import { expect, test } from 'vitest';
import { STATUS_QUESTIONS } from '../../../../station/results/printing/status.ts';

/** Three strings of `~HS`. */
const answer = (first: string, second = '001,0,0,0,1,2,6,0,00000000,1,000'): Buffer =>
  Buffer.from(`\x02${first}\x03\r\n\x02${second}\x03\r\n\x021234,0\x03\r\n`, 'latin1');
const read = (bytes: Buffer) => STATUS_QUESTIONS.zpl.read(bytes);

test('an answer of ZPL is read: what is wrong, and how many labels wait', () => {
  expect(read(answer('030,0,0,1245,000,0,0,0,000,0,0,0'))).toEqual({
    condition: 'ready',
    problems: [],
    waiting: 0,
  });
  expect(read(answer('030,1,0,1245,002,0,0,0,000,0,0,0'))).toEqual({
    condition: 'stopped',
    problems: ['paper-out'],
    waiting: 2,
  });
});

test('no damaged field of an answer is read as a printer that is ready with nothing waiting', () => {
  for (const first of [
    '030,x,0,1245,000,0,0,0,000,0,0,0',
    '030,0,0,1245,0x0,0,0,0,000,0,0,0',
    '030,0,0,1245,,0,0,0,000,0,0,0',
    '030,0,0,1245,-1,0,0,0,000,0,0,0',
    'a,b,c,d,e,f,g,h,i,j,k,l',
  ])
    expect(read(answer(first))).toBe('garbled');
  expect(read(answer('030,0,0,1245,000,0,0,0,000,0,0,0', 'a,b,c,d,e,f,g,h,i,j,k'))).toBe('garbled');
});
