import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import {
  createTranslator,
  type Language,
  LANGUAGES,
  nextLanguage,
  preferredLanguage,
} from '#services/i18n/index.ts';
import { createLocalSettings } from './local-settings.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** How this screen looks and speaks; kept in this browser, for whoever works here next. */
export const usePreferences = defineStore('preferences', () => {
  const localSettings = createLocalSettings('gongwei');
  const language = ref<Language>(
    localSettings.get('language', LANGUAGES) ?? preferredLanguage(navigator.languages),
  );
  const theme = ref<Theme>(localSettings.get('theme', THEMES) ?? 'system');
  const sound = ref(localSettings.get('sound', ['on', 'off']) !== 'off');

  const translator = computed(() => createTranslator(language.value));

  watch(
    [language, theme, sound],
    () => {
      const { documentElement } = document;
      documentElement.lang = language.value;
      document.title = translator.value.t('app.title');
      // Without the attribute the style sheet follows the system by itself.
      if (theme.value === 'system') delete documentElement.dataset['theme'];
      else documentElement.dataset['theme'] = theme.value;
    },
    { immediate: true },
  );
  // Only what somebody chose is kept: an untouched setting goes on following the system.
  const choose = (key: string, value: string): void => localSettings.set(key, value);

  return {
    language,
    theme,
    sound,
    translator,
    switchLanguage() {
      language.value = nextLanguage(language.value);
      choose('language', language.value);
    },
    switchTheme() {
      theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'system';
      choose('theme', theme.value);
    },
    switchSound() {
      sound.value = !sound.value;
      choose('sound', sound.value ? 'on' : 'off');
    },
  };
});
