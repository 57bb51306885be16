/** The types of postal-mime name these as types; Node's have them as values only. */
interface TextEncoder {
  readonly encoding: string;
}
interface TextDecoder {
  readonly encoding: string;
}
