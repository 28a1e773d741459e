import type { PageDefaults } from '#shared/contract/index.ts';
import { defineStore } from 'pinia';
import { useStorage } from '@vueuse/core';
import { computed, type Ref, shallowRef, watch } from 'vue';
import {
  createTranslator,
  type Language,
  LANGUAGES,
  nextLanguage,
  preferredLanguage,
  type Words,
} from '#services/i18n/index.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Language, appearance and sound of this browser. Without a choice of its own those of the station hold. */
export const usePreferences = defineStore('preferences', () => {
  const chosenLanguage = useStoredChoice('language', LANGUAGES);
  const chosenTheme = useStoredChoice('theme', THEMES);
  const chosenSound = useStoredChoice('sound', ['on', 'off']);
  // Stored as well, so that the next page begins with them before the station has answered.
  const stationLanguage = useStoredChoice('stationLanguage', LANGUAGES);
  const stationTheme = useStoredChoice('stationTheme', THEMES);
  const stationSound = useStoredChoice('stationSound', ['on', 'off']);
  const language = computed<Language>(
    () => chosenLanguage.value ?? stationLanguage.value ?? preferredLanguage(navigator.languages),
  );
  const theme = computed<Theme>(() => chosenTheme.value ?? stationTheme.value ?? 'system');
  const sound = computed(() => (chosenSound.value ?? stationSound.value) !== 'off');
  /** Whether somebody has chosen one of them in this browser. */
  const hasOwnChoice = computed(() =>
    [chosenLanguage, chosenTheme, chosenSound].some(({ value }) => value !== null),
  );

  const words = shallowRef<readonly Words[]>([]);
  const translator = computed(() => createTranslator(language.value, words.value));

  watch(
    [language, theme, sound],
    () => {
      const { documentElement } = document;
      documentElement.lang = language.value;
      // Without the attribute the style sheet follows the system by itself.
      if (theme.value === 'system') delete documentElement.dataset['theme'];
      else documentElement.dataset['theme'] = theme.value;
    },
    { immediate: true },
  );

  return {
    language,
    theme,
    sound,
    translator,
    hasOwnChoice,
    /** What the station says for browsers without a choice of their own. */
    setDefaults(pages: PageDefaults) {
      stationLanguage.value = pages.language;
      stationTheme.value = pages.theme;
      stationSound.value = pages.sound ? null : 'off';
    },
    /** Adds the words of features that have been loaded. */
    addWords(added: Words) {
      if (!words.value.includes(added)) words.value = [...words.value, added];
    },
    setLanguage(next: Language) {
      chosenLanguage.value = next;
    },
    switchLanguage() {
      chosenLanguage.value = nextLanguage(language.value);
    },
    switchTheme() {
      chosenTheme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'system';
    },
    switchSound() {
      chosenSound.value = sound.value ? 'off' : 'on';
    },
  };
});

/**
 * A choice that this browser stores. `null` until it is made, so that a default goes on following the system. In a browser
 * whose storage is full or switched off a choice lasts until the page is closed.
 */
function useStoredChoice<T extends string>(name: string, allowed: readonly T[]): Ref<T | null> {
  return useStorage<T | null>(`gongwei.${name}`, null, undefined, {
    serializer: {
      read: (text) => allowed.find((one) => one === text) ?? null,
      write: (value) => value ?? '',
    },
    writeDefaults: false,
    listenToStorageChanges: false,
    onError: () => undefined,
  });
}
