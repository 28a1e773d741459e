import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { LINK_SCHEME } from '#shared/domain/unit-link.ts';
import { scriptRuntime } from '../../electron/main/script-runtime.ts';
import { ROOT } from './play-scene.ts';

interface Packaging {
  readonly files: readonly unknown[];
  readonly protocols: readonly { schemes: readonly string[] }[];
  readonly appId: string;
  readonly asar: boolean;
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly extraResources: readonly { from: string; to: string; filter: readonly string[] }[];
}
const packaging = parse(readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8')) as Packaging;

test('the packaged program is no Node for others, and runs nothing but its own archive', () => {
  expect(packaging.asar).toBe(true);
  expect(packaging.electronFuses).toMatchObject({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  });
});

test('scripts of recipes find the Node that is packaged beside it', () => {
  const [node] = packaging.extraResources;
  const { GONGWEI_NODE } = scriptRuntime('/opt/Gongwei/resources', 'linux');
  expect(GONGWEI_NODE).toBe(join('/opt/Gongwei/resources', node?.to ?? '', 'node'));
  expect(node?.filter).toEqual(['node', 'node.exe']);
  const here = process.platform === 'win32' ? 'node.exe' : 'node';
  expect(existsSync(join(ROOT, node?.from ?? '', here))).toBe(true);
  expect(scriptRuntime(null, 'linux')).toEqual({});
});

test('the system is told of the links that open a unit, and the icon of the tray is in the archive', () => {
  expect(packaging.protocols.flatMap(({ schemes }) => schemes)).toEqual([LINK_SCHEME]);
  expect(packaging.files).toContain('build/icon.png');
  expect(existsSync(join(ROOT, 'build/icon.png'))).toBe(true);
});
