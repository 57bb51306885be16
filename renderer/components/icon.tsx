/** The few pictures of controls, on a 16 px grid, in the colour of the text around them. Always beside a name. */
const PATHS = {
  more: 'M3.5 6.8a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4zm4.5 0a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4zm4.5 0a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4z',
  close: 'M4.2 3.3 8 7.1l3.8-3.8.9.9L8.9 8l3.8 3.8-.9.9L8 8.9l-3.8 3.8-.9-.9L7.1 8 3.3 4.2z',
  down: 'M3.3 5.7 8 10.4l4.7-4.7.9.9L8 12.2 2.4 6.6z',
  up: 'M3.3 11.3 8 6.6l4.7 4.7.9-.9L8 4.8 2.4 10.4z',
  plus: 'M7.3 2.5h1.4v4.8h4.8v1.4H8.7v4.8H7.3V8.7H2.5V7.3h4.8z',
  minus: 'M2.5 7.3h11v1.4h-11z',
  check: 'M6.4 12.3 2.3 8.2l1-1 3.1 3.2 6.3-6.3 1 .9z',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={PATHS[name]} fill="currentColor" />
    </svg>
  );
}
