import { defineStore } from 'pinia';
import { ref } from 'vue';

/** Where the address says we are: `#/batches/b-17` is the place `batches`, in it `b-17`. */
export const useRoute = defineStore('route', () => {
  const place = ref('');
  const inside = ref('');

  function read(): void {
    const [, name = '', rest = ''] = /^#\/([a-z]+)(?:\/(.*))?$/.exec(location.hash) ?? [];
    place.value = name;
    inside.value = decoded(rest);
  }
  window.addEventListener('hashchange', read);
  read();

  const addressOf = (name: string, rest = ''): string =>
    rest === '' ? `#/${name}` : `#/${name}/${encodeURIComponent(rest)}`;
  function go(name: string, rest = ''): void {
    location.hash = addressOf(name, rest);
  }

  return { place, inside, addressOf, go };
});

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
