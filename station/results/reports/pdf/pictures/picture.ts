/** A picture as a PDF has it. */
export interface PdfPicture {
  readonly width: number;
  readonly height: number;
  readonly colours: 'DeviceGray' | 'DeviceRGB' | 'DeviceCMYK';
  readonly filter: 'DCTDecode' | 'FlateDecode';
  /** Coded as `filter` says, with eight bits for each colour of a dot. */
  readonly data: Uint8Array;
  /** Of Exif, 1 … 8: which side of the stored picture is up. */
  readonly orientation: number;
}

/** A picture that cannot be shown. */
export class BadPicture extends Error {
  readonly why: 'damaged' | 'too-large' | 'unsupported';
  constructor(why: BadPicture['why']) {
    super(`the picture is ${why}`);
    this.why = why;
  }
}
