/** What to show of a call that failed: its sentence. */
export function failureText(error: unknown): string {
  return error instanceof Error && error.message !== ''
    ? error.message
    : 'Tocsin could not carry this out and did not say why. Its log says more.';
}
