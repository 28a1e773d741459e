import '../../src/app/strict-csp.ts';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import '../../src/design/tokens.css';
import '../../src/design/base.css';
import '../../src/ui/ui.css';
import GalleryPage from './GalleryPage.vue';

// `gallery.html?rows=1000000` for a table of so many rows; F6 and F7 change language and colours.
createApp(GalleryPage).use(createPinia()).mount('#app');
