import { describe, expect, it } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import { SecretMask } from '../../../../station/core/secret-mask/index.ts';
import { networkOfRun } from '../../../../station/execution/networks/index.ts';
import type { RunIo } from '../../../../station/execution/recording/index.ts';
import { openStation } from '../../../kit/station.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { filesWith } from '../../../support/files-below.ts';

const BY = { user: 'Li', role: 'engineer' } as const;
const PASSWORD = 'correct-horse-battery';
const SSID = 'Line-3-of-Gongwei';

describe('the Wi-Fi networks of a station', () => {
  it('are kept sealed, also over a rotation of the key, and no file and no entry of the trail has them', async () => {
    await using dir = tempDir('networks');
    const station = await openStation(dir.path);
    const { networks } = station;
    networks.set({ name: 'line', ssid: SSID, password: PASSWORD }, BY);
    networks.set({ name: 'guest', ssid: '访客', password: '' }, BY);
    networks.set({ name: 'line', ssid: SSID, password: null }, BY);
    networks.set({ name: 'guest', ssid: '访客 2', password: null }, BY);
    await station.rotateKey(() => undefined, BY, new AbortController().signal);
    expect(networks.find('line')).toEqual({ name: 'line', ssid: SSID, password: PASSWORD });
    networks.remove('guest', BY);
    expect(networks.all().map(({ name }) => name)).toEqual(['line']);
    const entries = [...station.database.audit.iterate()]
      .filter(({ action }) => action.startsWith('settings.network'))
      .map(({ action, subject, details }) => [action, subject, JSON.parse(details)]);
    expect(entries).toEqual([
      ['settings.network', 'line', { isNew: true, newSsid: true, newPassword: true }],
      ['settings.network', 'guest', { isNew: true, newSsid: true, newPassword: true }],
      ['settings.network', 'guest', { isNew: false, newSsid: true, newPassword: false }],
      ['settings.network-remove', 'guest', {}],
    ]);
    await station.close();
    expect(filesWith(dir.path, PASSWORD, SSID)).toEqual([]);
  });

  it.each([
    [
      'ssid',
      { name: 'a', ssid: '工'.repeat(11), password: '' },
      'the ssid of the Wi-Fi network "a" has 33 bytes',
    ],
    [
      'password',
      { name: 'a', ssid: 'L', password: 'short-7' },
      'the password of the Wi-Fi network "a" has 7',
    ],
    [
      'password',
      { name: 'a', ssid: 'L', password: null },
      'the Wi-Fi network "a" is new and needs a password',
    ],
  ])('are refused with the reason: %s', async (field, network, message) => {
    await using dir = tempDir('networks');
    const station = await openStation(dir.path);
    const set = (): void => station.networks.set(network, BY);
    expect(set).toThrow(message);
    expect(set).toThrow(
      expect.objectContaining({ code: 'bad-input', details: expect.objectContaining({ field }) }),
    );
    expect(() => station.networks.find('a')).toThrow(expect.objectContaining({ code: 'network-unknown' }));
    await station.close();
  });
});

/** What `networkOfRun` uses of the input of a run; `recorded` has what a replay reads. */
function ioOf(recorded: unknown): { readonly io: RunIo; readonly inputs: unknown[] } {
  const inputs: unknown[] = [];
  const input = (_kind: string, _key: string, read: () => unknown): unknown => {
    inputs.push(recorded ?? read());
    return inputs.at(-1);
  };
  return { io: { mask: new SecretMask(), input } as unknown as RunIo, inputs };
}

describe('the network of a run', () => {
  it('is masked, and a replay has another one of the same lengths in the same places', () => {
    const real = ioOf(undefined);
    const find = () => ({ name: 'line', ssid: SSID, password: PASSWORD });
    expect(networkOfRun({ find }, real.io, 'line')).toEqual({ ssid: SSID, password: PASSWORD });
    expect(JSON.stringify(real.inputs)).not.toContain(SSID);
    expect(real.io.mask.maskText(`joined ${SSID} with ${PASSWORD}`)).toBe('joined *** with ***');
    const replay = ioOf(real.inputs[0]);
    const standIn = networkOfRun(null, replay.io, 'line');
    expect([standIn.ssid.length, standIn.password.length]).toEqual([SSID.length, PASSWORD.length]);
    expect(standIn.password).not.toBe(PASSWORD);
    expect(replay.io.mask.forms.length).toBe(real.io.mask.forms.length);
  });

  it('is not found in a station without it', () => {
    const { io } = ioOf(undefined);
    const find = (): never => {
      throw new Fault('network-unknown', 'none');
    };
    expect(() => networkOfRun({ find }, io, 'line')).toThrow(Fault);
  });
});
