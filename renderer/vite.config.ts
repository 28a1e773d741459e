import vue from '@vitejs/plugin-vue';
import { join } from 'node:path';
import { defineConfig } from 'vite';
import { listModules } from '../scripts/vite/list-modules.ts';
import { manual } from '../scripts/vite/manual.ts';
import { ZOD_CHUNK } from '../scripts/vite/zod-chunk.ts';

/** The page as the hosts serve it: relative addresses, no inline code, nothing from outside. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [
    vue({ features: { optionsAPI: false } }),
    manual(),
    listModules(join(import.meta.dirname, '..'), 'pages'),
  ],
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    // The oldest engines that know light-dark() and container queries; Electron and the kiosk's browser are newer.
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // Inlined assets would be data: addresses, which the content security policy does not allow for fonts and code.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: ZOD_CHUNK },
  },
});
