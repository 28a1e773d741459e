import { onBeforeUnmount, onMounted, type Ref, watch } from 'vue';
import { listenToScanner, type Scanner } from '#services/scanner/index.ts';
import { useOperator } from './use-operator.ts';

/** Receives the scanner's keys until the page is unmounted. */
export function useScanner(field: Readonly<Ref<HTMLElement | null>>): void {
  const operator = useOperator();
  let scanner: Scanner | null = null;
  onMounted(() => {
    if (field.value === null) return;
    scanner = listenToScanner({
      window,
      field: field.value,
      maybeInScan: operator.wasListening || isReloaded(),
      digits: () => operator.singleKeys.digits,
      letters: () => operator.singleKeys.letters,
      onText: (text) => (operator.typed = text),
      written: () => operator.written,
      onWritten(text, field) {
        const { promptId } = field.dataset;
        if (promptId !== undefined) operator.drafts[promptId] = text;
      },
      onEffect: (effect) => operator.handleScan(effect),
      onCapsLock: (on) => (operator.capsLock = on),
    });
    operator.wasListening = true;
  });
  watch(
    () => operator.written,
    () => scanner?.follow(),
    { flush: 'post' },
  );
  onBeforeUnmount(() => scanner?.close());
}

function isReloaded(): boolean {
  const [loaded] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return loaded?.type === 'reload';
}
