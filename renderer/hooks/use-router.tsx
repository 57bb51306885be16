import { createContext, type ReactNode, useContext, useEffect, useSyncExternalStore } from 'react';
import type { HeldBack, Route, Router } from '../app/router.ts';

const RouterContext = createContext<Router | null>(null);

export function RouterProvider({
  router,
  children,
}: {
  readonly router: Router;
  readonly children: ReactNode;
}) {
  return <RouterContext value={router}>{children}</RouterContext>;
}

export function useRouter(): Router {
  const router = useContext(RouterContext);
  if (router === null) throw new Error('There is no RouterProvider around this component');
  return router;
}

/** Where the page is now. */
export function useRoute(): Route {
  const router = useRouter();
  return useSyncExternalStore(router.subscribe, router.route);
}

/** The way out that waits for the user's word, if one does. */
export function useHeldBack(): HeldBack | null {
  const router = useRouter();
  return useSyncExternalStore(router.subscribe, router.heldBack);
}

/**
 * While `isDirty`, asks before anything leads away: links, the back button, closing the window. An editor closes by the
 * function that is returned: `leave(onClose)`.
 */
export function useUnsavedGuard(isDirty: boolean): (run: () => void) => void {
  const router = useRouter();
  useEffect(() => (isDirty ? router.guard() : undefined), [router, isDirty]);
  return (run) => router.leave(run);
}
