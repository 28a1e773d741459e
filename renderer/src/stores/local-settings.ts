/** A few remembered words of this browser. A browser that keeps nothing just forgets them. */
export interface Memory {
  get<T extends string>(key: string, allowed: readonly T[]): T | null;
  set(key: string, value: string): void;
}

export function createLocalSettings(prefix: string): Memory {
  return {
    get(key, allowed) {
      try {
        const value = localStorage.getItem(`${prefix}.${key}`);
        return allowed.find((one) => one === value) ?? null;
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        localStorage.setItem(`${prefix}.${key}`, value);
      } catch {
        // Storage may be switched off or full; the choice then lasts until the page is closed.
      }
    },
  };
}
