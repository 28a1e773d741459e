import { defineConfig } from 'vitest/config';

/** One suite for all rooms: real ports, sockets and files on loopback, so few workers and honest time limits. */
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    // Modules keep no state that a test could see, so files share a process: to load the station anew for each file
    // costs more than most tests.
    isolate: false,
    // Node runs the sources itself, as it does in the product: nothing is transformed, and the compile cache helps.
    experimental: { viteModuleRunner: false },
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
