/**
 * Keeps the screen from going dark while the page is seen: an operator watches it for hours without touching it.
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
