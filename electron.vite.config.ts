import { join } from 'node:path';
import { defineConfig } from 'electron-vite';
import { listModules } from './scripts/vite/list-modules.ts';

const at = (path: string): string => join(import.meta.dirname, path);

/**
 * Electron's bundles: main and the core as modules for Node, the preload as the CommonJS that a sandbox needs. The
 * pages are built once, for all hosts, by renderer/vite.config.ts.
 */
export default defineConfig({
  main: {
    plugins: [listModules(at('.'), 'main')],
    build: {
      outDir: at('out/electron'),
      emptyOutDir: true,
      target: 'node24',
      // Of esptool-js only the stubs are used, which are data.
      externalizeDeps: { exclude: ['esptool-js'] },
      rollupOptions: {
        input: {
          'main/index': at('electron/main/index.ts'),
          'core/index': at('electron/core/index.ts'),
          // The thread that writes reports.
          'core/heavy-worker': at('station/heavy-worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    plugins: [listModules(at('.'), 'preload')],
    build: {
      outDir: at('out/electron/preload'),
      target: 'node24',
      rollupOptions: {
        input: { index: at('electron/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
});
