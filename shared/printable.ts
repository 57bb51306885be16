/**
 * Control characters (ASCII and ISO 6429), and marks that turn the reading direction (UAX 9). A terminal does what they
 * say, and server replies, file names and names of processes are words of strangers. Tab and line feed stay.
 */
const COMMANDS_TO_TERMINALS =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text for people: what would be a command to their terminal stands as a replacement character. */
export function printable(text: string): string {
  return text.replace(COMMANDS_TO_TERMINALS, '\ufffd');
}

/** JSON for programs, saying the same: such characters can only stand inside its strings, and are escaped there. */
export function printableJson(json: string): string {
  return json.replace(COMMANDS_TO_TERMINALS, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
