import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';

import { type EspFile, makeEspFirmware } from '#simulator';

import { buildNvsPartition, nvsString, type NvsValue } from '#shared/codec/nvs/index.ts';
import { EsptoolJs } from '../../../../bench/flash/esptool-js.ts';
import { sha256Hex } from '../../../../node-kit/crypto/index.ts';
import { createSerialPorts } from '../../../../station/devices/drivers/serial/index.ts';
import { Terminal } from '../../../kit/terminal.ts';
import { TestSimulator } from '../../../kit/test-simulator.ts';
import { Changes } from '../../../support/until.ts';

const FIRMWARE = makeEspFirmware({ chip: 'esp32c3', version: '1.2.3', project: 'lamp' });

const NVS_OFFSET = 0x9000;
/** A partition with a triple, as a text or as a blob. */
function nvs(type: 'string' | 'blob'): Buffer {
  const value = (text: string): NvsValue =>
    type === 'string' ? nvsString(text) : { type, bytes: Buffer.from(text), firstPiece: 0 };
  const items = { product_id: 'CS0SLTKSYA', device_name: 'dev1', device_secret: 'IyXmUW5sU/q1vnb5yzTkeQ==' };
  return Buffer.from(
    buildNvsPartition(
      {
        format: 2,
        namespaces: [{ name: 'identity', index: 1 }],
        items: Object.entries(items).map(([key, text]) => ({ namespace: 1, key, value: value(text) })),
      },
      0x6000,
    ),
  );
}

async function flash(path: string, files: readonly EspFile[]): Promise<void> {
  await using client = new EsptoolJs(createSerialPorts(), path, 115_200);
  await client.connect(true);
  for (const { bytes, offset } of files) await client.write(bytes, offset, true);
  // Leaves the loader: the application starts.
  await client.loader.flashBegin(0, 0);
  await client.loader.flashFinish(true);
}

/** A client of RFC 2217 that only knows bytes: what it sends is in the test. */
class RawClient implements Disposable {
  readonly #socket: Socket;
  readonly #changes = new Changes();
  #text = '';

  constructor(path: string) {
    const url = new URL(path);
    this.#socket = connect(Number(url.port), url.hostname);
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString('latin1');
      this.#changes.notify();
    });
  }

  send(hex: string): void {
    this.#socket.write(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  }

  /** Waits for a match in what has come, and takes everything up to its end. */
  async expect(pattern: RegExp): Promise<void> {
    await this.#changes.until(
      () => {
        const match = pattern.exec(this.#text);
        if (match === null) return undefined;
        this.#text = this.#text.slice(match.index + match[0].length);
        return match;
      },
      () => `waited for ${String(pattern)}, got ${JSON.stringify(this.#text)}`,
    );
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

test('an empty chip starts nothing; a flashed one starts its application, which tells version and identity', async () => {
  await using simulator = await TestSimulator.start({ profile: 'esp32c3', count: 1, timeScale: 0 });
  const path = simulator.pathOf(1);
  const { mac } = simulator.inner.units[0]!;
  await flash(path, FIRMWARE);
  await using terminal = await Terminal.open(path);
  await terminal.write('VER?\r\n');
  await terminal.expect(/VER:lamp 1\.2\.3\r\n/);
  await terminal.write('MAC?\r\n');
  await terminal.expect(new RegExp(`MAC:${mac}`));
  await terminal.write('ID?\r\n');
  await terminal.expect(/ID -\r\n/);
  expect(simulator.inner.flashOf(1)).toMatchObject({
    identity: null,
    firmwareSha256: sha256Hex(FIRMWARE[2]!.bytes),
  });
});

test.each(['string', 'blob'] as const)(
  'an identity in NVS as a %s is the identity of the unit',
  async (type) => {
    await using simulator = await TestSimulator.start({ profile: 'esp32c3', count: 1, timeScale: 0 });
    const path = simulator.pathOf(1);
    await flash(path, [...FIRMWARE, { name: 'nvs', offset: NVS_OFFSET, bytes: nvs(type) }]);
    const identity = {
      productId: 'CS0SLTKSYA',
      deviceName: 'dev1',
      secretSha256: sha256Hex('IyXmUW5sU/q1vnb5yzTkeQ=='),
    };
    expect(simulator.inner.flashOf(1)).toMatchObject({ identity, identityWrites: 1 });
    await using terminal = await Terminal.open(path);
    await terminal.write('ID?\r\n');
    await terminal.expect(new RegExp(`ID CS0SLTKSYA dev1 ${identity.secretSha256}\r\n`));
    await terminal.write('DOWNLOAD\r\n');
    await terminal.expect(/waiting for download\r\n/);
  },
);

test('DTR and RTS of an RFC 2217 port start the loader or the application', async () => {
  await using simulator = await TestSimulator.start({
    profile: 'esp32c3',
    count: 1,
    timeScale: 0,
    rfc2217: true,
  });
  const path = simulator.pathOf(1);
  expect(path).toMatch(/^rfc2217:\/\/127\.0\.0\.1:\d+$/);
  using client = new RawClient(path);
  const [dtrOn, dtrOff, rtsOn, rtsOff] = ['08', '09', '0b', '0c'].map((value) => `fffa2c05${value}fff0`);
  client.send('fffb2c');
  await client.expect(/\xff\xfd\x2c/);
  // The classic sequence: reset with the strap low.
  client.send(`${dtrOff}${rtsOn}`);
  client.send(`${dtrOn}${rtsOff}`);
  await client.expect(/boot:0x5 \(DOWNLOAD\(USB\/UART0\/1\)\)\r\nwaiting for download\r\n/);
  client.send(`${dtrOff}`);
  client.send('c0 000a0400 00000000 00100040 c0');
  await client.expect(/\xc0[^]\n[^]{10}\xc0/);
  // A reset without the strap.
  client.send(`${rtsOn}`);
  client.send(`${rtsOff}`);
  await client.expect(/boot:0xd \(SPI_FAST_FLASH_BOOT\)\r\ninvalid header: 0xffffffff\r\n/);
});
