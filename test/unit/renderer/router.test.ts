import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { hrefOf, parseHash, Router } from '../../../renderer/app/router.ts';

/** As much of a browser's window as the router uses: a change of the hash is told, `pushState` is not. */
class FakeWindow {
  readonly listeners = new Map<string, (event: Event) => void>();
  #hash = '';
  readonly location: { hash: string };
  readonly history = {
    pushState: (_data: unknown, _unused: string, url: string) => {
      this.#hash = url;
    },
  };

  constructor() {
    const read = () => this.#hash;
    const write = (hash: string) => {
      this.#hash = hash;
      this.listeners.get('hashchange')?.(new Event('hashchange'));
    };
    this.location = {
      get hash() {
        return read();
      },
      set hash(hash) {
        write(hash);
      },
    };
  }

  addEventListener(type: string, listener: (event: Event) => void): void {
    this.listeners.set(type, listener);
  }
}

let window: FakeWindow;
let router: Router;

beforeEach(() => {
  window = new FakeWindow();
  router = new Router(window);
});

describe('addresses', () => {
  test('whatever an alert is called, its address leads back to it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (name) => {
        expect(parseHash(hrefOf('alerts', name))).toEqual({ page: 'alerts', rest: [name] });
      }),
    );
  });

  test.each(['', '#', '#/', '#/%'])('“%s” is the beginning', (hash) => {
    expect(parseHash(hash)).toEqual({ page: '', rest: [] });
  });
});

describe('the router', () => {
  test('follows a link', () => {
    router.navigate('log', 'x/y');
    expect(router.route()).toEqual({ page: 'log', rest: ['x/y'] });
  });

  test('holds a way out back while something is unsaved, and goes it when told to', () => {
    router.navigate('alerts');
    router.guard();
    router.navigate('log');
    expect(router.route().page).toBe('alerts');
    expect(window.location.hash).toBe('#/alerts');
    router.heldBack()?.proceed();
    expect(router.route().page).toBe('log');
    expect(router.heldBack()).toBeNull();
  });

  test('stays where it is when told to, and asks again the next time', () => {
    router.navigate('alerts');
    router.guard();
    router.navigate('log');
    router.heldBack()?.stay();
    expect(router.heldBack()).toBeNull();
    expect(window.location.hash).toBe('#/alerts');
    router.navigate('log');
    expect(router.heldBack()).not.toBeNull();
  });

  test('lets go once nothing is unsaved any more', () => {
    const release = router.guard();
    release();
    router.navigate('log');
    expect(router.route().page).toBe('log');
  });

  test('closing the window is asked about only while something is unsaved', () => {
    const leave = () => {
      const event = new Event('beforeunload', { cancelable: true });
      window.listeners.get('beforeunload')?.(event);
      return event.defaultPrevented;
    };
    expect(leave()).toBe(false);
    const release = router.guard();
    expect(leave()).toBe(true);
    release();
    expect(leave()).toBe(false);
  });
});
