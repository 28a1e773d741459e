import { join } from 'node:path';
import { defineConfig } from 'vite';

const ROOT = join(import.meta.dirname, '../..');

/** The command line as one file of JavaScript, for where Node does not run TypeScript: below node_modules. */
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
