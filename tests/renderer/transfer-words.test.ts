import { expect, it } from 'vitest';
import { type Transfer, transferWords } from '../../renderer/src/services/i18n/transfer-words.ts';
import { translatorOf } from './support/words.ts';

const at = (given: Partial<Transfer>): Transfer => ({
  stage: 'writing',
  image: 'app.bin',
  doneBytes: 0,
  totalBytes: 0,
  kbitPerSecond: null,
  ...given,
});

it.each([
  ['an image', at({ doneBytes: 500, totalBytes: 1000, kbitPerSecond: 1.6 }), '正在烧录 app.bin', '50%', 0.5],
  ['an unknown size', at({ stage: 'connecting', image: null }), '正在连接', '', 0],
  ['a program', at({ stage: 'running', image: 'openocd', percent: 41.5 }), '正在运行 openocd', '41%', 0.415],
  [
    'a program that has begun',
    at({ stage: 'running', image: 'openocd', percent: 0 }),
    '正在运行 openocd',
    '0%',
    0,
  ],
])('shows the share of %s', (_, transfer, title, share, value) => {
  expect(transferWords(transfer, translatorOf('zh-CN'))).toMatchObject({ title, share, value });
});

it('tells the time that is left apart from the speed, so that a tile can keep it', () => {
  const transfer = at({ doneBytes: 100_000, totalBytes: 900_000, kbitPerSecond: 800 });
  expect(transferWords(transfer, translatorOf('en'))).toMatchObject({
    speed: '800 kbit/s',
    left: '0:08 left',
    share: '11%',
  });
  expect(transferWords({ ...transfer, stage: 'verifying' }, translatorOf('en'))).toMatchObject({ left: '' });
});
