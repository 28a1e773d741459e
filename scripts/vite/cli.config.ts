import { join } from 'node:path';
import { defineConfig } from 'vite';

const ROOT = join(import.meta.dirname, '../..');

/** Bundles the command line as one JavaScript file, because Node does not run TypeScript below node_modules. */
export default defineConfig({
  root: ROOT,
  build: {
    ssr: 'cli/main.ts',
    outDir: join(ROOT, 'out/cli'),
    emptyOutDir: true,
    target: 'node24',
    rollupOptions: { output: { entryFileNames: 'main.js' } },
  },
});
