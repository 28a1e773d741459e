import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { memoryDir } from './scripts/lib/memory-dir.ts';
import { NODE_VARIABLES } from './scripts/setup/run-in-place.mjs';
import { LongestFirst } from './tests/longest-first.ts';

/** Files that replace a module for themselves: it must not have been loaded before, and no other file may see it. */
const REPLACING_MODULES = [
  'tests/cli/backup-passphrase.test.ts',
  'tests/cli/demo-status.test.ts',
  'tests/station/devices/drivers/ble/adapter-states.test.ts',
  'tests/shared/codec/frame-flood.test.ts',
];

/**
 * Long journeys and checks that take tens of seconds, in files of their own. `npm test` after each change leaves them
 * out; `npm test -- --long` and a filter include them.
 */
const LONG_FILES = 'tests/**/*.long.test.ts';
const { GONGWEI_TEST_DEPTH, GONGWEI_TEST_COST } = process.env;

/** One suite for the whole project: real ports, sockets and files on loopback, so few workers and honest time limits. */
export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'isolated', include: REPLACING_MODULES, isolate: true } },
      {
        extends: true,
        // Modules keep no state that another file could see, and to load the station anew costs more than most tests.
        test: {
          name: 'shared',
          include: ['tests/**/*.test.ts'],
          exclude: [...REPLACING_MODULES, ...(GONGWEI_TEST_DEPTH === 'short' ? [LONG_FILES] : [])],
          isolate: false,
        },
      },
    ],
    environment: 'node',
    sequence: { sequencer: LongestFirst },
    globalSetup: 'tests/global-setup.ts',
    setupFiles: GONGWEI_TEST_COST === undefined ? [] : ['tests/file-cost.ts'],
    pool: 'forks',
    // Node runs the sources itself, as it does in the product; its compile cache holds them without their types.
    experimental: { viteModuleRunner: false },
    // A worker runs a hundred files. With V8's usual young heap it would copy what lives more often.
    execArgv: ['--max-semi-space-size=64'],
    // Twice the cores of a small machine, because most tests wait for ports, clocks and other processes.
    maxWorkers: 4,
    maxConcurrency: 3,
    // They end a test that hangs, and are no measure of its speed: computers differ tenfold.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // A busy machine is slow, not wrong: what a test waits for may take as long as tests/support/patience.ts says.
    expect: { poll: { timeout: 90_000, interval: 20 } },
    teardownTimeout: 5_000,
    env: {
      ...NODE_VARIABLES,
      // Commits to thousands of small databases take a quarter less work without a disk. No test can cut the power.
      TMPDIR: memoryDir() ?? tmpdir(),
      NODE_COMPILE_CACHE: join(import.meta.dirname, '.cache/node'),
    },
    // A test that leaves a promise or a socket behind is a defect of the test or of the station.
    dangerouslyIgnoreUnhandledErrors: false,
  },
});
