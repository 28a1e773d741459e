import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry, type Registry } from '#registry';
import { tempDir } from '../support/temp-dir.ts';
import { invoke, invokeWith } from '../kit/in-process.ts';
import { startCommand } from '../kit/command-line.ts';

const dir = tempDir();
const office = join(dir.path, 'office');
let registry: Registry;
beforeAll(async () => {
  registry = await createRegistry({ dataDir: join(office, 'registry'), tls: 'own' });
});
afterAll(async () => {
  await registry.close();
  dir[Symbol.dispose]();
});

const atOffice = (...args: string[]) => invoke('registry', 'station', ...args, '--data', office, '--json');
const pinned = () => ['--registry', registry.http, '--fingerprint', registry.fingerprint ?? ''];
const configure = (name: string, ...args: string[]) =>
  invoke('station', 'configure', '--station', name, '--data', join(dir.path, name), '--json', ...args);

function fileWith(text: string): string {
  const file = join(dir.path, 'token.txt');
  writeFileSync(file, text);
  return file;
}

async function added(name: string, ...args: string[]): Promise<string> {
  const { status, events } = await atOffice('add', name, ...args);
  expect(status).toBe(0);
  expect(events).toMatchObject([{ event: 'registry.station-added', name }]);
  return String(events[0]?.['token']);
}

describe('stations of a registry', () => {
  it('are added with a token that is printed once, listed, given rights, revoked', async () => {
    const token = await added('A', '--right', 'firmware', '--right', 'desk');
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(await atOffice('add', 'A')).toMatchObject({ status: 2 });
    expect(await atOffice('add', 'B', '--right', 'all')).toMatchObject({ status: 2 });
    expect((await atOffice('rights', 'A', '--admin')).status).toBe(0);
    const listed = await atOffice('list');
    expect(listed.events).toMatchObject([
      { event: 'registry.station', name: 'A', state: 'active', rights: ['admin'], came: 'added' },
    ]);
    expect(listed.stdout + listed.stderr).not.toContain(token);
    expect((await atOffice('revoke', 'A')).events).toMatchObject([
      { event: 'registry.station-revoked', name: 'A' },
    ]);
    expect(await atOffice('revoke', 'A')).toMatchObject({ status: 2 });
    expect((await atOffice('list')).events).toMatchObject([{ name: 'A', state: 'revoked' }]);
  });
});

describe('station configure', () => {
  it('reads the token from a file and from standard input, and never prints it', async () => {
    const token = await added('F');
    const byFile = await configure('F', ...pinned(), '--token-file', fileWith(`${token}\n`));
    expect(byFile).toMatchObject({ status: 0, events: [{ reachable: true, encrypted: true }] });
    const args = ['station', 'configure', '--station', 'F', '--data', join(dir.path, 'F'), '--json'];
    const piped = await invokeWith(`${token}\n`, ...args, ...pinned(), '--token-file', '-');
    expect(piped).toMatchObject({ status: 0, events: [{ reachable: true }] });
    for (const said of [byFile, piped]) {
      expect(said.stdout + said.stderr).not.toContain(token);
      expect(said.stderr).not.toContain('arguments');
    }
    const refused = await configure('G', ...pinned(), '--token-file', fileWith(token));
    expect(refused).toMatchObject({ status: 3, events: [{ event: 'error', code: 'registry-refused' }] });
    expect(refused.stdout).toContain('this token is that of station F');
    expect(await configure('F', ...pinned(), '--token-file', fileWith('\n'))).toMatchObject({ status: 2 });
    expect(
      await configure('F', ...pinned(), '--token-file', fileWith(token), '--token', token),
    ).toMatchObject({ status: 2 });
  });

  it('accepts it as an argument, with a warning that others can read it', async () => {
    const once = await configure('H', ...pinned(), '--token', registry.enrolmentToken);
    expect(once).toMatchObject({ status: 0, events: [{ reachable: true }] });
    expect(once.stderr).toContain('--token-file');
    // The same again is the same station; another directory of this name is another.
    expect(await configure('H', ...pinned(), '--token', registry.enrolmentToken)).toMatchObject({
      status: 0,
    });
    const copy = await invoke(
      'station',
      'configure',
      '--station',
      'H',
      '--data',
      join(dir.path, 'H2'),
      '--json',
      ...pinned(),
      '--token',
      registry.enrolmentToken,
    );
    expect(copy).toMatchObject({ status: 3, events: [{ code: 'registry-refused' }] });
    expect(copy.stdout).toContain('the name H is taken');
  });

  it('reports the fingerprint of an unknown registry, and what to compare it with', async () => {
    const said = await configure(
      'I',
      '--registry',
      registry.http,
      '--token-file',
      fileWith(registry.enrolmentToken),
    );
    expect(said).toMatchObject({ status: 3, events: [{ code: 'registry-untrusted' }] });
    expect(said.stdout).toContain(registry.fingerprint);
    expect(said.stdout).toContain('registry serve');
  });

  it('warns of a registry without encryption', async () => {
    const readable = await configure(
      'J',
      '--registry',
      'http://registry.invalid:9',
      '--token-file',
      fileWith('t'),
    );
    expect(readable).toMatchObject({ status: 0, events: [{ reachable: false, encrypted: false }] });
    expect(readable.stderr).toContain('not encrypted');
    const here = await configure('K', '--registry', 'http://127.0.0.1:9', '--token-file', fileWith('t'));
    expect(here).toMatchObject({ status: 0, events: [{ reachable: false, encrypted: false }] });
    expect(here.stderr).not.toContain('not encrypted');
  });
});

describe('registry serve', () => {
  it('serves other computers with TLS by default, and reports this', async () => {
    const data = join(dir.path, 'wide');
    expect(await invoke('registry', 'serve', '--data', data, '--tls-cert', 'x')).toMatchObject({ status: 2 });
    expect(await invoke('registry', 'serve', '--data', data, '--tls', '--plain')).toMatchObject({
      status: 2,
    });
    await using served = startCommand(['registry', 'serve', '--json', '--host', '0.0.0.0', '--data', data]);
    expect(await served.event('registry.listening')).toMatchObject({
      http: expect.stringMatching(/^https:/),
      mqtts: expect.stringMatching(/^mqtts:/),
      fingerprint: expect.stringMatching(/^[0-9A-F]{2}(?::[0-9A-F]{2}){31}$/),
      stationToken: expect.any(String),
    });
  });
});
