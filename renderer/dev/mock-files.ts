import type { FileTransfer } from '../src/services/files/index.ts';
import { wait } from './answers/wait.ts';

/** Files that are sent nowhere, at the pace of a slow disk. */
export class MockFiles implements FileTransfer {
  /** In the order of their ids: `drop-1`, `drop-2`, … */
  readonly sent: File[] = [];
  /** The names of the files that the page downloaded. */
  readonly fetched: string[] = [];

  async send(
    file: File,
    onProgress: (bytes: number) => void,
    signal: AbortSignal,
  ): ReturnType<FileTransfer['send']> {
    for (const share of [0.3, 0.7, 1]) {
      await wait(20, signal);
      onProgress(Math.round(file.size * share));
    }
    this.sent.push(file);
    return { fileId: `drop-${this.sent.length}`, name: file.name };
  }

  /** A drawing of a plate, whatever is asked for. */
  async read(): Promise<Blob> {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [640, 480];
    const context = canvas.getContext('2d');
    if (context !== null) {
      context.fillStyle = '#9fb4c7';
      context.fillRect(0, 0, 640, 480);
      context.fillStyle = '#1d2b38';
      context.fillRect(120, 140, 400, 200);
      context.fillStyle = '#fff';
      context.font = '48px sans-serif';
      context.fillText('SN2611200001', 150, 255);
    }
    return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? new Blob())));
  }

  fetch(_: unknown, name: string): Promise<void> {
    this.fetched.push(name);
    return Promise.resolve();
  }
}
