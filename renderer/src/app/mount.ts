import { contract } from '#shared/contract/index.ts';
import { connect } from '#shared/rpc/index.ts';
import { createPinia, disposePinia } from 'pinia';
import { computed, createApp } from 'vue';
import App from './App.vue';
import { OPERATOR_WORDS } from './operator-words.ts';
import { createAppRouter } from './router/create-router.ts';
import '../design/tokens.css';
import '../design/base.css';
import '../ui/ui.css';
import '../design/print.css';
import { FILE_TRANSFER, type FileTransfer } from '#services/files/index.ts';
import { type Dial, retryWait, keepConnected, STATION_CLIENT } from '#services/client/index.ts';
import { TRANSLATOR } from '#services/i18n/index.ts';
import { useToasts } from '#services/toasts/index.ts';
import { usePreferences } from '#stores/index.ts';
import { type Sounder, SOUNDER } from '#services/sound/index.ts';

export interface MountOptions {
  readonly dial: Dial;
  readonly sounder: Sounder;
  readonly files: FileTransfer;
  /** Called once at the start, and after each sign-in and sign-out of this session. */
  readonly onUserChange?: () => void;
}

export interface MountedApp {
  /** Ends the application and its connection. The document is as before, so that another one can be mounted. */
  unmount(): void;
}

/** Mounts the application and keeps it connected until it is unmounted. */
export function mountApp(window: Window, options: MountOptions): MountedApp {
  const ended = new AbortController();
  const client = connect(contract, undefined, { heartbeat: { nowMs: () => window.performance.now() } });
  const app = createApp(App);
  app.provide(STATION_CLIENT, client);
  app.provide(SOUNDER, options.sounder);
  app.provide(FILE_TRANSFER, options.files);
  const pinia = createPinia();
  app.use(pinia);
  usePreferences(pinia).addWords(OPERATOR_WORDS);
  app.provide(
    TRANSLATOR,
    computed(() => usePreferences(pinia).translator),
  );
  const onClosed = (): void =>
    useToasts(pinia).show({
      text: usePreferences(pinia).translator.t('connection.pageClosed'),
      tone: 'warn',
    });
  const router = createAppRouter(window, { isAnswering: () => client.responsive, onClosed });
  app.use(router);
  app.mount('#app');
  const { onUserChange } = options;
  if (onUserChange !== undefined) client.watch('session', { onState: onUserChange });
  void keepConnected({
    client,
    dial: options.dial,
    signal: ended.signal,
    nowMs: () => window.performance.now(),
    wait: retryWait(window),
    random: Math.random,
  });
  return {
    unmount() {
      ended.abort();
      app.unmount();
      router.options.history.destroy();
      disposePinia(pinia);
    },
  };
}
