import { once } from 'node:events';
import { realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ended, GOOD_NPM, plantMiniRepo } from './mini-repo.ts';

describe.runIf(process.platform !== 'win32').concurrent('the door of the repository', () => {
  test('sets up once, says so on stderr only, and is quiet from then on', async () => {
    using repo = plantMiniRepo();
    const first = await repo.run(['gongwei', 'unit', 'show', '--json', 'a b']);
    expect(first.status).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({
      args: ['unit', 'show', '--json', 'a b'],
      ioUring: '0',
      threads: '64',
    });
    // Nobody opens the inspector of a host with a signal.
    expect(JSON.parse(first.stdout)).toMatchObject({
      flags: ['--disable-sigusr1', '--disable-warning=ExperimentalWarning'],
    });
    expect(first.stderr).toMatch(/installing .*\n.*installed in \d+ s/);
    expect(first.stderr).not.toContain('npm says hello');
    expect(repo.read('npm.log')).toBe('ci --no-audit --no-fund --loglevel=error\n');

    const second = await repo.run(['gongwei', 'unit']);
    expect(second).toMatchObject({ status: 0, stderr: '' });
    expect(repo.read('npm.log').split('\n')).toHaveLength(2);
  });

  test('sets up again when the lock file has changed', async () => {
    using repo = plantMiniRepo();
    await repo.run(['gongwei']);
    repo.write(
      'package-lock.json',
      '{ "packages": { "": {}, "node_modules/node": { "version": "2.0.0" } } }',
    );
    expect((await repo.run(['gongwei'])).status).toBe(0);
    expect(repo.read('npm.log').trim().split('\n')).toHaveLength(2);
  });

  test('takes over what npm itself has installed from the same lock file', async () => {
    using repo = plantMiniRepo();
    await repo.run(['gongwei']);
    const lock =
      '{ "packages": { "": {}, "node_modules/node": { "version": "2.0.0" }, "node_modules/x": { "version": "1.0.0", "optional": true } } }';
    repo.write('package-lock.json', lock);
    repo.write(
      'node_modules/.package-lock.json',
      '{ "packages": { "node_modules/node": { "version": "2.0.0" } } }',
    );
    expect(await repo.run(['gongwei'])).toMatchObject({ status: 0, stderr: '' });
    expect(repo.read('npm.log').trim().split('\n')).toHaveLength(1);
  });

  test('installs everything, whatever an outer npm was told, and never Electron’s runtime', async () => {
    using repo = plantMiniRepo();
    await repo.run(['gongwei'], { env: { NODE_ENV: 'production', npm_config_omit: 'dev' } });
    expect(repo.read('npm.env')).toBe('ELECTRON_SKIP_BINARY_DOWNLOAD=1\n');
  });

  test('shows npm’s words when it fails, and tries again the next time', async () => {
    using repo = plantMiniRepo();
    repo.program('npm', 'echo "npm error network"; exit 1');
    const failed = await repo.run(['gongwei']);
    expect(failed).toMatchObject({ status: 3, stdout: '' });
    expect(failed.stderr).toContain('npm error network');
    expect(failed.stderr.trim().split('\n').at(-1)).toContain('Check that the package registry is reachable');
    repo.program('npm', GOOD_NPM);
    expect((await repo.run(['gongwei'])).status).toBe(0);
  });

  test('of two at once lets one install and the other wait', async () => {
    using repo = plantMiniRepo();
    const both = await Promise.all([repo.run(['gongwei', 'one']), repo.run(['gongwei', 'two'])]);
    expect(both.map(({ status }) => status)).toEqual([0, 0]);
    expect(both.map(({ stdout }) => (JSON.parse(stdout) as { args: string[] }).args[0])).toEqual([
      'one',
      'two',
    ]);
    expect(repo.read('npm.log').trim().split('\n')).toHaveLength(1);
    expect(repo.has('.cache/setup.lock')).toBe(false);
  });

  test('waits for the npm of a set-up that was killed, and takes its lock over', async () => {
    using repo = plantMiniRepo();
    repo.program(
      'npm',
      `echo started; touch "$REPO/started"; while test -e "$REPO/started"; do sleep 0.05; done; ${GOOD_NPM}`,
    );
    const killed = repo.start(['gongwei']);
    await expect.poll(() => repo.has('started')).toBe(true);
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    repo.program('npm', GOOD_NPM);
    const next = repo.start(['gongwei']);
    let stderr = '';
    next.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const over = ended(next);
    await expect.poll(() => stderr).toContain('waiting for it');
    rmSync(join(repo.dir, 'started'));
    expect((await over).status).toBe(0);
    expect(repo.read('npm.log').trim().split('\n')).toHaveLength(2);
  });

  describe.each([
    ['replacing itself', true],
    ['with a child', false],
  ])('%s', (_, inPlace) => {
    test('passes the exit status on', async () => {
      using repo = plantMiniRepo();
      for (const status of [0, 4, 77]) {
        expect(await repo.run(['gongwei', 'exit', String(status)], { inPlace })).toMatchObject({
          status,
          signal: null,
        });
      }
    });

    test.each(['SIGTERM', 'SIGKILL', 'SIGINT'] as const)('dies of %s when the step does', async (signal) => {
      using repo = plantMiniRepo();
      expect(await repo.run(['gongwei', 'die', signal], { inPlace })).toMatchObject({ status: null, signal });
    });

    test('a signal reaches the step', async () => {
      using repo = plantMiniRepo();
      await repo.run(['gongwei']);
      const child = repo.start(['gongwei', 'wait'], { inPlace });
      const end = ended(child);
      await once(child.stdout ?? child, 'data');
      child.kill('SIGTERM');
      const { status, stdout } = await end;
      expect(status).toBe(5);
      expect(stdout).toContain('told');
    });
  });

  test('kill -9 reaches the step itself where Node can replace itself', async () => {
    using repo = plantMiniRepo();
    await repo.run(['gongwei']);
    const child = repo.start(['gongwei', 'wait']);
    const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    expect((JSON.parse(line.toString()) as { pid: number }).pid).toBe(child.pid);
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  test('takes relative paths as the caller’s, also through npm', async () => {
    using repo = plantMiniRepo();
    repo.write('somewhere/file.csv', '');
    const env = { npm_lifecycle_event: 'gongwei', INIT_CWD: join(repo.dir, 'somewhere') };
    const { stdout } = await repo.run(['gongwei'], { env });
    expect((JSON.parse(stdout) as { cwd: string }).cwd).toBe(realpathSync(join(repo.dir, 'somewhere')));
  });

  test.each([[['nonsense']], [[]], [['__proto__']]])('%j is bad usage', async (args) => {
    using repo = plantMiniRepo();
    const { status, stdout, stderr } = await repo.run(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('usage: node scripts/run.mjs STEP');
    expect(repo.has('npm.log')).toBe(false);
  });

  test('a step that is not written yet says so', async () => {
    using repo = plantMiniRepo();
    expect(await repo.run(['fuzz'])).toMatchObject({ status: 3, stdout: '' });
  });
});

describe.runIf(process.platform === 'linux').concurrent('system packages', () => {
  /** A PATH with nothing on it but what is planted and what the stand-ins need. */
  function plantBareMachine() {
    const repo = plantMiniRepo();
    for (const name of ['sh', 'rm', 'sleep', 'mkdir', 'ln', 'env', 'grep', 'touch']) {
      repo.program(name, `exec /bin/${name} "$@"`);
    }
    repo.write('bin/sh', '#!/bin/sh\nexec /bin/sh "$@"\n', 0o755);
    repo.program('sudo', 'shift; exec "$@"');
    repo.write('scripts/steps/screens.ts', "process.stdout.write('done');");
    return { repo, env: { PATH: join(repo.dir, 'bin') } };
  }

  test('are installed by apt where they are missing; the lists are refreshed only when that fails', async () => {
    const { repo, env } = plantBareMachine();
    using _ = repo;
    repo.program(
      'apt-get',
      'echo "$@" >> "$REPO/apt.log"; case "$*" in *update*) touch "$REPO/updated";; *) test -e "$REPO/updated";; esac',
    );
    const { status, stdout, stderr } = await repo.run(['screens'], { env });
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'done' });
    const asked = repo.read('apt.log').trim().split('\n');
    expect(asked.map((line) => /update|install/.exec(line)?.[0])).toEqual(['install', 'update', 'install']);
    expect(asked[0]).toContain('chromium-headless-shell');
    expect(stderr).toContain('with apt');
    expect(stderr).not.toContain('could not');
  });

  test('that a distribution does not have are replaced by what it has', async () => {
    const { repo, env } = plantBareMachine();
    using _ = repo;
    repo.program(
      'apt-get',
      'echo "$@" >> "$REPO/apt.log"; case "$*" in *headless*) echo "E: Unable to locate package"; exit 100;; esac',
    );
    const { status, stderr } = await repo.run(['screens'], { env });
    expect(status).toBe(0);
    expect(repo.read('apt.log').trim().split('\n').at(-1)).toMatch(/install .*\bchromium(?!-)/);
    expect(stderr).not.toContain('could not');
  });

  test('that cannot be installed are named in one line, and the step runs', async () => {
    const { repo, env } = plantBareMachine();
    using _ = repo;
    repo.program('apt-get', 'echo "E: Unable to locate package"; exit 100');
    const { status, stdout, stderr } = await repo.run(['screens'], { env });
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'done' });
    expect(stderr.split('\n').filter((line) => line.includes('could not install'))).toHaveLength(1);
    expect(stderr).toContain('E: Unable to locate package');
  });

  test('are not asked for where they are', async () => {
    const { repo, env } = plantBareMachine();
    using _ = repo;
    repo.program('apt-get', 'touch "$REPO/apt.log"');
    repo.program('chromium-headless-shell', 'true');
    await repo.run(['screens'], { env });
    const wanted = repo.has('apt.log');
    const { existsSync } = await import('node:fs');
    // Fonts are looked for where the system keeps them, which this test cannot plant.
    expect(wanted).toBe(!existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'));
  });
});
