/** zod's types name `URL`, which neither plain ECMAScript nor this layer has; its other uses are not reached. */
interface URL {
  readonly href: string;
}
