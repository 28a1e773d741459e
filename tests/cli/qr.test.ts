import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempDir } from '../support/temp-dir.ts';
import { invoke } from '../kit/in-process.ts';

describe('qr decode', () => {
  const text = '09workshop108hunter2208tok-4711';

  it('prints one field per line, without the secrets', async () => {
    const good = await invoke('qr', 'decode', text);
    expect(good.status).toBe(0);
    expect(good.stdout).toBe(
      'kind: Wi-Fi provisioning code\nssid: workshop1\npassword: *********\ntoken: *********\n',
    );
  });

  it('masks them for programs, too', async () => {
    const { status, stdout, events } = await invoke('qr', 'decode', text, '--json');
    expect(status).toBe(0);
    expect(events).toEqual([
      {
        event: 'qr.decoded',
        kind: 'wifi',
        wifi: { ssid: 'workshop1', password: '*********', token: '*********' },
        notes: [],
      },
    ]);
    expect(stdout).not.toMatch(/hunter22|4711/);
  });

  it('reports an unknown text without repeating it', async () => {
    const { status, stdout, stderr } = await invoke('qr', 'decode', 'psk=hunter22');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^kind: unknown/);
    expect(stdout + stderr).not.toContain('hunter22');
  });
});

describe('qr wifi', () => {
  it('refuses values that no device can use', async () => {
    using dir = tempDir('qr');
    const out = join(dir.path, 'code.svg');
    const ended = await invoke(
      'qr',
      'wifi',
      '--ssid',
      'w',
      '--password',
      'hunter2',
      '--token',
      't',
      '--out',
      out,
    );
    expect(ended.status).toBe(2);
    expect(ended.stderr).toMatch(/the password has 7 characters; the shortest has 8/);
    expect(ended.stderr).not.toContain('hunter2');
    expect(existsSync(out)).toBe(false);
  });
});
