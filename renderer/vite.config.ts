import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** The page as the hosts serve it: relative addresses, no inline code, nothing from outside. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [vue({ features: { optionsAPI: false } })],
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    // The oldest engines that know light-dark() and container queries; Electron and the kiosk's browser are newer.
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // Inlined assets would be data: addresses, which the content security policy does not allow for fonts and code.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
