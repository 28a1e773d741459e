import '../../src/app/strict-csp.ts';
import { createPinia } from 'pinia';
import { computed, createApp } from 'vue';
import { TRANSLATOR } from '#services/i18n/index.ts';
import { usePreferences } from '#stores/index.ts';
import '../../src/design/tokens.css';
import '../../src/design/base.css';
import '../../src/ui/ui.css';
import GalleryPage from './GalleryPage.vue';

// `gallery.html?rows=1000000` for a table of so many rows; F6 and F7 change language and colours.
const pinia = createPinia();
createApp(GalleryPage)
  .use(pinia)
  .provide(
    TRANSLATOR,
    computed(() => usePreferences(pinia).translator),
  )
  .mount('#app');
