import { expect, it } from 'vitest';
import { isWeakPin } from '#shared/domain/weak-pin.ts';

it.each([
  '1234',
  '123456',
  '654321',
  '567890',
  '3210',
  '1111',
  '888888',
  'aaaaaa',
  '\uff11\uff12\uff13\uff14',
])('counts %s among the PINs that are guessed first', (pin) => {
  expect(isWeakPin(pin)).toBe(true);
});

it.each(['864209', '246810', '135790', '112233', '123457', 'abcdef', '1a2b3c', '1357'])(
  'accepts %s',
  (pin) => {
    expect(isWeakPin(pin)).toBe(false);
  },
);
