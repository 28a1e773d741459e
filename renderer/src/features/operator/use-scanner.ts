import { onBeforeUnmount, onMounted, type Ref, watch } from 'vue';
import { listenToScanner, type Scanner } from '../../services/scanner/index.ts';
import { useDesk } from './use-operator.ts';

/** This document has shown the page before, and others between. */
let heardElsewhere = false;

/** Keeps the scanner's field listening for as long as the page is up. */
export function useScanner(field: Readonly<Ref<HTMLElement | null>>): void {
  const desk = useDesk();
  let scanner: Scanner | null = null;
  onMounted(() => {
    if (field.value === null) return;
    scanner = listenToScanner({
      window,
      field: field.value,
      maybeInScan: heardElsewhere || isReloaded(),
      digits: () => desk.loneKeys.digits,
      letters: () => desk.loneKeys.letters,
      onText: (text) => (desk.typed = text),
      written: () => desk.written,
      onWritten(text, field) {
        const { promptId } = field.dataset;
        if (promptId !== undefined) desk.drafts[promptId] = text;
      },
      onEffect: (effect) => desk.hear(effect),
      onCapsLock: (on) => (desk.capsLock = on),
    });
    heardElsewhere = true;
  });
  watch(
    () => desk.written,
    () => scanner?.follow(),
    { flush: 'post' },
  );
  onBeforeUnmount(() => scanner?.close());
}

function isReloaded(): boolean {
  const [loaded] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return loaded?.type === 'reload';
}
