import { expect, test } from 'vitest';
import { describeSystem } from '#node-kit/host-system/index.ts';

test('Windows has neither pseudo-terminals nor file modes; a variable forbids the former elsewhere', () => {
  expect(describeSystem('win32', {})).toEqual({
    kind: 'windows',
    platform: 'win32',
    ptysMissing: 'Windows has no pseudo-terminals',
    hasFileModes: false,
    localServer: 'named-pipe',
  });
  expect(describeSystem('darwin', {})).toEqual({
    kind: 'macos',
    platform: 'darwin',
    ptysMissing: null,
    hasFileModes: true,
    localServer: 'socket-file',
  });
  expect(describeSystem('linux', { GONGWEI_NO_PTYS: '1' })).toMatchObject({
    kind: 'linux',
    ptysMissing: 'GONGWEI_NO_PTYS=1 forbids pseudo-terminals',
  });
  expect(describeSystem('linux', { GONGWEI_NO_PTYS: '0' }).ptysMissing).toBeNull();
  expect(describeSystem('freebsd', {}).kind).toBe('other');
});
