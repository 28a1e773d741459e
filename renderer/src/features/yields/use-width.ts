import { onBeforeUnmount, onMounted, ref, type Ref, type ShallowRef } from 'vue';

/** How wide an element is now, in pixels: drawings are made for it, so that their words stay one size. */
export function useWidth(element: Readonly<ShallowRef<HTMLElement | null>>, before = 480): Ref<number> {
  const width = ref(before);
  let observer: ResizeObserver | null = null;
  onMounted(() => {
    observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0) width.value = entry.contentRect.width;
    });
    if (element.value !== null) observer.observe(element.value);
  });
  onBeforeUnmount(() => observer?.disconnect());
  return width;
}
