import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { runSimUnits } from '#simulator';
import { invoke } from '../kit/in-process.ts';
import { Terminal } from '../kit/terminal.ts';
import { tempDir } from '../support/temp-dir.ts';
import { Changes } from '../support/until.ts';
import { TestBroker } from './support/broker.ts';

const [PRODUCT, NAME, SECRET] = ['GWCAMERA01', 'cam-1', 'R3VhbmdkaWFuIE5vcnRoIQ=='];
const TOKEN = 'v3_0123456789abcdef0123456789abc';
const NETWORK = { ssid: 'Line 3', password: 'test-12345678' };

/** A PNG of a file of this text. */
const PLAIN_PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2mwAAAABJRU5ErkJggg==',
  'base64',
);

describe('sim units', () => {
  it('shows the pictures of a folder to cameras, which join a network of the file --wifi and report the token', async () => {
    using dir = tempDir('pictures');
    const [folder, wifiFile, code] = ['pictures', 'wifi.json', 'code.png'].map((name) =>
      join(dir.path, name),
    );
    writeFileSync(wifiFile ?? '', JSON.stringify([NETWORK]));
    mkdirSync(folder ?? '');
    await using broker = await TestBroker.start(new Map([[PRODUCT + NAME, SECRET]]));
    const made = ['--ssid', NETWORK.ssid, '--password', NETWORK.password, '--token', TOKEN];
    expect((await invoke('qr', 'wifi', ...made, '--out', code ?? '')).status).toBe(0);

    const events: Record<string, unknown>[] = [];
    const changes = new Changes();
    const stdout = new PassThrough();
    stdout.on('data', (line: Buffer) => {
      for (const text of line.toString().split('\n').filter(Boolean))
        events.push(JSON.parse(text) as Record<string, unknown>);
      changes.notify();
    });
    const event = (name: string): Promise<Record<string, unknown>> =>
      changes.until(
        () => events.find((one) => one['event'] === name),
        () => `no ${name} in ${JSON.stringify(events)}`,
      );
    const stop = new AbortController();
    const options = { profile: 'camera', count: 1, seed: 'pictures', timeScale: 0.02 } as const;
    const ended = runSimUnits(
      { ...options, mqttUrl: broker.url, picturesDir: folder, wifiFile },
      { stdin: null, stdout },
      stop.signal,
    );
    try {
      const { path } = await event('sim.listening');
      await using terminal = await (await Terminal.open(String(path))).wake();
      await terminal.ask(`AT+TCDEVINFOSET=1,"${PRODUCT}","${NAME}","${SECRET}"`, /TCDEVINFOSET:.*OK\r\n/);
      writeFileSync(join(folder ?? '', '1.png'), PLAIN_PNG);
      expect(await event('sim.error')).toMatchObject({
        code: 'bad-input',
        message: expect.stringContaining('zbarimg reads no code in') as string,
      });
      copyFileSync(code ?? '', join(folder ?? '', '1.png'));
      const { payload } = await broker.hears(({ topic }) => topic === `$thing/up/service/${PRODUCT}/${NAME}`);
      expect(JSON.parse(payload)).toMatchObject({ method: 'app_bind_token', params: { token: TOKEN } });
      expect(broker.logins).toMatchObject([{ clientId: PRODUCT + NAME, accepted: true }]);
      expect(await terminal.ask('AT+CWJAP?')).toContain(`"${NETWORK.ssid}"`);
    } finally {
      stop.abort();
      await ended;
    }
  });

  it.each<[what: string, text: string | null, said: RegExp]>([
    ['is missing', null, /the file of Wi-Fi networks .*wifi\.json cannot be read/],
    ['is not JSON', '[', /is not JSON/],
    ['has a network without a name', '[{"password":"geheim-1234"}]', /is invalid at 0\.ssid/],
  ])('refuses a file --wifi that %s', async (_what, text, said) => {
    using dir = tempDir('wifi');
    const file = join(dir.path, 'wifi.json');
    if (text !== null) writeFileSync(file, text);
    const { status, stderr } = await invoke('sim', 'units', '--wifi', file, '--until-stdin-closes');
    expect(status).toBe(text === null ? 3 : 2);
    expect(stderr).toMatch(said);
    expect(stderr).toContain('docs/simulator.md');
    expect(stderr).not.toContain('geheim');
  });
});
