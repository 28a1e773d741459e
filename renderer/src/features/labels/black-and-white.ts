/** The longest side of a picture, in its elements: 50 mm at 300 dpi. */
const MAX_SIDE = 600;
const BLACK_BELOW = 128;
/** As the template takes it, bytes. */
export const MAX_PICTURE_BYTES = 65_536;

/**
 * A picture of any kind that the browser shows, SVG included, as a PNG in black and white on white, in base64. `null`: the
 * browser cannot show the file, or the PNG is larger than a template takes.
 */
export async function blackAndWhite(file: File): Promise<string | null> {
  const picture = new Image();
  picture.src = `data:${file.type || 'image/png'};base64,${base64Of(await file.arrayBuffer())}`;
  try {
    await picture.decode();
  } catch {
    return null;
  }
  // An SVG may have no size of its own, and is sharp in any.
  const [width, height] = [picture.naturalWidth || MAX_SIDE, picture.naturalHeight || MAX_SIDE];
  const isDrawing = file.type === 'image/svg+xml';
  const scale = isDrawing
    ? MAX_SIDE / Math.max(width, height)
    : Math.min(1, MAX_SIDE / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext('2d');
  if (context === null) return null;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const elements = context.getImageData(0, 0, canvas.width, canvas.height);
  const { data } = elements;
  for (let at = 0; at < data.length; at += 4) {
    const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
    const value = 0.299 * red + 0.587 * green + 0.114 * blue < BLACK_BELOW ? 0 : 255;
    data.fill(value, at, at + 3);
  }
  context.putImageData(elements, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null || blob.size > MAX_PICTURE_BYTES) return null;
  return base64Of(await blob.arrayBuffer());
}

function base64Of(buffer: ArrayBuffer): string {
  let text = '';
  for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
  return btoa(text);
}
