import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { normalizeUuid } from '#shared/domain/ble-uuid.ts';
import { device } from '#shared/recipe/index.ts';
import { createNodePlatform } from '#station';
import type { BleConnection } from '../../../../../station/core/platform/index.ts';
import { SecretMask } from '../../../../../station/core/secret-mask/index.ts';
import { type DeviceSession, openDevice } from '../../../../../station/devices/protocols/index.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { scriptedLink } from '../at-module/scripted-link.ts';

const { clock } = createNodePlatform('/nowhere');
const SECRET = 'IyXmUW5sU/q1vnb5yzTkeQ==';
const TRIPLE = { productId: 'CS0SLTKSYA', deviceName: 'dev-1', deviceSecret: SECRET };
const [SERVICE, COMMAND, ANSWER, IDENTITY] = ['FFE0', 'FFE1', 'FFE2', 'FFE3'].map(
  (uuid) => normalizeUuid(uuid) ?? '',
);

const EXCHANGES = {
  write: [
    {
      service: 'FFE0',
      write: 'FFE1',
      text: '{productId},{deviceName},{deviceSecret}',
      notify: 'FFE2',
      expect: '^00$',
    },
  ],
  read: [
    {
      service: 'FFE0',
      characteristic: 'FFE3',
      expect: '^(?<productId>[^,]+),(?<deviceName>[^,]+),(?<deviceSecretMd5>.+)$',
      none: '^-$',
    },
  ],
  erase: [{ service: 'FFE0', write: 'FFE1', send: '00', confirm: false }],
};

/** A unit with one characteristic for commands, one for their results, and one for its identity. */
function gattUnit() {
  const unit = { value: Buffer.from('-'), result: Buffer.of(0) as Buffer | null };
  const listeners = new Set<(value: Uint8Array) => void>();
  const connection: BleConnection = {
    address: 'AA:BB:CC:DD:EE:03',
    services: () => Promise.resolve([SERVICE ?? '']),
    characteristics: () => Promise.resolve([]),
    rssi: () => Promise.resolve(-40),
    mtu: () => Promise.resolve(23),
    onLost: () => undefined,
    read: (_service, characteristic) => {
      expect(characteristic).toBe(IDENTITY);
      return Promise.resolve(unit.value);
    },
    write(_service, characteristic, bytes, { response }) {
      expect(characteristic).toBe(COMMAND);
      const text = Buffer.from(bytes).toString();
      const [productId, deviceName, secret] = text.split(',');
      if (text === '\0') unit.value = Buffer.from('-');
      else
        unit.value = Buffer.from(
          `${productId},${deviceName},${createHash('md5')
            .update(secret ?? '')
            .digest('hex')}\0\0`,
        );
      expect(response).toBe(text !== '\0');
      if (unit.result !== null) for (const listener of listeners) listener(unit.result);
      return Promise.resolve();
    },
    subscribe(_service, characteristic, listener) {
      expect(characteristic).toBe(ANSWER);
      listeners.add(listener);
      return Promise.resolve({ [Symbol.dispose]: () => void listeners.delete(listener) });
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { unit, connection };
}

function session(connection: BleConnection | null, identity: object = EXCHANGES): DeviceSession {
  const settings = device.parse({
    profile: 'described',
    identify: [{ text: 'MAC?', expect: '^(?<mac>[0-9A-F]{12})$' }],
    identity,
  });
  const gatt =
    connection === null
      ? {}
      : {
          gatt: {
            use: <T>(work: (to: BleConnection) => Promise<T>) => work(connection),
            identify: () => Promise.reject(new Error('not asked for')),
          },
        };
  return openDevice(
    scriptedLink(() => null),
    settings,
    { clock, mask: new SecretMask(), ...gatt },
  ).session;
}

describe('an identity over Bluetooth', () => {
  it('is written, read back and erased', async () => {
    const { connection } = gattUnit();
    const opened = session(connection);
    expect(opened.readBack).toBe('md5');
    expect(await opened.readIdentity(TRIPLE, NEVER_ABORTED)).toEqual({ kind: 'none' });
    opened.checkWritable(TRIPLE);
    await opened.writeIdentity(TRIPLE, NEVER_ABORTED);
    expect(await opened.readIdentity(TRIPLE, NEVER_ABORTED)).toEqual({
      kind: 'holds',
      name: { productId: 'CS0SLTKSYA', deviceName: 'dev-1' },
      secretMatches: true,
    });
    await opened.eraseIdentity(NEVER_ABORTED);
    expect(await opened.readIdentity(TRIPLE, NEVER_ABORTED)).toEqual({ kind: 'none' });
  });

  it('is refused, and never read as none from an empty or another value', async () => {
    const { unit, connection } = gattUnit();
    const opened = session(connection);
    unit.result = Buffer.of(7);
    const refused = await faultOf(() => opened.writeIdentity(TRIPLE, NEVER_ABORTED));
    expect(refused).toMatchObject({ code: 'limit-exceeded' });
    expect(JSON.stringify([refused.message, refused.details])).not.toContain(SECRET);
    for (const [value, code] of [
      ['', 'device-rejected'],
      ['--', 'limit-exceeded'],
      ['\xff\xfe', 'device-garbled'],
    ] as const) {
      unit.value = Buffer.from(value, 'latin1');
      expect(await faultOf(() => opened.readIdentity(TRIPLE, NEVER_ABORTED))).toMatchObject({ code });
    }
  });

  it('does not quote an answer that may have a whole secret', async () => {
    const { unit, connection } = gattUnit();
    const [read] = EXCHANGES.read;
    const whole = { ...read, expect: '^(?<productId>[^,]+),(?<deviceName>[^,]+),(?<deviceSecret>.+)$' };
    const opened = session(connection, { ...EXCHANGES, read: [whole] });
    expect(opened.readBack).toBe('full');
    unit.value = Buffer.from(`CS0SLTKSYA;dev-1;${SECRET}`);
    const fault = await faultOf(() => opened.readIdentity(null, NEVER_ABORTED));
    expect(JSON.stringify([fault.message, fault.hint, fault.details])).not.toContain(SECRET.slice(0, 8));
  });

  it('needs a Bluetooth adapter', async () => {
    const opened = session(null);
    const fault = await faultOf(() => opened.readIdentity(TRIPLE, NEVER_ABORTED));
    expect(fault.code).toBe('not-configured');
  });
});
