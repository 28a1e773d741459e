import { onMounted, watch } from 'vue';
import { useCursorPages } from '#services/client/index.ts';
import { usePresence } from '#services/presence/index.ts';

/** The pages of a list, read when the component is mounted and again when `version` changes. */
export function useFreshPages<Row>(
  load: Parameters<typeof useCursorPages<Row>>[0],
  version: () => unknown,
): ReturnType<typeof useCursorPages<Row>> {
  const presence = usePresence();
  const pages = useCursorPages<Row>(load);
  onMounted(pages.reload);
  // Repeated calls of an unattended page must not extend its session.
  watch(version, () => presence.whenPresent(() => void pages.reload()));
  return pages;
}
