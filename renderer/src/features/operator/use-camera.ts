import { onBeforeUnmount, onMounted, type ShallowRef, shallowRef } from 'vue';

/** Wide enough for the print of a plate; a camera that has less gives what it has. */
const WANTED = { width: { ideal: 1920 }, height: { ideal: 1080 }, facingMode: 'environment' } as const;
const JPEG_QUALITY = 0.92;

export interface Camera {
  /** `null` while it starts, and when there is none. */
  readonly stream: ShallowRef<MediaStream | null>;
  /** True when there is none, or the page may not use it. */
  readonly isMissing: ShallowRef<boolean>;
}

/** The camera of the computer, from the mounting of the component to its end. */
export function useCamera(): Camera {
  const stream = shallowRef<MediaStream | null>(null);
  const isMissing = shallowRef(false);
  let isGone = false;
  const stop = (open: MediaStream | null): void => open?.getTracks().forEach((track) => track.stop());

  onMounted(async () => {
    try {
      // Without a secure address a browser has no camera for pages.
      const { mediaDevices } = navigator as { readonly mediaDevices?: MediaDevices };
      if (mediaDevices === undefined) throw new Error('no camera');
      const open = await mediaDevices.getUserMedia({ video: WANTED, audio: false });
      if (isGone) return stop(open);
      stream.value = open;
      // Unplugged.
      open.getVideoTracks()[0]?.addEventListener('ended', () => {
        stream.value = null;
        isMissing.value = true;
      });
    } catch {
      isMissing.value = true;
    }
  });
  onBeforeUnmount(() => {
    isGone = true;
    stop(stream.value);
  });
  return { stream, isMissing };
}

/** The present picture of a video as a JPEG; `null` before its first picture. */
export async function takePicture(video: HTMLVideoElement): Promise<File | null> {
  const { videoWidth: width, videoHeight: height } = video;
  if (width === 0 || height === 0) return null;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY),
  );
  return blob === null ? null : new File([blob], 'photo.jpg', { type: 'image/jpeg' });
}
