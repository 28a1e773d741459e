const DAY_MS = 86_400_000;

/**
 * Returns a function that writes a time in ms since 1970 as `Date.toISOString` does. It keeps the last day, which most times of
 * a report have in common.
 */
export function createIsoTimes(): (ms: number) => string {
  let day = Number.NaN;
  let prefix = '';
  return (ms) => {
    const ownDay = Math.floor(ms / DAY_MS);
    if (ownDay !== day) {
      prefix = new Date(ownDay * DAY_MS).toISOString().slice(0, -13);
      day = ownDay;
    }
    const rest = Math.trunc(ms - ownDay * DAY_MS);
    const seconds = Math.floor(rest / 1000);
    const minutes = Math.floor(seconds / 60);
    const time = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}`;
    const milliseconds = rest % 1000;
    return `${prefix}${time}.${milliseconds < 100 ? '0' : ''}${two(milliseconds)}Z`;
  };
}

const two = (number: number): string => (number < 10 ? `0${number}` : String(number));
