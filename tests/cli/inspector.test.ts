import { describe, expect, it } from 'vitest';
import { tempDir } from '../support/temp-dir.ts';
import { startCommand } from '../kit/command-line.ts';

describe.runIf(process.platform !== 'win32')('a host that was started without the flag against it', () => {
  it('opens no inspector when it gets SIGUSR1, and goes on', async () => {
    using dir = tempDir('inspector');
    await using host = startCommand(['registry', 'serve', '--data', dir.path, '--json']);
    const { http } = await host.event('registry.listening');
    host.signal('SIGUSR1');
    // The inspector would be told of before an answer: both are turns of the same loop.
    for (let asked = 0; asked < 5; asked++) await (await fetch(`${String(http)}/v1/health`)).text();
    host.signal('SIGTERM');
    const { stderr } = await host.ended;
    expect(stderr).not.toContain('Debugger');
  });
});
