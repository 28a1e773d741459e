/** A rectangle on the desktop, in device-independent pixels. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A monitor: its number, and the part of it that no task bar covers. */
export interface Monitor {
  readonly id: number;
  readonly workArea: Bounds;
}

/** Where a window was when it was closed. `bounds` are those of the window when it is not maximized. */
export interface WindowState {
  readonly bounds: Bounds;
  readonly isMaximized: boolean;
}

/** The windows of the desktop: the line, and the office beside it. */
export type WindowKind = 'line' | 'office';

export interface DesktopState {
  readonly line: WindowState | null;
  readonly office: WindowState | null;
  /** The office window was open when the program ended. */
  readonly isOfficeOpen: boolean;
}

export const NO_STATE: DesktopState = { line: null, office: null, isOfficeOpen: false };
export const MIN_SIZE = { width: 800, height: 480 };
const FIRST_SIZE = { width: 1280, height: 800 };
/** So much of a window must be on a monitor, or it is placed anew: less cannot be seen or dragged. */
const VISIBLE = { width: 120, height: 40 };

/**
 * Where a window opens. Without a former place, and when its monitor is gone, it opens in the middle of `preferred` (or of
 * the first monitor), maximized; a window that is partly off its monitor or larger than it is moved and shrunk into it.
 *
 * @param monitors the primary one first; at least one
 */
export function placeWindow(
  saved: WindowState | null,
  monitors: readonly Monitor[],
  preferred: Monitor | undefined = monitors[0],
): WindowState {
  const target = preferred?.workArea ?? { x: 0, y: 0, ...FIRST_SIZE };
  if (saved === null) return { bounds: centred(FIRST_SIZE, target), isMaximized: true };
  const monitor = monitorOf(saved.bounds, monitors);
  if (monitor === null) return { bounds: centred(saved.bounds, target), isMaximized: true };
  return { ...saved, bounds: within(saved.bounds, monitor.workArea) };
}

/** The monitor that shows most of these bounds; `null` when none shows enough of them. */
export function monitorOf(bounds: Bounds, monitors: readonly Monitor[]): Monitor | null {
  let best: Monitor | null = null;
  let bestArea = 0;
  for (const monitor of monitors) {
    const { width, height } = overlap(bounds, monitor.workArea);
    if (width < VISIBLE.width || height < VISIBLE.height || width * height <= bestArea) continue;
    best = monitor;
    bestArea = width * height;
  }
  return best;
}

/** The monitor for a second window: one that the first window is not on; `undefined` with one monitor. */
export function otherMonitor(first: Bounds | null, monitors: readonly Monitor[]): Monitor | undefined {
  const taken = first === null ? monitors[0] : (monitorOf(first, monitors) ?? monitors[0]);
  return monitors.find((monitor) => monitor !== taken);
}

/** Reads what `JSON.stringify` has written of a `DesktopState`; anything else is `NO_STATE`. */
export function parseDesktopState(text: string): DesktopState {
  try {
    const read = JSON.parse(text) as Partial<Record<keyof DesktopState, unknown>> | null;
    return {
      line: windowStateOf(read?.line),
      office: windowStateOf(read?.office),
      isOfficeOpen: read?.isOfficeOpen === true,
    };
  } catch {
    return NO_STATE;
  }
}

function windowStateOf(value: unknown): WindowState | null {
  const { bounds, isMaximized } = (value ?? {}) as {
    bounds?: Record<string, unknown>;
    isMaximized?: unknown;
  };
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((key) => bounds?.[key]);
  if (!isWhole(x) || !isWhole(y) || !isWhole(width) || !isWhole(height)) return null;
  if (width < 1 || height < 1) return null;
  return { bounds: { x, y, width, height }, isMaximized: isMaximized === true };
}

/** A number that any desktop may have as a coordinate. */
function isWhole(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(value as number) <= 1_000_000;
}

function overlap(a: Bounds, b: Bounds): { width: number; height: number } {
  return {
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)),
  };
}

function sized({ width, height }: Pick<Bounds, 'width' | 'height'>, area: Bounds) {
  return {
    width: Math.min(Math.max(width, MIN_SIZE.width), area.width),
    height: Math.min(Math.max(height, MIN_SIZE.height), area.height),
  };
}

function centred(size: Pick<Bounds, 'width' | 'height'>, area: Bounds): Bounds {
  const { width, height } = sized(size, area);
  return {
    x: area.x + Math.floor((area.width - width) / 2),
    y: area.y + Math.floor((area.height - height) / 2),
    width,
    height,
  };
}

function within(bounds: Bounds, area: Bounds): Bounds {
  const { width, height } = sized(bounds, area);
  return {
    x: Math.min(Math.max(bounds.x, area.x), area.x + area.width - width),
    y: Math.min(Math.max(bounds.y, area.y), area.y + area.height - height),
    width,
    height,
  };
}
