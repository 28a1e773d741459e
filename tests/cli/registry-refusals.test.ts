import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { loginOf, refusedWith } from '../registry/support/mqtt-peer.ts';
import { tempDir } from '../support/temp-dir.ts';
import { startCommand } from '../kit/command-line.ts';

it('registry serve reports refused clients with the reason, and counts repetitions', async () => {
  using dir = tempDir();
  await using served = startCommand(['registry', 'serve', '--data', dir.path, '--json']);
  const port = Number(new URL(String((await served.event('registry.listening'))['mqtt'])).port);
  const secret = Buffer.alloc(16, 3).toString('base64');
  const login = loginOf('FIELDMQTT1', 'nobody-1', secret);
  for (let n = 0; n < 4; n++) expect(await refusedWith(port, login)).toBe(4);
  expect(await served.event('registry.refused')).toMatchObject({
    act: 'login',
    reason: 'device-unknown',
    clientId: 'FIELDMQTT1nobody-1',
    address: '127.0.0.1',
    count: 1,
  });
  // Not MQTT at all.
  connect(port, '127.0.0.1').end('GET / HTTP/1.1\r\n\r\n');
  expect(await served.event('registry.refused', ({ act }) => act === 'connection')).toMatchObject({
    reason: 'not-mqtt',
    clientId: '',
  });
  served.signal('SIGTERM');
  const { stderr, stdout, events } = await served.ended;
  const counts = events.filter(({ reason }) => reason === 'device-unknown').map(({ count }) => count);
  expect(counts).toEqual([1, 3]);
  expect(stderr).toContain(
    'registry: refused FIELDMQTT1nobody-1 at 127.0.0.1: login: no device has this client id, 3 times\n',
  );
  expect(stderr).toContain('registry: refused an unnamed client at 127.0.0.1: connection');
  for (const said of [stdout, stderr]) {
    expect(said).not.toContain(secret);
    expect(said).not.toContain(login.password.slice(0, 16));
  }
});
