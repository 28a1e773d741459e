/** Pictures that are shown to simulated cameras: files, whose code a program of the computer reads. */
export { readCodeInPicture } from './read-code.ts';
export { watchPictures } from './watch-folder.ts';
