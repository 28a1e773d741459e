/**
 * Keeps the screen on while the page is visible: an operator watches it for hours without input.
 * A host may refuse; then its own power settings hold, and nothing is lost.
 */
export function keepAwake(window: Window): void {
  const { document, navigator } = window;
  const ask = async (): Promise<void> => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    await navigator.wakeLock.request('screen').catch(() => undefined);
  };
  document.addEventListener('visibilitychange', () => void ask());
  void ask();
}
