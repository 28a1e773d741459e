import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  FILE_PORT_MESSAGE,
  HOST_BRIDGE,
  type HostBridge,
  PORT_MESSAGE,
} from '#shared/contract/host-bridge.ts';
import { ensureBundle } from '../../scripts/lib/bundles.ts';
import { ROOT } from './play-scene.ts';

let source = '';
beforeAll(async () => {
  await ensureBundle('electron');
  source = readFileSync(join(ROOT, 'out/electron/preload/index.cjs'), 'utf8');
});

/** Runs the bundle as a sandboxed preload runs: a `require` that knows electron, a window, nothing of Node. */
function runPreload() {
  const required: string[] = [];
  const exposed: Record<string, unknown> = {};
  const sent: unknown[][] = [];
  const posted: unknown[][] = [];
  const listeners: Record<string, (event: { ports: unknown[] }) => void> = {};
  const electron = {
    contextBridge: { exposeInMainWorld: (name: string, api: unknown) => void (exposed[name] = api) },
    ipcRenderer: {
      send: (...args: unknown[]) => void sent.push(args),
      on: (channel: string, listener: (event: { ports: unknown[] }) => void) =>
        void (listeners[channel] = listener),
    },
  };
  const context = createContext({
    exports: {},
    module: { exports: {} },
    window: { postMessage: (...args: unknown[]) => void posted.push(args) },
    require: (name: string) => {
      required.push(name);
      if (name !== 'electron') throw new Error(`a sandboxed preload cannot require ${name}`);
      return electron;
    },
  });
  runInContext(source, context);
  return { required, exposed, sent, posted, listeners };
}

describe('the built preload bundle', () => {
  test('needs electron alone', () => {
    expect(runPreload().required).toEqual(['electron']);
  });

  test('has no code of the station, of Node or of a library in it', () => {
    expect(source).not.toMatch(
      /^\s*import\b|\bimport\(|process\.|Buffer|node:|ZodType|createStation|sqlite|serialport/m,
    );
    expect(source.length).toBeLessThan(4000);
  });

  test('gives the page two functions and no way to anything else', () => {
    const { exposed } = runPreload();
    expect(Object.keys(exposed)).toEqual([HOST_BRIDGE]);
    const bridge = exposed[HOST_BRIDGE] as Record<string, unknown>;
    expect(Object.entries(bridge).map(([name, value]) => [name, typeof value])).toEqual([
      ['connect', 'function'],
      ['openUploadPort', 'function'],
    ]);
  });

  test('asks main for a port without passing on what the page says, and hands the port over', () => {
    const { exposed, sent, listeners, posted } = runPreload();
    (exposed[HOST_BRIDGE] as { connect(...args: unknown[]): void } & HostBridge).connect('engineer', {
      role: 'x',
    });
    expect(sent).toEqual([['gongwei:connect']]);
    expect(Object.keys(listeners)).toEqual(['gongwei:port', 'gongwei:file-port']);
    listeners['gongwei:port']?.({ ports: ['the port'] });
    listeners['gongwei:port']?.({ ports: [] });
    expect(posted).toEqual([[PORT_MESSAGE, '*', ['the port']]]);
  });

  test('asks for a port for a file, and says when there is none', () => {
    const { exposed, sent, listeners, posted } = runPreload();
    (exposed[HOST_BRIDGE] as { openUploadPort(...args: unknown[]): void }).openUploadPort('/etc/passwd');
    expect(sent).toEqual([['gongwei:upload']]);
    listeners['gongwei:file-port']?.({ ports: ['the port'] });
    listeners['gongwei:file-port']?.({ ports: [] });
    expect(posted).toEqual([
      [FILE_PORT_MESSAGE, '*', ['the port']],
      [FILE_PORT_MESSAGE, '*', []],
    ]);
  });
});
