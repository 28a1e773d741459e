import { defineConfig } from 'vitest/config';

/**
 * Codecs, the registry and simulated units: what they import keeps no state, so that their files can share a process;
 * to load the same modules for each anew costs more than most of these tests.
 */
const TOGETHER = [
  'tests/{shared,node-kit}/**/*.test.ts',
  // Mosquitto's clients wait for a quarter of a minute, beside others better than behind all of them.
  'tests/registry/**/!(mosquitto).test.ts',
  'tests/simulator/{parts,faults,wire,flash}/**/*.test.ts',
  'tests/simulator/profiles/!(ble-bulb)/**/*.test.ts',
];

/** One suite for all rooms: real ports, sockets and files on loopback, so few workers and honest time limits. */
export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'together', include: TOGETHER, isolate: false } },
      { extends: true, test: { name: 'apart', include: ['tests/**/*.test.ts'], exclude: TOGETHER } },
    ],
    environment: 'node',
    pool: 'forks',
    // Twice the cores of a small machine, because most tests wait for ports, clocks and other processes.
    maxWorkers: 4,
    maxConcurrency: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // CI shares its cores and pauses for seconds; a defect fails twice, and a second try is shown in the output.
    retry: process.env['CI'] === undefined ? 0 : 2,
    teardownTimeout: 5_000,
    // node-serialport issue 2735: a port that was just closed cannot be locked again with io_uring.
    env: { UV_USE_IO_URING: '0' },
    // A test that leaves a promise or a socket behind is a defect of the test or of the station.
    dangerouslyIgnoreUnhandledErrors: false,
  },
});
