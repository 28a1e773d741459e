import { join } from 'node:path';
import { defineConfig } from 'vite';

const ROOT = join(import.meta.dirname, '../..');

/** Bundles the command line as JavaScript, because Node does not run TypeScript below node_modules. */
export default defineConfig({
  root: ROOT,
  // Packages of many small files, which every command needs: to find and read them took a quarter of its start. Of esptool-js
  // only the stubs are used, which are data.
  ssr: { noExternal: ['@noble/ciphers', 'commander', 'esptool-js', 'pend', 'yaml', 'yauzl', 'zod'] },
  build: {
    ssr: true,
    outDir: join(ROOT, 'out/cli'),
    emptyOutDir: true,
    target: 'node24',
    rollupOptions: {
      // The second is the thread that does heavy work.
      input: {
        main: join(ROOT, 'cli/main.ts'),
        'heavy-worker': join(ROOT, 'station/heavy-worker.ts'),
      },
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name]-[hash].js',
        // Without comments and blanks, which Node would have to read; names stay, for the stacks of errors.
        minify: { compress: false, mangle: false, codegen: true },
      },
    },
  },
});
