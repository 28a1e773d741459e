import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS = [
  'shared',
  'node-kit',
  'station',
  'registry',
  'simulator',
  'kiosk',
  'cli',
  'electron',
  'renderer',
  'tests',
];

/** A tree that keeps the table: each line is a file and what it imports. */
const GOOD: Record<string, string> = {
  'shared/a.ts': "import { z } from 'zod';\nexport const a = z;",
  'shared/codec/seal.ts': "import { gcm } from '@noble/ciphers/aes.js';\nexport const seal = gcm;",
  'node-kit/async/index.ts': "export { wait } from './wait.ts';",
  'node-kit/async/wait.ts':
    "import { setTimeout } from 'node:timers/promises';\nimport { a } from '#shared/a.ts';\nexport const wait = [setTimeout, a];",
  'station/index.ts':
    "import { start } from './execution/slots/index.ts';\nimport { a } from '#shared/a.ts';\nexport const station = [start, a];",
  'station/core/platform/index.ts': 'export interface Platform { now(): number }',
  'station/execution/slots/index.ts': "export * from './inside.ts';",
  'station/execution/slots/inside.ts':
    "import type { Platform } from '../../core/platform/index.ts';\nexport const start = (p: Platform) => p;",
  'station/core/database/open.ts':
    "import Database from 'better-sqlite3';\nexport const open = () => new Database('x');",
  'station/devices/drivers/serial/index.ts':
    "import { SerialPort } from 'serialport';\nimport type { Platform } from '../../../core/platform/index.ts';\nexport const ports = [SerialPort] as unknown as Platform;",
  'registry/index.ts': "import { a } from '#shared/a.ts';\nexport const registry = a;",
  'simulator/index.ts': "import { ptys } from './pty/index.ts';\nexport const simulator = ptys;",
  'simulator/pty/index.ts': "import koffi from 'koffi';\nexport const ptys = koffi;",
  'kiosk/index.ts': "import Fastify from 'fastify';\nexport const kiosk = Fastify;",
  'cli/main.ts':
    "import { station } from '#station';\nimport { kiosk } from '#kiosk';\nimport { simulator } from '#simulator';\nimport { ports } from '../station/devices/drivers/serial/index.ts';\nexport const all = [station, kiosk, simulator, ports];",
  'electron/main/index.ts': "import { app } from 'electron';\nexport const main = app;",
  'electron/preload/index.ts':
    "import { contextBridge } from 'electron';\nimport { a } from '#shared/a.ts';\nexport const preload = [contextBridge, a];",
  'electron/core/index.ts': "import { station } from '#station';\nexport const core = station;",
  'renderer/src/main.ts':
    "import { createApp } from 'vue';\nimport { a } from '#shared/a.ts';\nexport const page = [createApp, a];",
  'renderer/src/ui/index.ts':
    "import { DialogRoot } from 'reka-ui';\nimport { words } from '#services/i18n/index.ts';\nexport const set = [DialogRoot, words];",
  'renderer/src/services/i18n/index.ts': 'export const words = 1;',
  'renderer/src/services/client/index.ts': "import { a } from '#shared/a.ts';\nexport const client = a;",
  'renderer/src/stores/slots.ts':
    "import { client } from '#services/client/index.ts';\nexport const slots = client;",
  'renderer/src/features/batches/price.ts':
    "import { set } from '#ui/index.ts';\nimport { slots } from '#stores/slots.ts';\nexport const price = [set, slots];",
  'renderer/src/features/batches/routes.ts': "export const routes = () => import('./price.ts');",
  'renderer/src/app/router.ts':
    "import { createRouter } from 'vue-router';\nimport { routes as batches } from '../features/batches/routes.ts';\nexport const routes = [createRouter, batches];",
  'renderer/src/parts/icons.ts':
    "import { Check } from '@lucide/vue';\nexport const icons = { done: Check };",
  'tests/station.test.ts':
    "import { start } from '../station/execution/slots/inside.ts';\nexport const tested = start;",
};

/** For each rule, one file that breaks it, and how. Type-only imports count as much as others. */
const BREAKS: Record<string, [file: string, source: string][]> = {
  'no-cycles': [
    ['shared/ring/one.ts', "import type { Two } from './two.ts';\nexport type One = Two | 1;"],
    ['shared/ring/two.ts', "import type { One } from './one.ts';\nexport type Two = One | 2;"],
  ],
  'no-unresolved': [['registry/lost.ts', "import './nowhere.ts';\nexport const lost = 1;"]],
  'shared-is-pure': [
    ['shared/reads.ts', "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;"],
    ['shared/shows.ts', "import { ref } from 'vue';\nexport const show = ref;"],
    [
      'shared/knows.ts',
      "import type { Platform } from '../station/core/platform/index.ts';\nexport type P = Platform;",
    ],
  ],
  'node-kit-knows-only-shared': [
    ['node-kit/async/host.ts', "import { kiosk } from '#kiosk';\nexport const host = kiosk;"],
    ['node-kit/async/shows.ts', "import { ref } from 'vue';\nexport const show = ref;"],
    [
      'node-kit/async/clock.ts',
      "import type { Platform } from '../../station/core/platform/index.ts';\nexport type P = Platform;",
    ],
  ],
  'node-kit-by-its-faces': [
    ['registry/wait.ts', "import { wait } from '../node-kit/async/wait.ts';\nexport const w = wait;"],
  ],
  'station-knows-no-host': [
    ['station/returns/host.ts', "import { kiosk } from '#kiosk';\nexport const host = kiosk;"],
    [
      'station/returns/peer.ts',
      "import type { simulator } from '#simulator';\nexport type S = typeof simulator;",
    ],
  ],
  'platform-is-interfaces': [
    [
      'station/core/platform/clock.ts',
      "import { setTimeout } from 'node:timers/promises';\nexport const wait = setTimeout;",
    ],
  ],
  'drivers-know-only-platform': [
    [
      'station/devices/drivers/tcp/index.ts',
      "import { start } from '../../../execution/slots/index.ts';\nexport const tcp = start;",
    ],
  ],
  'station-imports-run-down': [
    [
      'station/core/uploads/index.ts',
      "import type { start } from '../../execution/slots/index.ts';\nexport type U = typeof start;",
    ],
    [
      'station/results/index.ts',
      "import { ports } from '../devices/drivers/serial/index.ts';\nexport const results = ports;",
    ],
  ],
  'station-modules-by-their-face': [
    [
      'station/identity/pool.ts',
      "import { start } from '../execution/slots/inside.ts';\nexport const pool = start;",
    ],
  ],
  'station-parts-by-their-face': [
    [
      'station/execution/executor/index.ts',
      "import { start } from '../slots/inside.ts';\nexport const run = start;",
    ],
  ],
  'station-composes-by-faces': [
    [
      'station/handlers.ts',
      "import { start } from './execution/slots/inside.ts';\nexport const handlers = start;",
    ],
    [
      'station/execution/execution.ts',
      "import { start } from './slots/inside.ts';\nexport const execution = start;",
    ],
  ],
  'hosts-use-the-stations-face': [
    [
      'cli/commands/slot.ts',
      "import { start } from '../../station/execution/slots/inside.ts';\nexport const slot = start;",
    ],
  ],
  'electron-is-apart-from-other-hosts': [
    ['electron/core/sim.ts', "import { simulator } from '#simulator';\nexport const sim = simulator;"],
  ],
  'kiosk-is-apart-from-other-hosts': [
    ['kiosk/page.ts', "import { page } from '../renderer/src/main.ts';\nexport const shown = page;"],
  ],
  'cli-uses-faces-of-hosts': [
    ['kiosk/gate.ts', 'export const gate = 1;'],
    ['cli/commands/gate.ts', "import { gate } from '../../kiosk/gate.ts';\nexport const g = gate;"],
  ],
  'preload-is-thin': [
    ['electron/preload/reads.ts', "import { readFileSync } from 'fs';\nexport const read = readFileSync;"],
    ['electron/preload/main.ts', "import { main } from '../main/index.ts';\nexport const m = main;"],
  ],
  'electron-main-has-no-core': [
    ['electron/main/core.ts', "import { station } from '#station';\nexport const core = station;"],
  ],
  'renderer-knows-the-contract-only': [
    [
      'renderer/src/type.ts',
      "import type { Platform } from '../../station/core/platform/index.ts';\nexport type P = Platform;",
    ],
    ['renderer/src/node.ts', "import { EventEmitter } from 'node:events';\nexport const e = EventEmitter;"],
    ['renderer/src/electron.ts', "import { ipcRenderer } from 'electron';\nexport const i = ipcRenderer;"],
  ],
  'features-by-their-faces': [
    [
      'renderer/src/features/returns/find.ts',
      "import { price } from '../batches/price.ts';\nexport const find = price;",
    ],
    [
      'renderer/src/app/inside.ts',
      "import { price } from '../features/batches/price.ts';\nexport const inside = price;",
    ],
  ],
  'features-know-no-application': [
    [
      'renderer/src/features/returns/up.ts',
      "import { routes } from '../../app/router.ts';\nexport const up = routes;",
    ],
  ],
  'services-and-stores-know-no-page': [
    ['renderer/src/stores/batch.ts', "import { set } from '#ui/index.ts';\nexport const batch = set;"],
  ],
  'services-know-no-store': [
    [
      'renderer/src/services/sound/play.ts',
      "import { slots } from '#stores/slots.ts';\nexport const play = slots;",
    ],
  ],
  'components-know-words-only': [
    ['renderer/src/ui/clock.ts', "import { slots } from '#stores/slots.ts';\nexport const clock = slots;"],
    [
      'renderer/src/parts/note.ts',
      "import { client } from '#services/client/index.ts';\nexport const note = client;",
    ],
  ],
  'parts-know-no-component-set': [
    ['renderer/src/parts/badge.ts', "import { set } from '#ui/index.ts';\nexport const badge = set;"],
    [
      'renderer/src/features/operator/badge.ts',
      "import { set } from '#ui/index.ts';\nexport const badge = set;",
    ],
  ],
  'codemirror-lezer-only-in-its-place': [
    [
      'renderer/src/features/batches/editor.ts',
      "import { EditorView } from '@codemirror/view';\nexport const view = EditorView;",
    ],
  ],
  'headless-library-only-in-ui': [
    ['renderer/src/page.ts', "import { DialogRoot } from 'reka-ui';\nexport const dialog = DialogRoot;"],
    [
      'renderer/src/day.ts',
      "import type { CalendarDate } from '@internationalized/date';\nexport type Day = CalendarDate;",
    ],
  ],
  'lucide-vue-only-in-its-place': [
    ['renderer/src/ui/tick.ts', "import { Check } from '@lucide/vue';\nexport const tick = Check;"],
  ],
  'yaml-only-in-its-place': [
    [
      'station/administration/feed.ts',
      "import { parse } from 'yaml';\nexport const feed = (text: string): unknown => parse(text);",
    ],
  ],
  'registry-knows-only-shared': [
    ['registry/station.ts', "import type { station } from '#station';\nexport type S = typeof station;"],
  ],
  'simulator-knows-only-shared': [
    [
      'simulator/codec.ts',
      "import { start } from '../station/execution/slots/inside.ts';\nexport const codec = start;",
    ],
  ],
  'simulator-is-not-in-the-product': [
    ['registry/sim.ts', "import { simulator } from '#simulator';\nexport const sim = simulator;"],
  ],
  'nothing-imports-tests': [
    ['cli/tested.ts', "import { tested } from '../tests/station.test.ts';\nexport const t = tested;"],
  ],
  'serialport-only-in-its-place': [
    [
      'station/execution/slots/port.ts',
      "import { SerialPort } from 'serialport';\nexport const port = SerialPort;",
    ],
    [
      'cli/binding.ts',
      "import { autoDetect } from '@serialport/bindings-cpp';\nexport const b = autoDetect;",
    ],
  ],
  'stoprocent-only-in-its-place': [
    ['station/execution/slots/ble.ts', "export const noble = () => import('@stoprocent/noble');"],
  ],
  'better-sqlite3-only-in-its-place': [
    [
      'station/identity/sql.ts',
      "import type Database from 'better-sqlite3';\nexport type Db = Database.Database;",
    ],
  ],
  'koffi-only-in-its-place': [
    ['station/devices/drivers/pty/index.ts', "import koffi from 'koffi';\nexport const k = koffi;"],
  ],
  'electron-only-in-its-place': [
    ['station/log.ts', "import type { App } from 'electron';\nexport type A = App;"],
  ],
  'fastify-only-in-its-place': [
    ['station/returns/http.ts', "import Fastify from 'fastify';\nexport const f = Fastify;"],
  ],
  'aedes-only-in-its-place': [
    ['simulator/broker.ts', "import { Aedes } from 'aedes';\nexport const a = Aedes;"],
  ],
  'product-has-no-dev-dependencies': [['cli/dev.ts', "import ts from 'typescript';\nexport const t = ts;"]],
};

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

/** Cruises a tree in a folder of its own with the project's own rules. */
function cruise(dir: string): Violation[] {
  const depcruise = realpathSync(join(ROOT, 'node_modules/.bin/depcruise'));
  const args = [depcruise, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...FOLDERS];
  const json = execFileSync(process.execPath, args, {
    cwd: dir,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return (JSON.parse(json) as { summary: { violations: Violation[] } }).summary.violations;
}

function plant(files: Record<string, string>): string {
  const dir = mkdtempSync(join(tmpdir(), 'gongwei-layers-'));
  for (const name of ['.dependency-cruiser.cjs', 'package.json', 'tsconfig.base.json']) {
    copyFileSync(join(ROOT, name), join(dir, name));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), `${source}\n`);
  }
  return dir;
}

const rules = (
  createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')) as { forbidden: { name: string }[] }
).forbidden.map(({ name }) => name);

describe('the layer table', () => {
  const dirs: string[] = [];
  let found: Violation[] = [];
  beforeAll(() => {
    const dir = plant({ ...GOOD, ...Object.fromEntries(Object.values(BREAKS).flat()) });
    dirs.push(dir);
    found = cruise(dir);
  });
  afterAll(() => {
    for (const dir of dirs) rmSync(dir, { recursive: true });
  });

  test('has a fixture here for each rule', () => {
    expect(Object.keys(BREAKS).sort()).toEqual([...new Set(rules)].sort());
  });

  test('finds nothing in a tree that keeps it', () => {
    const dir = plant(GOOD);
    dirs.push(dir);
    expect(cruise(dir)).toEqual([]);
  });

  test.each(Object.entries(BREAKS))('%s is caught', (rule, files) => {
    const caught = new Set(found.filter((it) => it.rule.name === rule).map((it) => it.from));
    // A file that is there only to be imported is not guilty itself.
    const guilty = files.filter(([, source]) => source.includes('import')).map(([path]) => path);
    expect([...caught].sort()).toEqual(
      expect.arrayContaining(rule === 'no-cycles' ? guilty.slice(0, 1) : guilty),
    );
  });

  test('blames only what is guilty of something', () => {
    const guilty = Object.values(BREAKS)
      .flat()
      .map(([path]) => path);
    expect([...new Set(found.map(({ from }) => from))].filter((path) => !guilty.includes(path))).toEqual([]);
  });
});
