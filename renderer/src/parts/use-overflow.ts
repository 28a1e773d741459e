import { useResizeObserver } from '@vueuse/core';
import { onMounted, onUpdated, ref, type Ref, type ShallowRef } from 'vue';

/** Whether an element has more content than it shows. Its component is updated when the content changes. */
export function useOverflow(element: Readonly<ShallowRef<HTMLElement | null>>): Readonly<Ref<boolean>> {
  const overflows = ref(false);
  function measure(): void {
    const { value } = element;
    if (value === null) return;
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = value;
    overflows.value = scrollWidth > clientWidth || scrollHeight > clientHeight;
  }
  useResizeObserver(element, measure);
  onMounted(measure);
  onUpdated(measure);
  return overflows;
}
