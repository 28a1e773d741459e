/**
 * A command line for cmd.exe. On Windows the commands of npm and of packages are scripts (`npm.cmd`), which only a shell
 * starts, and Node puts file and arguments into a shell's line without quotes: a folder with a blank would end the name.
 *
 * @param {string} file
 * @param {readonly string[]} args
 */
export function windowsCommandLine(file, args) {
  return [file, ...args].map(quotedForCmd).join(' ');
}

/**
 * In quotes cmd.exe takes all characters as they are, except `%` and `"`. No argument of this project has one of these.
 *
 * @param {string} text
 */
function quotedForCmd(text) {
  if (/^[\w.:\\/+@=,-]+$/.test(text)) return text;
  if (/["%\r\n]/.test(text)) throw new Error(`gongwei: cmd.exe cannot be given the argument ${text}`);
  // A backslash before the closing quote would escape it for the program.
  return `"${text.replace(/\\+$/, (slashes) => slashes + slashes)}"`;
}
